-- Documents, and the chunks that are searched. Every key begins with the tenant.

CREATE EXTENSION IF NOT EXISTS vector WITH SCHEMA public;
CREATE EXTENSION IF NOT EXISTS unaccent WITH SCHEMA public;

DO $$
BEGIN
    -- Iterative scans, without which a filtered search finds too little, came with 0.8.
    IF (SELECT string_to_array(extversion, '.')::int[] < '{0,8,0}' FROM pg_extension WHERE extname = 'vector') THEN
        RAISE EXCEPTION 'pgvector % is installed, 0.8.0 or newer is needed: choose a newer minor version of PostgreSQL',
            (SELECT extversion FROM pg_extension WHERE extname = 'vector');
    END IF;
END
$$;

-- "pho Ha Noi" finds "phở Hà Nội": accents go first, then English endings.
CREATE TEXT SEARCH CONFIGURATION app.content (COPY = pg_catalog.english);
ALTER TEXT SEARCH CONFIGURATION app.content
    ALTER MAPPING FOR hword, hword_part, word WITH public.unaccent, english_stem;

CREATE TABLE app.documents (
    tenant       text        NOT NULL,
    id           text        NOT NULL,
    title        text        NOT NULL,
    source_uri   text,
    metadata     jsonb       NOT NULL,
    content_hash bytea       NOT NULL,
    chunk_count  integer     NOT NULL,
    created_at   timestamptz NOT NULL DEFAULT now(),
    updated_at   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant, id)
);

CREATE TABLE app.chunks (
    tenant          text          NOT NULL,
    document_id     text          NOT NULL,
    -- Of the text that was embedded and the model that embedded it: what is the same is kept.
    content_hash    bytea         NOT NULL,
    position        integer       NOT NULL,
    title           text          NOT NULL,
    content         text          NOT NULL,
    embedding_model text          NOT NULL,
    embedding       halfvec(1024) NOT NULL,
    search          tsvector      NOT NULL
        GENERATED ALWAYS AS (
            setweight(to_tsvector('app.content', title), 'A')
            || setweight(to_tsvector('app.content', content), 'B')
        ) STORED,
    PRIMARY KEY (tenant, document_id, content_hash),
    FOREIGN KEY (tenant, document_id) REFERENCES app.documents (tenant, id) ON DELETE CASCADE
);

-- Out of line and as it is: numbers don't compress, and a scan by words need not read them.
ALTER TABLE app.chunks ALTER COLUMN embedding SET STORAGE EXTERNAL;
-- Ranking reads this of every match.
ALTER TABLE app.chunks ALTER COLUMN search SET STORAGE MAIN;

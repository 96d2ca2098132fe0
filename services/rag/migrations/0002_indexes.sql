-- A halfvec index is a third of a vector index's size at the same recall.
CREATE INDEX chunks_embedding ON app.chunks USING hnsw (embedding halfvec_cosine_ops);
CREATE INDEX chunks_search ON app.chunks USING gin (search);

-- Lists are paged in this order.
CREATE INDEX documents_newest ON app.documents (tenant, created_at DESC, id DESC);
CREATE INDEX documents_metadata ON app.documents USING gin (metadata jsonb_path_ops);

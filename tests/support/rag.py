"""The service on a test server: a database as a deployment leaves it, models that cost nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import psycopg

from emulator.models.extractive import ExtractiveAnswerer
from emulator.models.hashing import HashingEmbedder
from emulator.postgres import Server
from services.rag import app, migration_files, migration_runner
from services.rag.connections import Connections
from services.rag.contract import ApiSettings
from services.rag.deadline import Deadline
from services.rag.health import HealthCheck
from services.rag.migrate import MIGRATIONS
from services.rag.models import Answer, Embeddings, Passage
from services.rag.provision import provision
from services.rag.secrets import Credentials
from services.rag.service import Service

ROLE = "rag_api"
_TEMPLATE = "rag_template"


class CountingEmbedder:
    """The deterministic embedder, which notes what it embeds and fails when it is told to."""

    model_id = "hashing"
    dimension = 1024

    def __init__(self) -> None:
        self._hashing = HashingEmbedder(dimension=self.dimension)
        self.embedded: list[str] = []
        self.asked: list[str] = []
        self.error: Exception | None = None

    def embed_documents(self, texts: Sequence[str], *, deadline: Deadline) -> Embeddings:
        if self.error:
            raise self.error
        self.embedded += texts
        return self._hashing.embed_documents(texts, deadline=deadline)

    def embed_query(self, text: str, *, deadline: Deadline) -> Embeddings:
        if self.error:
            raise self.error
        self.asked.append(text)
        return self._hashing.embed_query(text, deadline=deadline)


class CountingAnswerer:
    """The deterministic answerer, which notes what it reads and answers as it is told to."""

    model_id = "extractive"

    def __init__(self) -> None:
        self._extractive = ExtractiveAnswerer()
        self.read: list[Sequence[Passage]] = []
        self.says: Answer | Exception | None = None

    def answer(
        self, question: str, passages: Sequence[Passage], *, max_tokens: int, deadline: Deadline
    ) -> Answer:
        self.read.append(passages)
        if isinstance(self.says, Exception):
            raise self.says
        return self.says or self._extractive.answer(
            question, passages, max_tokens=max_tokens, deadline=deadline
        )


@dataclass(frozen=True, kw_only=True)
class Answered:
    """What the handler returned.

    Attributes:
        status: the HTTP status.
        headers: by lower-case name.
        body: parsed; None if there is none.
    """

    status: int
    headers: dict[str, str]
    body: Any


@dataclass(kw_only=True)
class Api:
    """The service with a database of its own.

    Attributes:
        server: where the database is.
        database: its name.
        embedder: counts.
        answerer: counts.
        connections: of the service.
        settings: of the service.
    """

    server: Server
    database: str
    settings: ApiSettings
    connections: Connections
    embedder: CountingEmbedder = field(default_factory=CountingEmbedder)
    answerer: CountingAnswerer = field(default_factory=CountingAnswerer)

    def service(self) -> Service:
        """What ``app.service`` returns while the test runs."""
        return Service(
            settings=self.settings,
            connections=self.connections,
            embedder=self.embedder,
            answerer=self.answerer,
            health=HealthCheck(
                self.connections, ("127.0.0.1", self.server.port), timeout_seconds=2
            ),
        )

    def call(
        self,
        route: str,
        body: Any = None,
        *,
        raw: str | None = None,
        path: dict[str, str] | None = None,
        query: dict[str, str] | None = None,
        claims: dict[str, Any] | None = None,
        context: object = None,
        **event: Any,
    ) -> Answered:
        """Send one request through the handler, as API Gateway would."""
        request: dict[str, Any] = {"requestId": "request-1", "stage": "$default"}
        if claims is not None:
            request["authorizer"] = {"jwt": {"claims": claims, "scopes": None}}
        response = app.handler(
            {
                "version": "2.0",
                "routeKey": route,
                "requestContext": request,
                "headers": {"content-type": "application/json"},
                "pathParameters": path,
                "queryStringParameters": query,
                "body": raw if raw is not None else json.dumps(body),
                "isBase64Encoded": False,
                **event,
            },
            context,
        )
        text = response["body"]
        return Answered(
            status=response["statusCode"],
            headers=response["headers"],
            body=json.loads(text) if text else None,
        )

    def store(self, *documents: dict[str, Any], **options: Any) -> list[dict[str, Any]]:
        """Store documents; returns what became of each."""
        answered = self.call("POST /documents", {"documents": list(documents)}, **options)
        assert answered.status == 200, answered.body
        stored: list[dict[str, Any]] = answered.body["documents"]
        return stored

    def search(self, text: str, **wanted: Any) -> list[dict[str, Any]]:
        """Search; returns the results."""
        answered = self.call("POST /search", {"query": text, **wanted})
        assert answered.status == 200, answered.body
        results: list[dict[str, Any]] = answered.body["results"]
        return results

    def rows(self, query: str, *parameters: Any) -> list[tuple[Any, ...]]:
        """Look into the database as superuser."""
        with self.server.connect(dbname=self.database) as admin:
            return admin.execute(query.encode(), parameters).fetchall()

    def sessions(self) -> int:
        """How many connections the service has."""
        query = "SELECT count(*) FROM pg_stat_activity WHERE usename = %s AND datname = %s"
        return int(self.rows(query, ROLE, self.database)[0][0])


def connect(server: Server, database: str, seconds: float = 5) -> psycopg.Connection[Any]:
    """Connect as the application's role, as services.rag.database does."""
    return server.connect(
        user=ROLE,
        dbname=database,
        password="secret",
        connect_timeout=max(2, round(seconds)),
        prepare_threshold=None,
    )


def make_template(server: Server) -> None:
    """Make the database that every test gets a copy of, as a deployment leaves it."""
    with server.connect() as admin:
        admin.execute(f"CREATE DATABASE {_TEMPLATE}")
    with server.connect(dbname=_TEMPLATE) as owner:
        migration_runner.migrate(owner, migration_files.read(MIGRATIONS), verify=lambda _: None)
        provision(owner, Credentials(username=ROLE, password="secret"), grant_rds_iam=False)


@contextmanager
def new_api(server: Server, name: str, **settings: Any) -> Iterator[Api]:
    """Give a service with an empty database.

    Args:
        server: where; ``make_template`` was called.
        name: of the database.
        settings: to change in the service's.
    """
    values: dict[str, Any] = {
        "region": "ap-southeast-1",
        "answer_model_id": "extractive",
        "embedding_model_id": "hashing",
        "embedding_dimension": 1024,
        "answer_max_tokens": 200,
        "tenant": "default",
        "minimum_similarity": 0.2,
    }
    with server.connect() as admin:
        admin.execute(f"CREATE DATABASE {name} TEMPLATE {_TEMPLATE} STRATEGY file_copy")
        api = Api(
            server=server,
            database=name,
            settings=ApiSettings(**{**values, **settings}),
            connections=Connections(lambda seconds: connect(server, name, seconds)),
        )
        try:
            yield api
        finally:
            idle = api.connections.take()
            if idle is not None:
                idle.close()
            admin.execute(f"DROP DATABASE {name} WITH (FORCE)")

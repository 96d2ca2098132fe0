"""What the handler adds to a request: everything but the database and the models.

It runs against a real PostgreSQL, and the time that its connection waits for the server, sending
and receiving included, is taken off. The models are stand-ins that cost nothing. The process has
Lambda's variables, so that logs, metrics and traces cost what they cost there.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Generator, Sequence
from pathlib import Path
from statistics import median
from typing import Any
from unittest.mock import patch

import psycopg

from benchmarks import databases, rag_database
from benchmarks.table import Measurement, Promise
from benchmarks.vectors_data import DIMENSION
from services.rag import app
from services.rag.connections import Connections
from services.rag.contract import ApiSettings
from services.rag.deadline import Deadline
from services.rag.health import HealthCheck
from services.rag.models import Answer, Embeddings, Passage, Usage
from services.rag.service import Service

_ROOT = Path(__file__).resolve().parents[1]
_RUNS, _WARM_UP = 200, 20
_CHUNK = "Beef bones simmer for hours with star anise and charred ginger. " * 18
_CHUNKS_OF_DOCUMENT = 5

_LAMBDA = {
    "AWS_LAMBDA_FUNCTION_NAME": "rag",
    "AWS_REGION": "ap-southeast-1",
    "LAMBDA_TASK_ROOT": str(_ROOT),
    # Sampled, so that segments are made and sent. Nobody listens; they are single packets.
    "_X_AMZN_TRACE_ID": "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1",
    "AWS_XRAY_DAEMON_ADDRESS": "127.0.0.1:2000",
}

_SETTINGS = ApiSettings(
    region="ap-southeast-1",
    answer_model_id="none",
    embedding_model_id="none",
    embedding_dimension=DIMENSION,
    answer_max_tokens=800,
    minimum_similarity=0.3,
    tenant="benchmark",
)


class _Connection(psycopg.Connection[tuple[Any, ...]]):
    """Adds up how long it waits for the server."""

    waited = 0.0

    def wait(self, gen: Generator[Any, Any, Any], *arguments: Any, **options: Any) -> Any:
        started = time.perf_counter()
        try:
            return super().wait(gen, *arguments, **options)
        finally:
            _Connection.waited += time.perf_counter() - started


class _Models:
    """An embedder and an answerer that cost nothing."""

    model_id = "none"
    dimension = DIMENSION
    _vector = (1.0, *[0.001] * (DIMENSION - 1))

    def embed_documents(self, texts: Sequence[str], *, deadline: Deadline) -> Embeddings:  # noqa: ARG002
        return Embeddings(vectors=[self._vector] * len(texts), usage=Usage(input_tokens=1))

    def embed_query(self, text: str, *, deadline: Deadline) -> Embeddings:
        return self.embed_documents([text], deadline=deadline)

    def answer(
        self,
        question: str,  # noqa: ARG002
        passages: Sequence[Passage],  # noqa: ARG002
        *,
        max_tokens: int,  # noqa: ARG002
        deadline: Deadline,  # noqa: ARG002
    ) -> Answer:
        usage = Usage(input_tokens=1, output_tokens=1)
        return Answer(text="Hours. [1]", found=True, cited=(1,), stop="end", usage=usage)


def measure() -> Measurement:
    """Measure in a process of its own, whose log goes nowhere."""
    with tempfile.TemporaryDirectory() as folder:
        result = Path(folder) / "result.json"
        subprocess.run(
            [sys.executable, "-m", "benchmarks.overhead", result],
            cwd=_ROOT,
            env={**os.environ, **_LAMBDA},
            stdout=subprocess.DEVNULL,
            check=True,
        )
        found: dict[str, tuple[float, float]] = json.loads(result.read_text())
    worst = max(own for own, _ in found.values())
    return Measurement(
        name="handler, without database and models",
        rows=[
            (route, f"p50 {own:.2f} ms (database {waited:.2f} ms)", own / worst)
            for route, (own, waited) in found.items()
        ],
        notes=[
            f"median of {_RUNS} requests each",
            f"a document has {_CHUNKS_OF_DOCUMENT} chunks, a search returns 10, a model reads 6",
            "ratio: to the slowest",
        ],
        promises=[Promise("handler's own p50, ms, slowest route", worst, at_most=3)],
    )


def _run(result: Path) -> None:
    with databases.running() as server:
        database = rag_database.RagDatabase(server, "overhead")

        def connect(seconds: float) -> psycopg.Connection[tuple[Any, ...]]:  # noqa: ARG001
            return _Connection.connect(
                database.connection.info.dsn,
                password=database.connection.info.password,
                autocommit=True,
                prepare_threshold=None,
            )

        connections = Connections(connect)
        models = _Models()
        service = Service(
            settings=_SETTINGS,
            connections=connections,
            embedder=models,
            answerer=models,
            health=HealthCheck(connections, ("127.0.0.1", server.port), timeout_seconds=1),
        )
        with patch.object(app, "service", lambda: service):
            found = {route: _percentiles(route) for route in _BODIES}
    result.write_text(json.dumps(found))


def _percentiles(route: str) -> tuple[float, float]:
    """Return medians of the handler's own time and of the database's, milliseconds."""
    own, waits = [], []
    for number in range(_WARM_UP + _RUNS):
        body = json.dumps(_BODIES[route](number))
        before, started = _Connection.waited, time.perf_counter()
        response = app.handler(_event(route, body), None)
        seconds, waited = time.perf_counter() - started, _Connection.waited - before
        if response["statusCode"] != 200:
            raise AssertionError(f"{route}: {response['body']}")
        own.append((seconds - waited) * 1000)
        waits.append(waited * 1000)
    return median(own[_WARM_UP:]), median(waits[_WARM_UP:])


def _document(number: int) -> dict[str, Any]:
    paragraphs = [f"{number}.{place} {_CHUNK}" for place in range(_CHUNKS_OF_DOCUMENT)]
    return {"id": f"pho-{number}", "title": "Phở", "text": "\n\n".join(paragraphs)}


# Documents first: the others find them.
_BODIES: dict[str, Callable[[int], dict[str, Any]]] = {
    "POST /documents": _document,
    "POST /search": lambda number: {"query": f"how long do beef bones simmer {number}"},
    "POST /query": lambda number: {"question": f"how long do beef bones simmer {number}"},
}


def _event(route: str, body: str) -> dict[str, Any]:
    return {
        "version": "2.0",
        "routeKey": route,
        "requestContext": {"requestId": "benchmark", "stage": "$default"},
        "headers": {"content-type": "application/json"},
        "body": body,
        "isBase64Encoded": False,
    }


if __name__ == "__main__":
    _run(Path(sys.argv[1]))

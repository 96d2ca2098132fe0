"""Everything that the API does, through a stand-in for RDS Proxy: TLS, IAM, and nothing that pins."""

from __future__ import annotations

import boto3
import pytest

from emulator.identity import variables
from emulator.rds_proxy import proxy
from services.rag import app
from services.rag.connections import Connections
from services.rag.contract import DatabaseSettings
from services.rag.contract.variables import load
from services.rag.database import connect, rds_client
from services.rag.deadline import Deadline
from tests.support.rag import ROLE, Api

HOST = "proxy.example.com"
ACCOUNT = "123456789012"
REGION = "ap-southeast-1"


def exercise(api: Api) -> None:
    document = {"id": "a", "title": "Phở", "text": "Noodle soup. " * 400, "metadata": {"n": 1}}
    for text in (document["text"], "Noodle soup with beef.", "Noodle soup with beef."):
        api.store({**document, "text": text}, {**document, "id": "b"})
    api.search("noodle soup", filter={"metadata": {"n": 1}, "document_ids": ["a", "b"]})
    assert api.call("POST /query", {"question": "noodle soup with beef"}).body["answered"]
    assert api.call("GET /documents", query={"limit": "1", "title": "ph"}).body["next"]
    assert api.call("GET /documents/{id}", path={"id": "a"}).status == 200
    assert api.call("DELETE /documents/{id}", path={"id": "a"}).status == 204
    assert api.call("GET /health").status == 200


def test_nothing_that_a_request_sends_pins_the_proxy(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    with proxy(
        api.server, host=HOST, credentials={ROLE: "secret"}, account_id=ACCOUNT, region=REGION
    ) as front:
        environment = {
            **variables("http://127.0.0.1:1", ACCOUNT, REGION),
            **front.environment,
            "DATABASE_HOST": HOST,
            "DATABASE_NAME": api.database,
            "DATABASE_USER": ROLE,
        }
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        # boto3's default session keeps the credentials that an earlier test gave it.
        monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)
        rds_client.cache_clear()
        loaded = load(DatabaseSettings, environment)
        assert (loaded.auth, loaded.sslmode) == ("iam", "verify-full")
        api.connections = Connections(lambda seconds: connect(loaded, timeout_seconds=seconds))
        service = api.service()
        monkeypatch.setattr(app, "service", lambda: service)
        exercise(api)
        assert front.pinned == []
        with api.connections.use(Deadline.after(5)) as connection:
            connection.execute("SET search_path = app")
        assert [pin.reason for pin in front.pinned] == ["SET"], "the stand-in sees what pins"
        idle = api.connections.take()
        assert idle is not None
        idle.close()
    rds_client.cache_clear()

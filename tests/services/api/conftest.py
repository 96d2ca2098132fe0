"""A service with a database of its own for each test."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

import pytest

from emulator.postgres import Server
from services.rag import app
from tests.support.rag import Api, make_template, new_api

_NUMBERS = count(1)


@pytest.fixture(scope="session")
def template(server: Server) -> Server:
    make_template(server)
    return server


@pytest.fixture
def api(template: Server, monkeypatch: pytest.MonkeyPatch) -> Iterator[Api]:
    with new_api(template, f"api_{next(_NUMBERS)}") as made:
        service = made.service()
        monkeypatch.setattr(app, "service", lambda: service)
        yield made


@pytest.fixture
def shared_api(template: Server, monkeypatch: pytest.MonkeyPatch) -> Iterator[Api]:
    """With tenants that come from a claim."""
    name = f"shared_{next(_NUMBERS)}"
    with new_api(template, name, tenant=None, tenant_claim="tenant") as made:
        service = made.service()
        monkeypatch.setattr(app, "service", lambda: service)
        yield made

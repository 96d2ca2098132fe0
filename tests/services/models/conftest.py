"""What stands for Amazon Bedrock."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from services.rag.models import clients
from tests.support.model_endpoint import ModelEndpoint, running


@pytest.fixture
def endpoint(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModelEndpoint]:
    with running(monkeypatch) as endpoint:
        # Made before any deadline runs, however busy the machine.
        for seconds in (0.5, 1, 2, 3, 5, 8, 13, 21):
            clients.client("ap-southeast-1", seconds)
        yield endpoint

"""An emulator, and an account of each test's own on it."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

import boto3
import pytest

from emulator import control
from modules.naming import Naming
from tests.backend.support import REGION


@pytest.fixture(scope="module")
def emulator() -> Iterator[control.Emulator]:
    with control.ephemeral() as running:
        yield running


@pytest.fixture
def naming(
    emulator: control.Emulator, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> Naming:
    """Names in an account of this test's own, whose credentials are in force."""
    account = f"{zlib.crc32(request.node.name.encode()):012d}"
    for name, value in control.environment(emulator, account, REGION).items():
        monkeypatch.setenv(name, value)
    for name in control.UNSET:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)  # it keeps the last test's credentials
    return Naming(project="mapvibe", environment="dev", account_id=account, region=REGION)

"""An emulator whose functions write down what they get."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from emulator import control
from emulator.control import Emulator
from tests.emulator.conftest import Aws, clients

_HANDLER = """
import json, os
from pathlib import Path

def handler(event, context):
    folder = Path(os.environ["FOLDER"])
    with (folder / "events").open("a") as events:
        events.write(json.dumps({"id": context.aws_request_id, "event": event}) + "\\n")
    left = folder / "failures"
    if left.exists() and int(left.read_text()):
        left.write_text(str(int(left.read_text()) - 1))
        raise ValueError("not today")
"""


@pytest.fixture(scope="module")
def emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    """An emulator with one handler, `tiny.app.handler`."""
    package = tmp_path_factory.mktemp("services") / "tiny"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "app.py").write_text(_HANDLER)
    with control.ephemeral(package.parent) as running:
        yield running


@pytest.fixture
def aws(emulator: Emulator, account_id: str) -> Aws:
    """Clients of an account of the test's own."""
    return clients(emulator, account_id, "eu-west-1")

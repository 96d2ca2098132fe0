"""What a person is told about mistakes in the settings, as loading tells it."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from environments.errors import explain
from environments.rules import broken_rules
from tests.support.stacks import settings


def lines_for(name: str, changes: dict[str, Any]) -> list[str]:
    """The lines that loading an environment with these changes ends with.

    Args:
        name: ``dev`` or ``prod``.
        changes: as ``settings`` takes them.
    """
    where = f"environments/{name}.py"
    try:
        environment = settings(name, **changes)
    except ValidationError as error:
        return str(explain(error, where=where)).splitlines()
    return [f"{where}: {line}" for line in broken_rules(environment)]


def assert_told(name: str, changes: dict[str, Any], beginning: str, remedy: str) -> None:
    """One line names the field with its value, and the remedy."""
    lines = lines_for(name, changes)
    matching = [line for line in lines if line.startswith(f"environments/{name}.py: {beginning}")]
    if len(matching) != 1:
        pytest.fail(f"no single line begins with {beginning!r}: {lines}")
    assert remedy in matching[0]

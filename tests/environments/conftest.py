"""A further environment, as somebody adds one."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from environments import load

Add = Callable[[str, str | None], None]


@pytest.fixture
def add(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Add]:
    """Adds an environment: its name to ``NAMES``, and its file of values if there is one."""
    folder = tmp_path / "environments"
    folder.mkdir()
    package = importlib.import_module("environments")
    monkeypatch.setattr(package, "__path__", [str(folder), *package.__path__])
    monkeypatch.setattr("environments.errors.ROOT", tmp_path)
    added = []

    def add(name: str, text: str | None) -> None:
        added.append(name)
        monkeypatch.setattr(load, "NAMES", (load.NAMES[0], name, *load.NAMES[1:]))
        if text is not None:
            (folder / f"{name}.py").write_text(text)
        importlib.invalidate_caches()

    yield add
    for name in added:
        sys.modules.pop(f"environments.{name}", None)
        vars(package).pop(name, None)

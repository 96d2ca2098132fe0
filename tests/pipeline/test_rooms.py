"""Who may import whom: the rooms of ``pipeline/`` are joined by its commands only."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PIPELINE = ROOT / "pipeline"

ALLOWED: dict[str, set[str]] = {
    "errors": set(),
    "plan": {"errors", "report.model"},
    "cost": {"errors", "plan"},
    "judge": {"plan", "report.model"},
    "report": {"errors", "plan", "cost"},
    "gitlab": {"errors", "report.model"},
    "release": {"errors", "plan"},
    "commands": {"errors", "plan", "cost", "judge", "report", "gitlab", "release"},
    "__main__": {"errors", "plan", "commands"},
}
"""Room to the rooms, or single modules of them, that it imports beside its own."""

OUTSIDE = {"release": {"toolchain"}}
"""Room to the project's packages that it imports from outside ``pipeline/``: to run Terraform."""

PROJECT = {
    path.name for path in ROOT.iterdir() if (path / "__init__.py").exists() and path != PIPELINE
} | {path.stem for path in ROOT.glob("*.py")}


def modules() -> Iterator[tuple[str, Path]]:
    """Each room, with the files in it."""
    for path in sorted(PIPELINE.rglob("*.py")):
        first = path.relative_to(PIPELINE).parts[0].removesuffix(".py")
        if first != "__init__":
            yield first, path


def imported(path: Path) -> Iterator[str]:
    """Whole names of what a file imports, wherever the import stands."""
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def within(name: str, allowed: set[str]) -> bool:
    return any(name == each or name.startswith(f"{each}.") for each in allowed)


def test_the_table_names_every_room() -> None:
    assert {room for room, _ in modules()} == set(ALLOWED)
    assert {
        "modules",
        "environments",
        "backend",
        "services",
        "tests",
        "local",
        "emulator",
    } <= PROJECT


@pytest.mark.parametrize("room", ALLOWED)
def test_a_room_imports_what_the_table_says(room: str) -> None:
    strangers = [
        f"{path.relative_to(ROOT)}: {name}"
        for found, path in modules()
        if found == room
        for name in imported(path)
        if name.startswith("pipeline.")
        and not within(name.removeprefix("pipeline."), {room, *ALLOWED[room]})
    ]
    assert strangers == []


@pytest.mark.parametrize("room", ALLOWED)
def test_the_table_allows_nothing_that_a_room_does_not_need(room: str) -> None:
    used = {name for found, path in modules() if found == room for name in imported(path)}
    if room == "__main__":  # it finds the commands by their names
        used.add("pipeline.commands")
    idle = {
        each
        for each in ALLOWED[room]
        if not any(within(name, {f"pipeline.{each}"}) for name in used)
    }
    assert idle == set()


@pytest.mark.parametrize("room", ALLOWED)
def test_a_room_imports_nothing_else_of_the_project(room: str) -> None:
    strangers = {
        f"{path.relative_to(ROOT)}: {name}"
        for found, path in modules()
        if found == room
        for name in imported(path)
        if name.split(".")[0] in PROJECT - OUTSIDE.get(room, set())
    }
    assert strangers == set()

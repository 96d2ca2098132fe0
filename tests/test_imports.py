"""Who may import whom, for the whole repository; and no module imports itself by way of others."""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

ALLOWED: dict[str, set[str]] = {
    # What is synthesised: values → stacks → modules.
    "main": {"bindings", "environments", "stacks"},
    "environments": {"bindings", "stacks", "backend", "modules"},
    "stacks": {"bindings", "modules"},
    "stacks.base": {"backend", "modules", "stacks"},
    "stacks.rag": {
        "modules",
        "stacks",
        # The one list of prices, for what models cost an hour.
        "pipeline.cost.catalogue",
        "services.dependencies",
        "services.notifier.contract",
        "services.package",
        "services.rag.contract",
    },
    # The one list of limits, for what may be spent.
    "stacks.governance": {"modules", "stacks", "pipeline.cost.budgets", "pipeline.errors"},
    "stacks.delivery": {"backend", "modules", "stacks"},
    "backend": {"bindings", "modules", "toolchain"},
    "modules": {"bindings"},
    # What runs in AWS, and how it is packed.
    "services": set(),
    "services.rag": set(),
    "services.rag.contract": set(),
    "services.notifier": set(),
    "services.notifier.contract": set(),
    # What reads the JSON that was synthesised or planned.
    "pipeline": {"policies", "toolchain"},
    # Both judge the same documents: what a policy grants is read in one way.
    "policies": {"pipeline.plan", "pipeline.warnings"},
    # What a developer's machine needs.
    "emulator": {"services.rag"},
    "local": {"emulator", "environments", "pipeline", "services.rag", "stacks", "toolchain"},
    "usage": {
        "environments",
        "modules.bedrock",
        "modules.metrics",
        "pipeline.cost.catalogue",
        "pipeline.errors",
        "pipeline.plan.text",
        "stacks.errors",
        "toolchain",
    },
    "recovery": {"backend", "toolchain"},
    "docs": {"bindings", "environments", "modules.metrics", "pipeline", "stacks"},
    "benchmarks": {
        *("bindings", "emulator", "environments", "local", "pipeline"),
        *("services", "stacks", "toolchain", "usage"),
    },
    "toolchain": set(),
    "bindings": set(),
}
"""A room, by its longest name that stands here, to the rooms that it imports beside itself.

Below ``stacks`` each folder is a room of its own: one stack never imports another.
"""

PIPELINE: dict[str, set[str]] = {
    "errors": set(),
    "environments": {"errors"},
    "plan": {"errors", "report.model"},
    "schema": {"errors"},
    "cost": {"errors", "plan", "schema"},
    "warnings": {"plan", "report.model", "cost.pricers", "schema"},
    "report": {"errors", "plan", "cost"},
    "gitlab": {"errors", "report.model"},
    "release": {"errors", "plan"},
    "commands": {
        "errors",
        "plan",
        "cost",
        "warnings",
        "report",
        "gitlab",
        "release",
        "schema",
        "environments",
    },
    "__main__": {"errors", "plan", "commands"},
}
"""The same for the rooms of ``pipeline/``, which its commands join."""


def modules() -> dict[str, Path]:
    """Name of every module of the project to its file; tests are not among them."""
    packages = [path.parent for path in ROOT.glob("*/__init__.py") if path.parent.name != "tests"]
    files = [ROOT / "main.py", *(file for each in packages for file in each.rglob("*.py"))]
    return {_name(file): file for file in files}


def _name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = modules()


@functools.cache
def imported(name: str) -> tuple[str, ...]:
    """The project's modules that one imports, wherever the import stands."""
    return tuple(_imports(name, MODULES[name]))


def _imports(name: str, path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Import):
            found = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = _base(name, path, node)
            found = [f"{base}.{alias.name}" for alias in node.names]
        else:
            continue
        for each in found:
            known = each if each in MODULES else each.rpartition(".")[0]
            if known in MODULES:
                yield known


def _base(name: str, path: Path, node: ast.ImportFrom) -> str:
    """The absolute name that a ``from`` statement begins with."""
    if node.level == 0:
        return node.module or ""
    parts = name.split(".")
    folder = parts if path.name == "__init__.py" else parts[:-1]
    above = folder[: len(folder) - node.level + 1]
    return ".".join([*above, *filter(None, [node.module])])


def longest(name: str, rooms: Iterator[str] | dict[str, set[str]]) -> str:
    """The room that a module belongs to."""
    return max((room for room in rooms if within(name, room)), key=len, default="")


def within(name: str, room: str) -> bool:
    return name == room or name.startswith(f"{room}.")


def strangers(name: str, allowed: set[str], room: str) -> list[str]:
    return [
        f"{name} imports {each}"
        for each in imported(name)
        if not any(within(each, other) for other in (room, *allowed))
    ]


def test_every_module_has_a_room() -> None:
    assert [name for name in MODULES if not longest(name, ALLOWED)] == []


@pytest.mark.parametrize("room", ALLOWED)
def test_a_room_imports_what_the_table_says(room: str) -> None:
    members = [name for name in MODULES if longest(name, ALLOWED) == room]
    assert members, f"{room}: no such module"
    assert [line for name in members for line in strangers(name, ALLOWED[room], room)] == []


@pytest.mark.parametrize("room", ALLOWED)
def test_the_table_allows_nothing_that_a_room_does_not_need(room: str) -> None:
    members = [name for name in MODULES if longest(name, ALLOWED) == room]
    used = {each for name in members for each in imported(name)}
    assert [other for other in ALLOWED[room] if not any(within(u, other) for u in used)] == []


def test_one_stack_never_imports_another() -> None:
    """Beside their own folder, stacks import what stands directly in ``stacks/``."""
    stacks = {_name(path.parent) for path in (ROOT / "stacks").glob("*/__init__.py")}
    assert len(stacks) > 1
    found = [
        f"{name} imports {each}"
        for stack in stacks
        for name in MODULES
        if within(name, stack)
        for each in imported(name)
        if any(within(each, other) for other in stacks - {stack})
    ]
    assert found == []


@pytest.mark.parametrize("room", PIPELINE)
def test_a_room_of_the_pipeline_imports_what_its_table_says(room: str) -> None:
    whole = f"pipeline.{room}"
    members = [name for name in MODULES if within(name, whole)]
    assert members, f"{whole}: no such module"
    allowed = {"policies", "toolchain", *(f"pipeline.{other}" for other in PIPELINE[room])}
    assert [line for name in members for line in strangers(name, allowed, whole)] == []
    used = {each for name in members for each in imported(name)}
    if room == "__main__":  # it finds the commands by their names
        used.add("pipeline.commands")
    idle = [r for r in PIPELINE[room] if not any(within(u, f"pipeline.{r}") for u in used)]
    assert idle == []


def test_the_pipelines_table_names_every_room() -> None:
    rooms = {name.split(".")[1] for name in MODULES if name.startswith("pipeline.")}
    assert rooms == set(PIPELINE)


def test_no_module_imports_itself_by_way_of_others() -> None:
    graph = {name: set(imported(name)) - {name} for name in MODULES}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(" → ".join(error.args[1]))


def test_nothing_imports_tests() -> None:
    for path in MODULES.values():
        text = path.read_text()
        assert "import tests" not in text, path
        assert "from tests" not in text, path

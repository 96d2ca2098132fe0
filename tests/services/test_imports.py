"""Who imports whom in services/rag: never in a circle, wherever in a file the import stands."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
RAG = ROOT / "services" / "rag"


def module_name(path: Path) -> str:
    """``services.rag.models`` of ``services/rag/models/__init__.py``."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


FILES = {module_name(path): path for path in RAG.rglob("*.py")}


def imported(module: str, path: Path) -> Iterator[str]:
    """The modules of the service that a file imports, at its top, in a function or for types."""
    package = module.split(".") if path.name == "__init__.py" else module.split(".")[:-1]
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.level:
            above = package[: len(package) - node.level + 1]
            origin = ".".join([*above, *([node.module] if node.module else [])])
            for name in node.names:
                inner = f"{origin}.{name.name}"
                yield inner if inner in FILES else origin


def graph() -> dict[str, set[str]]:
    return {module: set(imported(module, path)) for module, path in FILES.items()}


def test_no_import_leads_back_to_where_it_began() -> None:
    try:
        TopologicalSorter(graph()).prepare()
    except CycleError as error:
        raise AssertionError(" → ".join(error.args[1])) from None


def test_the_graph_is_read_as_it_is() -> None:
    found = graph()
    assert {"services.rag.openapi", "services.rag.cursors"} <= found["services.rag.operations"]
    assert "services.rag.deadline" in found["services.rag.models.retry"]

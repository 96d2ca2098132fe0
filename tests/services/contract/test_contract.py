"""The contract is true of the service, and light enough for whoever synthesises a stack."""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
from pathlib import Path

import pytest

from services.rag import contract
from services.rag.contract import EMBEDDING_DIMENSIONS, Route
from services.rag.models.families import family_of
from services.rag.operations import OPERATIONS, health
from services.rag.routes import Description, RouteError, Router

ROOT = Path(__file__).resolve().parents[3]

LOADED = """
import json, sys
before = set(sys.modules)
import {package}
new = set(sys.modules) - before
print(json.dumps(sorted(new)))
"""


@pytest.mark.parametrize(
    ("package", "folder"), [("services.rag.contract", "."), ("rag.contract", "services")]
)
def test_importing_the_contract_loads_only_it_and_the_standard_library(
    package: str, folder: str
) -> None:
    """In Lambda the package is ``rag``."""
    done = subprocess.run(
        [sys.executable, "-c", LOADED.format(package=package)],
        cwd=ROOT / folder,
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = json.loads(done.stdout)
    root = package.partition(".")[0]
    ours = {name for name in loaded if name.partition(".")[0] == root}
    above = {str(parent).replace("/", ".") for parent in Path(package.replace(".", "/")).parents}
    assert {name for name in ours - above if not name.startswith(package)} == set()
    assert {name.partition(".")[0] for name in loaded} - {root} <= sys.stdlib_module_names


@pytest.mark.parametrize("handler", [contract.API_HANDLER, contract.MIGRATIONS_HANDLER])
def test_a_handler_is_a_function_of_the_service(handler: str) -> None:
    module, _, function = handler.rpartition(".")
    assert callable(getattr(importlib.import_module(f"services.{module}"), function))


def test_every_route_has_its_operation() -> None:
    assert list(OPERATIONS) == [route.key for route in contract.ROUTES]


def test_a_route_without_an_operation_is_named() -> None:
    router = Router([Route("GET /health"), Route("GET /forgotten")])
    router.operation("GET /health", Description())(health)
    with pytest.raises(RouteError, match=r"operations\.py has no operation for 'GET /forgotten'"):
        router.operations()


def test_an_operation_without_a_route_is_named() -> None:
    with pytest.raises(RouteError, match=r"contract/routes\.py has no route 'GET /forgotten'"):
        Router([]).operation("GET /forgotten", Description())


def test_a_route_has_one_operation() -> None:
    router = Router([Route("GET /health")])
    router.operation("GET /health", Description())(health)
    with pytest.raises(RouteError, match="two operations for 'GET /health'"):
        router.operation("GET /health", Description())


@pytest.mark.parametrize("model", EMBEDDING_DIMENSIONS)
def test_the_service_can_call_every_embedding_model(model: str) -> None:
    for dimension in EMBEDDING_DIMENSIONS[model]:
        assert family_of(model, dimension)

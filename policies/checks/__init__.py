"""Our own checks, a folder each; ``docs/policies.md`` lists them."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pathlib import Path
from types import ModuleType

from policies.check import Check

FOLDER = Path(__file__).resolve().parent


def slugs() -> list[str]:
    """The checks' folders."""
    return sorted(path.parent.name for path in FOLDER.glob("*/metadata.toml"))


@cache
def checks() -> tuple[Check, ...]:
    """All checks, by number; from now on Checkov knows them."""
    found = [_class_of(import_module(f"{__name__}.{slug}.check"))() for slug in slugs()]
    return tuple(sorted(found, key=lambda check: int(check.id.rpartition("_")[2])))


def _class_of(module: ModuleType) -> type[Check]:
    """The one check that a folder's code defines."""
    [found] = [
        each
        for each in vars(module).values()
        if isinstance(each, type) and issubclass(each, Check) and each.__module__ == module.__name__
    ]
    return found

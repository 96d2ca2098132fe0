"""Which tests the quick gate leaves to ``make test``; and the profile of the long forms."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("long", deadline=None)

TESTS = Path(__file__).parent

SLOW = (
    # They start the emulator, PostgreSQL, Checkov, servers, Terraform or set-ups.
    "backend",
    "emulator",
    "local",
    "pipeline/commands",
    "pipeline/gitlab",
    "pipeline/release",
    "policies",
    "recovery/test_adopt.py",
    "services",
    "toolchain",
    # They try hundreds of settings, follow a page in a copy, or ask Terraform or the app itself.
    "environments/test_any_settings.py",
    "environments/test_staging.py",
    "modules/test_gitlab_stacks.py",
    "modules/test_grafana_schema.py",
    "modules/test_two_of_a_kind.py",
    "stacks/rag/test_contributing.py",
    "stacks/rag/test_validate.py",
    # They import the provider's own way, or measure how time and memory grow.
    "benchmarks",
    "test_bindings.py",
    "test_main.py",
    "pipeline/report/test_cutting.py",
    "pipeline/cost/price_list/test_bulk.py",
    "pipeline/cost/test_estimate.py",
    "pipeline/test_pipeline_file.py",
)
"""Folders and files below ``tests/`` that take the most time."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the slow ones, which ``make check`` leaves out, and those of modules with a long form."""
    for item in items:
        module = item.getparent(pytest.Module)
        if module and _has_long_form(vars(module.obj)):
            item.add_marker(pytest.mark.long_form)
        path = item.path.relative_to(TESTS)
        if any(path == Path(name) or Path(name) in path.parents for name in SLOW):
            item.add_marker(pytest.mark.slow)


def _has_long_form(module: Mapping[str, object]) -> bool:
    # Which form it is, is known once pytest has read its command line.
    from tests.support import long_form

    names = ("LONG", "scheduled")
    return any(module.get(name) is getattr(long_form, name) for name in names)

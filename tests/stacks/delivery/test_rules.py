"""Rules of the pipeline's access: each is broken once; nothing widens a trust policy by mistake."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.mistakes import assert_told

_DEFAULT = ("project_path", "ref_type", "ref")

BROKEN: list[tuple[str, dict[str, Any], str, str]] = [
    # environment, change, beginning of the line, part of the remedy
    ("dev", {"delivery__subject_components": ("project_path", "ref")}, "delivery.subject_components=project_path,ref: the roles are limited by project and branch", "begin with project_path,ref_type,ref"),
    ("dev", {"delivery__subject_components": (*_DEFAULT, "ref")}, "delivery.subject_components=('project_path', 'ref_type', 'ref', 'ref'): a value is named twice", "once"),
    ("prod", {"delivery__subject_components": (*_DEFAULT, "deployment_tier")}, "delivery.subject_components=project_path,ref_type,ref,deployment_tier: a job chooses its own", "add environment_protected"),
    ("prod", {"delivery__environment_protected": False, "delivery__subject_components": (*_DEFAULT, "environment_protected")}, "delivery.environment_protected=False: any job", "set it to True"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "changes", "beginning", "remedy"), BROKEN, ids=lambda v: str(v)[:50]
)
def test_a_broken_rule_names_field_value_and_remedy(
    name: str, changes: dict[str, Any], beginning: str, remedy: str
) -> None:
    assert_told(name, changes, beginning, remedy)

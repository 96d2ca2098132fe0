"""GitLab's Terraform widget."""

from __future__ import annotations

from pipeline.report.model import Counts
from pipeline.report.widget import widget
from tests.pipeline.report.reports import alone


def test_a_replacement_is_one_creation_and_one_destruction() -> None:
    counts = Counts(create=5, update=3, replace=2, delete=1)
    shown = widget(alone("dev", counts=counts))
    assert shown == {"create": 7, "update": 3, "delete": 3}


def test_moved_imported_and_forgotten_resources_count_nothing() -> None:
    counts = Counts(forget=4, move=5, imported=6)
    shown = widget(alone("dev", counts=counts))
    assert shown == {"create": 0, "update": 0, "delete": 0}

"""How many days are enough depends on the environment."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.policies.examples import faults, judged, stack

CHECK = "MV_AWS_10"


@pytest.mark.parametrize(
    ("guarded", "days", "fails"),
    [(True, 6, True), (True, 7, False), (False, 0, True), (False, 1, False), (True, "7", False)],
)
def test_days(tmp_path: Path, guarded: bool, days: object, fails: bool) -> None:
    path = stack(tmp_path, {"aws_db_instance": {"d": {"backup_retention_period": days}}})
    body = json.loads(path.read_text())
    body["//"]["limits"]["guarded"] = guarded
    path.write_text(json.dumps(body))
    assert bool(faults(judged(path)[CHECK])) is fails

"""Guards are asked for where the environment is guarded; a plan shows no lifecycle."""

from __future__ import annotations

import json
from pathlib import Path

from tests.policies.examples import change, judged, of_plan, plan, stack

CHECK = "MV_AWS_9"
ADDRESS = "aws_db_instance.d"


def _guarded(path: Path, *, guarded: bool) -> Path:
    body = json.loads(path.read_text())
    body["//"]["limits"]["guarded"] = guarded
    target = path.parent.parent / f"guarded-{guarded}" / path.name
    target.parent.mkdir()
    target.write_text(json.dumps(body))
    return target


def test_only_guarded_environments_are_asked(tmp_path: Path) -> None:
    path = stack(tmp_path, {"aws_db_instance": {"d": {"deletion_protection": False}}})
    assert CHECK not in judged(_guarded(path, guarded=False))
    assert judged(_guarded(path, guarded=True))[CHECK][ADDRESS].faults


def test_a_plan_is_not_asked_for_its_lifecycle(tmp_path: Path) -> None:
    path = _guarded(stack(tmp_path, {"aws_db_instance": {"d": {}}}), guarded=True)
    values = {"deletion_protection": True, "skip_final_snapshot": False}
    [outcome] = of_plan(CHECK, path, plan(tmp_path, change(ADDRESS, values))).values()
    assert (outcome.faults, outcome.unknown) == ((), ())

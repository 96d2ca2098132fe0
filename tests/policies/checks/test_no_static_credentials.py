"""That it is there is enough, also in a plan."""

from __future__ import annotations

from pathlib import Path

from tests.policies.examples import change, faults, of_plan, plan, stack

CHECK = "MV_AWS_16"


def test_a_key_in_a_plan(tmp_path: Path) -> None:
    address = "aws_iam_access_key.k"
    path = stack(tmp_path, {"aws_iam_access_key": {"k": {"user": "u"}}})
    found = faults(of_plan(CHECK, path, plan(tmp_path, change(address, {"user": "u"}))))
    assert list(found) == [address]

"""A key that the apply makes is a key."""

from __future__ import annotations

from pathlib import Path

from tests.policies.examples import change, faults, of_plan, plan, stack, unknown

CHECK = "MV_AWS_8"
TOPIC = "aws_sns_topic.t"


def test_a_key_that_is_known_after_the_apply(tmp_path: Path) -> None:
    path = stack(tmp_path, {"aws_sns_topic": {"t": {}}})
    made = plan(tmp_path, change(TOPIC, {"name": "t"}, {"kms_master_key_id": True}))
    found = of_plan(CHECK, path, made)
    assert (faults(found), unknown(found)) == ({}, {})
    bare = plan(tmp_path, change(TOPIC, {"name": "t", "kms_master_key_id": None}))
    assert TOPIC in faults(of_plan(CHECK, path, bare))

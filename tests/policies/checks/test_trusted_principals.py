"""Our own account is the provider's."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.policies.examples import faults, judged, stack

CHECK = "MV_AWS_15"


@pytest.mark.parametrize(
    ("principal", "fails"),
    [
        ("arn:aws:iam::111122223333:root", False),
        ("111122223333", False),
        ("444455556666", True),
        ("arn:aws:iam::444455556666:role/deploy", True),
        ("arn:aws:iam::*:root", True),
        ("${aws_iam_role.other.arn}", False),
    ],
)
def test_an_account(tmp_path: Path, principal: str, fails: bool) -> None:
    trust = {"Effect": "Allow", "Principal": {"AWS": principal}, "Action": "sts:AssumeRole"}
    policy = json.dumps({"Statement": trust})
    path = stack(tmp_path, {"aws_iam_role": {"r": {"assume_role_policy": policy}}})
    assert bool(faults(judged(path)[CHECK])) is fails

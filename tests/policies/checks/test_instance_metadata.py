"""In a plan options that nobody wrote are known after the apply."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.policies.examples import change, faults, of_plan, plan, stack, unknown

CHECK = "MV_AWS_13"
ADDRESS = "aws_instance.i"


@pytest.mark.parametrize(
    ("values", "marks", "fails", "open_"),
    [
        ({"metadata_options": [{"http_tokens": "required"}]}, {}, False, False),
        ({"metadata_options": [{"http_tokens": "optional"}]}, {}, True, False),
        ({"metadata_options": []}, {}, True, False),
        ({}, {"metadata_options": True}, False, True),
    ],
)
def test_options_in_a_plan(
    tmp_path: Path, values: dict[str, object], marks: dict[str, object], fails: bool, open_: bool
) -> None:
    path = stack(tmp_path, {"aws_instance": {"i": {}}})
    found = of_plan(CHECK, path, plan(tmp_path, change(ADDRESS, values, marks)))
    assert (ADDRESS in faults(found), ADDRESS in unknown(found)) == (fails, open_)

"""In a plan a bucket's name is known before its id."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.policies.examples import change, faults, of_plan, plan, stack, unknown

CHECK = "MV_AWS_4"
ON = dict.fromkeys(
    ("block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets"),
    True,
)


@pytest.mark.parametrize("named", [True, False])
def test_a_block_finds_its_bucket_in_a_plan(tmp_path: Path, named: bool) -> None:
    block = "aws_s3_bucket_public_access_block.b"
    path = stack(
        tmp_path, {"aws_s3_bucket": {"b": {}}, "aws_s3_bucket_public_access_block": {"b": {}}}
    )
    references = {"bucket": {"references": ["aws_s3_bucket.b.id", "aws_s3_bucket.b"]}}
    made = plan(
        tmp_path,
        change("aws_s3_bucket.b", {"bucket": "named"}),
        change(
            block, {**ON, "bucket": "named"} if named else ON, {} if named else {"bucket": True}
        ),
        configuration={
            "root_module": {
                "resources": [
                    {
                        "address": block,
                        "mode": "managed",
                        "type": "aws_s3_bucket_public_access_block",
                        "name": "b",
                        "expressions": {} if named else references,
                    }
                ]
            }
        },
    )
    assert faults(of_plan(CHECK, path, made)) == {}


def test_a_database_of_which_nothing_is_said_is_private(tmp_path: Path) -> None:
    address = "aws_db_instance.d"
    path = stack(tmp_path, {"aws_db_instance": {"d": {}}})
    for value, marks, failing, open_ in (
        (None, {}, {}, {}),
        (False, {}, {}, {}),
        (None, {"publicly_accessible": True}, {}, {address}),
        (True, {}, {address}, {}),
    ):
        found = of_plan(
            CHECK, path, plan(tmp_path, change(address, {"publicly_accessible": value}, marks))
        )
        assert faults(found).keys() == set(failing)
        assert unknown(found).keys() == set(open_)

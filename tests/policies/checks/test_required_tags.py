"""Tags in JSON stand with the provider, in a plan with each resource."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.policies.examples import change, faults, of_plan, plan, stack, unknown

CHECK = "MV_AWS_1"
BUCKET = "aws_s3_bucket.b"
TAGS = {
    "Project": "example",
    "Environment": "dev",
    "Owner": "platform-team",
    "CostCenter": "example-dev",
    "ManagedBy": "cdktf",
}


@pytest.mark.parametrize(
    ("tags", "text"),
    [
        (TAGS, ""),
        ({**TAGS, "Name": "b"}, ""),
        ({}, "its tags lack Project, Environment, Owner, CostCenter, ManagedBy"),
        ({**TAGS, "Owner": None}, "its tags lack Owner; its tag Owner is empty"),
        ({**TAGS, "Environment": "prod"}, "its tag Environment is prod, not dev"),
    ],
)
def test_a_plan_shows_all_tags(tmp_path: Path, tags: dict[str, str | None], text: str) -> None:
    path = stack(tmp_path, {"aws_s3_bucket": {"b": {"bucket": "b"}}})
    made = plan(tmp_path, change(BUCKET, {"bucket": "b", "tags_all": tags}))
    assert faults(of_plan(CHECK, path, made)).get(BUCKET, "") == text


def test_tags_that_are_known_after_the_apply(tmp_path: Path) -> None:
    path = stack(tmp_path, {"aws_s3_bucket": {"b": {"bucket": "b"}}})
    made = plan(tmp_path, change(BUCKET, {"bucket": "b"}, {"tags_all": True}))
    assert unknown(of_plan(CHECK, path, made)) == {BUCKET: "its tags are not known yet"}


def test_what_can_have_no_tags_is_not_asked(tmp_path: Path) -> None:
    address = "aws_s3_bucket_policy.p"
    path = stack(tmp_path, {"aws_s3_bucket_policy": {"p": {"bucket": "b"}}})
    assert of_plan(CHECK, path, plan(tmp_path, change(address, {"bucket": "b"}))) == {}

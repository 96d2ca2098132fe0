"""Names: their parts, and what AWS would refuse."""

from __future__ import annotations

import pytest

from modules.naming import NameRefused, Naming, refused_prefix
from tests.support.names import problems
from tests.support.stacks import all_stacks

NAMING = Naming(
    project="mapvibe", environment="dev", account_id="111122223333", region="ap-southeast-1"
)


def test_a_name_says_project_environment_group_and_role() -> None:
    assert NAMING.name("api") == "mapvibe-dev-api"
    assert NAMING.path("vpc-flow") == "mapvibe/dev/vpc-flow"
    assert NAMING.global_name("state") == "mapvibe-dev-state-111122223333"
    reports = NAMING.within("web").within("reports")
    assert reports.name("api") == "mapvibe-dev-web-reports-api"
    assert reports.path("vpc-flow") == "mapvibe/dev/web-reports/vpc-flow"
    assert reports.title == "mapvibe dev web-reports"


@pytest.mark.parametrize("role", ["", "Api", "a_b", "a--b", "a-", "x" * 52])
def test_a_name_that_aws_refuses_is_refused_in_one_line(role: str) -> None:
    with pytest.raises(NameRefused, match=f"^name mapvibe-dev-{role}: .*correct|shorten") as raised:
        NAMING.name(role)
    assert len(str(raised.value).splitlines()) == 1


def test_the_account_in_a_buckets_name_counts() -> None:
    assert len(NAMING.name("x" * 50)) == 62
    with pytest.raises(NameRefused, match="75 characters, and AWS takes 63"):
        NAMING.global_name("x" * 50)


@pytest.mark.parametrize(
    ("project", "environment", "reason"),
    [
        ("map--vibe", "dev", "single hyphens"),
        ("mapvibe-", "dev", "single hyphens"),
        ("MapVibe", "dev", "lower-case"),
        ("1map", "dev", "a letter first"),
        ("mapvibe", "dev-", "single hyphens"),
        ("sg-team", "dev", "keeps for itself"),
        ("aws", "dev", "keeps for itself"),
        ("sthree", "dev", "keeps for itself"),
        ("a" * 20, "production", "shorten"),
    ],
)
def test_a_prefix_that_aws_refuses_is_told_before_anything_is_named(
    project: str, environment: str, reason: str
) -> None:
    assert reason in (refused_prefix(project, environment) or "")


def test_the_usual_prefixes_are_taken() -> None:
    for project, environment in (("mapvibe", "dev"), ("awsome", "prod"), ("a" * 16, "b" * 12)):
        assert refused_prefix(project, environment) is None


@pytest.mark.parametrize("name", ["dev", "prod"])
def test_no_name_of_an_environment_is_refused_or_given_twice(name: str) -> None:
    assert problems(all_stacks(name).values()) == []

"""Another major version of a database: impossible by accident, and told when it is meant."""

from __future__ import annotations

from typing import Any

import pytest

from pipeline.commands.assemble import environment_report, refuse, stack_report
from pipeline.errors import PipelineError, Status
from pipeline.plan.model import Plan
from pipeline.report.model import Topic
from pipeline.warnings import find_warnings
from tests.pipeline.plans import change, plan

DATABASE = "aws_db_instance.database_00000000"


def engine_plan(before: str | None, after: str | None, **more: Any) -> Plan:
    engine = {"engine": "postgres", **more.pop("engine", {})}
    return plan(
        change(
            DATABASE,
            "update",
            before={**engine, "engine_version": before},
            after={**engine, "engine_version": after, **more},
        )
    )


def told(found: Plan) -> list[tuple[Topic, str]]:
    topics = (Topic.REFUSED, Topic.UPGRADE)
    return [(each.topic, each.text) for each in find_warnings(found) if each.topic in topics]


@pytest.mark.parametrize(
    ("before", "after", "more", "topic", "part"),
    [
        ("18", "17", {"allow_major_version_upgrade": True}, Topic.REFUSED, "no way back"),
        ("17", "18", {}, Topic.REFUSED, "refuses without allow_major_version_upgrade"),
        ("17.6", "18.1", {"allow_major_version_upgrade": False}, Topic.REFUSED, "from major version 17 to 18"),
        ("17", "18", {"allow_major_version_upgrade": True}, Topic.UPGRADE, "cannot go back"),
        ("8.0.40", "8.4.3", {"engine": {"engine": "mysql"}}, Topic.REFUSED, "from major version 8.0 to 8.4"),
    ],
)  # fmt: skip
def test_another_major_version(
    before: str, after: str, more: dict[str, Any], topic: Topic, part: str
) -> None:
    ((found, text),) = told(engine_plan(before, after, **more))
    assert found is topic
    assert part in text


@pytest.mark.parametrize(
    ("before", "after"), [("17.5", "17.6"), ("17", "17"), ("17", None), (None, "18")]
)
def test_a_minor_version_or_an_unknown_one_says_nothing(
    before: str | None, after: str | None
) -> None:
    assert told(engine_plan(before, after)) == []


def test_a_plan_that_aws_would_refuse_does_not_pass() -> None:
    def report(found: Plan) -> None:
        refuse([environment_report("dev", [stack_report(found, None)], None)])

    with pytest.raises(PipelineError, match=r"dev: aws_db_instance.* no way back") as caught:
        report(engine_plan("18", "17"))
    assert caught.value.status is Status.REFUSED
    report(engine_plan("17", "18", allow_major_version_upgrade=True))

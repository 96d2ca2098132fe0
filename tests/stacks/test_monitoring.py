"""Dashboards and alarms of every stack: what CloudWatch takes without a word and shows nothing for."""

from __future__ import annotations

import json
from collections.abc import Callable
from copy import deepcopy
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from pipeline.cost.pricers import ENTRIES, USAGE_KEYS
from pipeline.cost.pricing import Pricing
from pipeline.cost.usage import load_usage
from tests.pipeline.cost.pricers.stacks import subjects
from tests.support.monitoring import needed_by, problems
from tests.support.prices import CATALOGUE
from tests.support.stacks import BY_NAME, Stack, all_stacks, rag_stack

ROOT = Path(__file__).resolve().parents[2]

EVERYTHING = {
    "rag__network__nat": "per_zone",
    "rag__monitoring__anomaly_detection": True,
}

MAY_BE_REPLACED_BY_CREATING_FIRST = {
    "aws_apigatewayv2_api",
    "aws_cloudwatch_metric_alarm",
    "aws_kms_key",
    "aws_sns_topic",
}
"""AWS takes two of the same name, or the name is what makes the resource a new one."""

Change = Callable[[dict[str, Any]], Any]


def watched(stack: Stack) -> list[str]:
    return [
        address
        for address, body in stack.everything()
        if body.get("lifecycle", {}).get("create_before_destroy")
        and address.startswith("aws_cloudwatch_")
    ]


@pytest.mark.parametrize("name", BY_NAME)
def test_every_graph_has_data_and_every_alarm_can_go_off(name: str) -> None:
    stacks = [*all_stacks(name).values(), rag_stack(name, **EVERYTHING)]
    assert sum(len(stack.resources("aws_cloudwatch_dashboard")) for stack in stacks) == 2
    assert [line for stack in stacks for line in problems(stack)] == []


def _first_graph(change: Change) -> Change:
    def changed(resources: dict[str, Any]) -> None:
        (dashboard,) = resources["aws_cloudwatch_dashboard"].values()
        body = json.loads(dashboard["dashboard_body"])
        graph = next(each for each in body["widgets"] if each["type"] == "metric")
        change(graph)
        dashboard["dashboard_body"] = json.dumps(body)

    return changed


def _alarm(part: str, change: Change) -> Change:
    def changed(resources: dict[str, Any]) -> None:
        alarms = resources["aws_cloudwatch_metric_alarm"]
        change(next(body for name, body in alarms.items() if part in name))

    return changed


def _composite(change: Change) -> Change:
    return lambda resources: change(
        next(iter(resources["aws_cloudwatch_composite_alarm"].values()))
    )


MISTAKES: dict[str, tuple[Change, str]] = {
    "a name of REST APIs": (
        _first_graph(lambda graph: graph["properties"]["metrics"][0].__setitem__(1, "5XXErrors")),
        "nobody publishes",
    ),
    "a dimension of REST APIs": (
        _first_graph(lambda graph: graph["properties"]["metrics"][0].__setitem__(2, "ApiStage")),
        "published by",
    ),
    "an id that is not there": (
        _first_graph(
            lambda graph: graph["properties"]["metrics"].append([{"expression": "a+1", "id": "z"}])
        ),
        "no metric a",
    ),
    "no deployments": (
        _first_graph(lambda graph: graph["properties"]["metrics"].pop()),
        "deployments",
    ),
    "no region": (_first_graph(lambda graph: graph["properties"].pop("region")), "no region"),
    "over the edge": (_first_graph(lambda graph: graph.update(x=20)), "leaves the grid"),
    "over another": (_first_graph(lambda graph: graph.update(x=4)), "covers another"),
    "a unit": (_alarm("job-failed", lambda body: body.update(unit="Count")), "says a unit"),
    "more than a day": (
        _alarm("job-failed", lambda body: body.update(evaluation_periods=1441)),
        "more than a day",
    ),
    "two results": (
        _alarm("api-errors", lambda body: body["metric_query"][1].update(return_data=True)),
        "exactly one result",
    ),
    "two periods": (
        _alarm("api-errors", lambda body: body["metric_query"][1]["metric"].update(period=300)),
        "different periods",
    ),
    "a band without its metric": (
        _alarm("traffic-unusual", lambda body: body["metric_query"][1].pop("return_data")),
        "a band needs",
    ),
    "a statistic that means nothing": (
        _alarm("job-failed", lambda body: body.update(statistic="Average")),
        "means nothing",
    ),
    "never well again": (
        _alarm("job-failed", lambda body: body.update(ok_actions=[])),
        "well again",
    ),
    "pages while a deployment runs": (
        _composite(lambda body: body.pop("actions_suppressor")),
        "while a deployment runs",
    ),
    "a page on one signal": (
        _composite(lambda body: body.update(alarm_rule='ALARM("a")')),
        "reads one alarm",
    ),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_found(mistake: str) -> None:
    change, line = MISTAKES[mistake]
    body = deepcopy(dict(rag_stack("prod", **EVERYTHING).body))
    change(body["resource"])
    found = problems(Stack(body))
    assert any(line in each for each in found), found


@pytest.mark.parametrize("name", BY_NAME)
def test_what_a_composite_alarm_reads_is_deleted_after_it(name: str) -> None:
    """And nothing that such an alarm needs has a name that AWS takes only once.

    Terraform creates what it depends on before destroying it, too: a database could then never be
    replaced.
    """
    stack = rag_stack(name, **EVERYTHING)
    read = {
        f"aws_cloudwatch_metric_alarm.{alarm}"
        for body in stack.resources("aws_cloudwatch_composite_alarm").values()
        for alarm in stack.resources("aws_cloudwatch_metric_alarm")
        if f".{alarm}." in json.dumps(body)
    }
    assert set(watched(stack)) == read
    for address in read:
        assert needed_by(stack, address) <= MAY_BE_REPLACED_BY_CREATING_FIRST, address


def test_that_slack_was_not_told_is_told_by_another_way() -> None:
    """The topic whose only subscriber is the notifier could not say that the notifier is broken."""
    lost = rag_stack("prod").one("aws_cloudwatch_metric_alarm", "notifier-dead-letters")
    assert [arn.rpartition("-")[2] for arn in lost["alarm_actions"]] == ["critical"]
    failed = rag_stack("prod").one("aws_cloudwatch_metric_alarm", "notifier-job-failed")
    assert failed["alarm_actions"] == failed["ok_actions"] == []
    addresses = rag_stack("prod").resources("aws_sns_topic_subscription")
    assert any("critical-email" in name for name in addresses)


def test_an_alarm_that_would_hold_a_database_is_found() -> None:
    stack = rag_stack("dev")
    (database,) = stack.resources("aws_db_instance")
    body = deepcopy(dict(stack.body))
    alarms = body["resource"]["aws_cloudwatch_metric_alarm"]
    name = next(each for each in alarms if "database-cpu_" in each)
    alarms[name]["dimensions"]["DBInstanceIdentifier"] = f"${{aws_db_instance.{database}.id}}"
    needed = needed_by(Stack(body), f"aws_cloudwatch_metric_alarm.{name}")
    assert "aws_db_instance" in needed


WATCHING = ("monitoring_", "alerts_", "invocation-logging_", "flow-log")
"""How the addresses begin of what watches the system."""


def test_what_watches_dev_costs_what_the_readme_says() -> None:
    """All of it, with dev's stated usage, and the metric that the pipeline publishes: 12 USD at most."""
    found = subjects(rag_stack("dev"))
    usage = load_usage(ROOT / "pipeline/usage/dev.yml", known=USAGE_KEYS)
    pricing = Pricing(found, region="ap-southeast-1", catalogue=CATALOGUE, usage=usage)
    monthly = [
        line.monthly or Decimal(0)
        for subject in found
        if subject.type in ENTRIES and subject.address.partition(".")[2].startswith(WATCHING)
        for line in ENTRIES[subject.type].pricer(subject, pricing)
    ]
    deployments = CATALOGUE.price("cloudwatch.metric", "ap-southeast-1").cost(Decimal(1))
    total = sum(monthly, deployments)
    assert total <= 12
    assert f"about {total:.0f} USD a month" in (ROOT / "README.md").read_text().replace("\n", " ")

"""Dashboards, alarms and saved queries look at things that their stack has."""

from __future__ import annotations

import json
from copy import deepcopy
from typing import Any

import pytest

from modules.metrics.table import definitions
from tests.support.dimensions import OWNERS, WORDS, series, strangers
from tests.support.stacks import BY_NAME, Stack, rag_stack

EVERYTHING = {
    "rag__network__nat": "per_zone",
    "rag__monitoring__anomaly_detection": True,
    "rag__invocation_logging__texts": True,
}
WITHOUT = {"rag__database__proxy": None, "rag__network__flow_logs__cloudwatch_days": None}


@pytest.mark.parametrize("changes", [{}, EVERYTHING, WITHOUT], ids=["as it is", "more", "less"])
@pytest.mark.parametrize("name", BY_NAME)
def test_what_is_looked_at_is_there(name: str, changes: dict[str, Any]) -> None:
    stack = rag_stack(name, **changes)
    assert strangers(stack, stack_id=name) == []


def test_every_dimension_is_compared() -> None:
    compared = {*OWNERS, *WORDS, "ModelId", "stack"}
    used = {name for _, _, dims in series(rag_stack("prod", **EVERYTHING)) for name in dims}
    assert used == compared
    published = {d for row in definitions().values() for each in row.dimension_sets for d in each}
    assert published >= compared - {"stack"}


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ("mapvibe-dev-database-proxy", "mapvibe-dev-proxy", "ProxyName=mapvibe-dev-proxy"),
        ("mapvibe-dev-alerts-warning", "mapvibe-dev-warning", "TopicName=mapvibe-dev-warning"),
        ("apac.amazon.nova-lite-v1:0", "amazon.nova-lite-v1:0", "ModelId=amazon.nova-lite-v1:0"),
    ],
)
def test_the_name_of_nothing_is_found(right: str, wrong: str, said: str) -> None:
    body = deepcopy(dict(rag_stack("dev").body))
    for kind in ("aws_cloudwatch_dashboard", "aws_cloudwatch_metric_alarm"):
        text = json.dumps(body["resource"][kind])
        body["resource"][kind] = json.loads(text.replace(right, wrong))
    assert any(said in line for line in strangers(Stack(body), stack_id="dev"))


def test_findings_of_a_group_that_masks_nothing_are_found() -> None:
    body = deepcopy(dict(rag_stack("dev").body))
    del body["resource"]["aws_cloudwatch_log_data_protection_policy"]
    assert any("masks nothing" in line for line in strangers(Stack(body), stack_id="dev"))


def test_a_query_of_a_group_that_is_not_there_is_found() -> None:
    body = deepcopy(dict(rag_stack("dev").body))
    query = next(iter(body["resource"]["aws_cloudwatch_query_definition"].values()))
    query["log_group_names"] = ["/mapvibe/dev/nothing"]
    assert any("no log group /mapvibe" in line for line in strangers(Stack(body), stack_id="dev"))


def test_another_stacks_deployments_are_found() -> None:
    assert any("stack=dev" in line for line in strangers(rag_stack("dev"), stack_id="prod"))

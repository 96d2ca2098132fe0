"""Budgets, anomalies, tags, and a budget that acts."""

from __future__ import annotations

import json
from collections import Counter
from decimal import Decimal
from typing import Any

import pytest
from cdktf import TerraformStack

from backend import aws_provider
from modules.cost_management import Budget, CostAllocationTags, CostAnomalies, Period
from tests.support.apps import new_app, synthesised
from tests.support.names import problems
from tests.support.prices import unpriced
from tests.support.stacks import Stack, governance_stack, policy_of
from tests.support.twins import NAMING

TOPIC = "arn:aws:sns:ap-southeast-1:111122223333:mapvibe-dev-alerts-{}"
TOPICS = {"critical": TOPIC.format("critical"), "warning": TOPIC.format("warning")}


def budget(name: str, period: str = "monthly", **changes: Any) -> dict[str, Any]:
    part = f"{period}_budget" if name == "tagged" else f"{name}-{period}_budget"
    found = governance_stack("dev", **changes).resources("aws_budgets_budget")
    (body,) = [body for key, body in found.items() if key.startswith(part)]
    return body


def alerts(body: dict[str, Any]) -> list[tuple[str, int, str]]:
    """Kind, percentage and severity of a budget's alerts."""
    return [
        (
            each["notification_type"],
            each["threshold"],
            each["subscriber_sns_topic_arns"][0].rpartition("-")[2],
        )
        for each in body["notification"]
    ]


def test_a_month_is_told_by_what_was_spent_and_by_what_will_be() -> None:
    assert alerts(budget("tagged")) == [
        ("ACTUAL", 70, "warning"),
        ("ACTUAL", 80, "warning"),
        ("ACTUAL", 100, "critical"),
        ("FORECASTED", 70, "warning"),
        ("FORECASTED", 80, "warning"),
        ("FORECASTED", 100, "warning"),
    ]


def test_a_day_has_no_forecast() -> None:
    assert [kind for kind, _, _ in alerts(budget("tagged", "daily"))] == ["ACTUAL"] * 3


def test_the_account_tells_only_that_all_is_spent() -> None:
    assert alerts(budget("account")) == [
        ("ACTUAL", 100, "critical"),
        ("FORECASTED", 100, "warning"),
    ]
    assert alerts(budget("account", "daily")) == [("ACTUAL", 100, "critical")]


@pytest.mark.parametrize("period", ["monthly", "daily"])
def test_an_environment_is_counted_by_both_its_tags_and_an_account_by_none(period: str) -> None:
    (tagged,) = budget("tagged", period)["cost_filter"]
    assert tagged == {
        "name": "TagKeyValue",
        "values": ["user:Environment$dev", "user:Project$mapvibe"],
    }
    assert budget("account", period)["cost_filter"] == []


@pytest.mark.parametrize(
    ("changes", "monthly", "daily"),
    [
        ({}, "150", "5.00"),
        ({"governance__budgets__monthly_usd": 100}, "100", "3.33"),
        ({"governance__budgets__daily_usd": 20}, "150", "20"),
    ],
)
def test_limits(changes: dict[str, Any], monthly: str, daily: str) -> None:
    for name in ("tagged", "account"):
        assert budget(name, **changes)["limit_amount"] == monthly
        assert budget(name, "daily", **changes)["limit_amount"] == daily


def test_each_part_can_be_left_out() -> None:
    kinds = Counter(
        address.partition(".")[0]
        for address, _ in governance_stack(
            "dev", governance__budgets__whole_account=False, governance__anomalies=None
        ).everything()
    )
    assert kinds["aws_budgets_budget"] == 2
    assert not {kind for kind in kinds if kind.startswith("aws_ce_")}


def test_an_account_that_has_a_monitor_keeps_it() -> None:
    arn = "arn:aws:ce::111122223333:anomalymonitor/11111111-2222-3333-4444-555555555555"
    stack = governance_stack("dev", governance__anomalies__monitor_arn=arn)
    assert stack.resources("aws_ce_anomaly_monitor") == {}
    assert stack.one("aws_ce_anomaly_subscription")["monitor_arn_list"] == [arn]


def test_an_anomaly_is_told_at_once_to_the_topic_for_the_morning() -> None:
    subscription = governance_stack("dev").one("aws_ce_anomaly_subscription")
    assert subscription["frequency"] == "IMMEDIATE"
    assert subscription["subscriber"] == [{"type": "SNS", "address": TOPICS["warning"]}]
    assert subscription["threshold_expression"]["dimension"] == {
        "key": "ANOMALY_TOTAL_IMPACT_ABSOLUTE",
        "match_options": ["GREATER_THAN_OR_EQUAL"],
        "values": ["10"],
    }


def test_all_tags_of_the_environment_are_activated_where_asked() -> None:
    on = governance_stack("dev", governance__cost_allocation_tags=True)
    found = on.resources("aws_ce_cost_allocation_tag").values()
    keys = ["CostCenter", "Environment", "ManagedBy", "Owner", "Project"]
    assert sorted(body["tag_key"] for body in found) == keys
    assert governance_stack("dev").resources("aws_ce_cost_allocation_tag") == {}


@pytest.fixture(scope="module")
def acting() -> Stack:
    action = {"groups": ("developers",), "roles": ("rag",)}
    return governance_stack("dev", governance__budgets__action=action)


def test_an_action_waits_for_a_person_and_hangs_at_the_account(acting: Stack) -> None:
    action = acting.one("aws_budgets_budget_action")
    assert action["approval_model"] == "MANUAL"
    assert "account-monthly" in action["budget_name"]
    definition = action["definition"]["iam_action_definition"]
    assert definition["roles"] == ["mapvibe-dev-rag"]
    assert definition["groups"] == ["mapvibe-dev-developers"]
    alone = governance_stack(
        "dev", governance__budgets__action={}, governance__budgets__whole_account=False
    )
    assert "account" not in alone.one("aws_budgets_budget_action")["budget_name"]


def test_the_actions_role_attaches_one_policy_to_those_alone(acting: Stack) -> None:
    stop = "arn:aws:iam::111122223333:policy/mapvibe-dev-governance-spending-stop"
    for statement, kind in zip(
        policy_of(acting.one("aws_iam_role_policy")), ("Role", "Group"), strict=True
    ):
        assert statement["Action"] == [f"iam:Attach{kind}Policy", f"iam:Detach{kind}Policy"]
        assert statement["Condition"] == {"ArnEquals": {"iam:PolicyARN": stop}}
        assert "*" not in statement["Resource"]
    trust = json.loads(acting.one("aws_iam_role")["assume_role_policy"])["Statement"][0]
    assert trust["Principal"] == {"Service": "budgets.amazonaws.com"}
    assert trust["Condition"] == {
        "StringEquals": {"aws:SourceAccount": "111122223333"},
        "ArnLike": {"aws:SourceArn": "arn:aws:budgets::111122223333:budget/*"},
    }


def test_all_of_it_has_a_price(acting: Stack) -> None:
    assert unpriced(acting, "ap-southeast-1") == []


def test_what_stops_ends_nothing_and_opens_nothing(acting: Stack) -> None:
    (statement,) = policy_of(acting.one("aws_iam_policy", "spending"))
    assert statement["Effect"] == "Deny"
    verbs = {action.partition(":")[2] for action in statement["Action"]}
    assert not [verb for verb in verbs if verb.startswith(("Delete", "Stop", "Terminate", "*"))]


def test_two_fit_into_one_stack() -> None:
    app = new_app()
    stack = TerraformStack(app, "two")
    aws_provider(stack, naming=NAMING, tags={})
    for number, naming in enumerate((NAMING, NAMING.within("reports"))):
        periods: tuple[Period, ...] = ("monthly", "daily")
        for period in periods:
            Budget(
                stack,
                f"{period}-{number}",
                naming=naming,
                period=period,
                limit=Decimal(10),
                topics={"critical": TOPICS["critical"], "warning": TOPICS["warning"]},
            )
        CostAnomalies(
            stack, f"anomalies-{number}", naming=naming, topic_arn=TOPICS["warning"], impact_usd=5
        )
    CostAllocationTags(stack, "tags", keys=["Project"])
    assert problems([synthesised(app, "two")]) == []

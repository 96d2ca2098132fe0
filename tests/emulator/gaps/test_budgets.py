"""Gaps of AWS Budgets."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from emulator.identity import DEFAULT_ACCOUNT
from tests.emulator.conftest import Aws

TOPIC = {"SubscriptionType": "SNS", "Address": "arn:aws:sns:us-east-1:123456789012:alerts"}
DENY = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Deny", "Action": "bedrock:InvokeModel", "Resource": "*"}],
}
MAIL = {"SubscriptionType": "EMAIL", "Address": "on-call@example.com"}


def made(aws: Aws, name: str, **changes: Any) -> dict[str, str]:
    """Creates a budget; gives the arguments that name it."""
    aws("budgets").create_budget(
        AccountId=DEFAULT_ACCOUNT,
        Budget={
            "BudgetName": name,
            "BudgetType": "COST",
            "TimeUnit": "MONTHLY",
            "BudgetLimit": {"Amount": "100", "Unit": "USD"},
            **changes,
        },
        ResourceTags=[{"Key": "Owner", "Value": "team"}],
    )
    return {"AccountId": DEFAULT_ACCOUNT, "BudgetName": name}


def alert(percent: float, kind: str = "ACTUAL") -> dict[str, Any]:
    return {
        "NotificationType": kind,
        "ComparisonOperator": "GREATER_THAN",
        "Threshold": percent,
        "ThresholdType": "PERCENTAGE",
    }


@pytest.mark.gap("budgets/notifications")
def test_a_budget_says_who_is_told_and_can_change(aws: Aws) -> None:
    budgets, named = aws("budgets"), made(aws, "told")
    for percent, subscribers in ((80, [TOPIC]), (100, [TOPIC, MAIL])):
        budgets.create_notification(**named, Notification=alert(percent), Subscribers=subscribers)
    found = budgets.describe_notifications_for_budget(**named)["Notifications"]
    assert [(each["Threshold"], each["NotificationState"]) for each in found] == [
        (80, "OK"),
        (100, "OK"),
    ]
    told = budgets.describe_subscribers_for_notification(**named, Notification=alert(100))
    assert told["Subscribers"] == [TOPIC, MAIL]

    limit = {"Amount": "120", "Unit": "USD"}
    changed = budgets.describe_budget(**named)["Budget"] | {"BudgetLimit": limit}
    budgets.update_budget(AccountId=DEFAULT_ACCOUNT, NewBudget=changed)
    assert budgets.describe_budget(**named)["Budget"]["BudgetLimit"] == limit
    budgets.delete_notification(**named, Notification=alert(80))
    (left,) = budgets.describe_notifications_for_budget(**named)["Notifications"]
    assert left["Threshold"] == 100


@pytest.mark.gap("budgets/notifications")
def test_alerts_that_aws_does_not_take(aws: Aws) -> None:
    budgets = aws("budgets")
    month, day = made(aws, "month"), made(aws, "day", TimeUnit="DAILY")

    def refused(error: str, named: dict[str, str], *wanted: Any, **subscribers: Any) -> None:
        with pytest.raises(ClientError, match=error):
            budgets.create_notification(
                **named, Notification=alert(*wanted), **{"Subscribers": [TOPIC], **subscribers}
            )

    refused("InvalidParameter", day, 80, "FORECASTED")
    refused("InvalidParameter", month, 80, Subscribers=[TOPIC, {**TOPIC, "Address": "other"}])
    refused("NotFound", {**month, "BudgetName": "none"}, 80)
    for percent in range(1, 11):
        budgets.create_notification(**month, Notification=alert(percent), Subscribers=[MAIL])
    refused("DuplicateRecord", month, 5)
    refused("CreationLimitExceeded", month, 11)


@pytest.mark.gap("budgets/tags")
def test_a_budget_has_tags(aws: Aws) -> None:
    budgets, named = aws("budgets"), made(aws, "tagged")
    arn = f"arn:aws:budgets::{DEFAULT_ACCOUNT}:budget/tagged"
    budgets.tag_resource(ResourceARN=arn, ResourceTags=[{"Key": "Project", "Value": "p"}])
    budgets.untag_resource(ResourceARN=arn, ResourceTagKeys=["Owner"])
    found = budgets.list_tags_for_resource(ResourceARN=arn)["ResourceTags"]
    assert found == [{"Key": "Project", "Value": "p"}]
    budgets.delete_budget(**named)
    assert budgets.list_tags_for_resource(ResourceARN=arn)["ResourceTags"] == []


@pytest.mark.gap("budgets/actions")
def test_an_action_attaches_its_policy_and_takes_it_off_again(aws: Aws) -> None:
    budgets, iam, named = aws("budgets"), aws("iam"), made(aws, "acts")
    iam.create_role(RoleName="spender", AssumeRolePolicyDocument="{}")
    policy = iam.create_policy(PolicyName="stop", PolicyDocument=json.dumps(DENY))["Policy"]["Arn"]
    threshold = {"ActionThresholdType": "PERCENTAGE", "ActionThresholdValue": 100.0}
    made_action = budgets.create_budget_action(
        **named,
        NotificationType="ACTUAL",
        ActionType="APPLY_IAM_POLICY",
        ActionThreshold=threshold,
        Definition={"IamActionDefinition": {"PolicyArn": policy, "Roles": ["spender"]}},
        ExecutionRoleArn=f"arn:aws:iam::{DEFAULT_ACCOUNT}:role/budgets",
        ApprovalModel="MANUAL",
        Subscribers=[TOPIC],
        ResourceTags=[{"Key": "Owner", "Value": "team"}],
    )
    one = {**named, "ActionId": made_action["ActionId"]}
    assert budgets.describe_budget_action(**one)["Action"]["Status"] == "STANDBY"
    budgets.update_budget_action(**one, ActionThreshold={**threshold, "ActionThresholdValue": 90.0})
    (found,) = budgets.describe_budget_actions_for_budget(**named)["Actions"]
    assert found["ActionThreshold"]["ActionThresholdValue"] == 90

    def executed(kind: str) -> tuple[str, list[str]]:
        budgets.execute_budget_action(**one, ExecutionType=f"{kind}_BUDGET_ACTION")
        attached = iam.list_attached_role_policies(RoleName="spender")["AttachedPolicies"]
        status: str = budgets.describe_budget_action(**one)["Action"]["Status"]
        return status, [each["PolicyName"] for each in attached]

    assert executed("APPROVE") == ("EXECUTION_SUCCESS", ["stop"])
    assert executed("REVERSE") == ("REVERSE_SUCCESS", [])
    assert executed("RESET") == ("STANDBY", [])
    iam.delete_role(RoleName="spender")
    budgets.execute_budget_action(**one, ExecutionType="APPROVE_BUDGET_ACTION")
    assert budgets.describe_budget_action(**one)["Action"]["Status"] == "EXECUTION_FAILURE"
    budgets.delete_budget_action(**one)
    with pytest.raises(ClientError, match="NotFound"):
        budgets.describe_budget_action(**one)

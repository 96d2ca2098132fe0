"""Alerts: who may publish, who hears of it, and with which key."""

from __future__ import annotations

from typing import Any

import pytest
from cdktf import TerraformStack

from backend import aws_provider
from modules.alerting import (
    SEVERITIES,
    Alerts,
    AmazonQ,
    SlackNotifier,
    topic_arn,
    webhook_secret_name,
)
from modules.alerting.publishers import PUBLISHERS
from modules.naming import Naming
from services.notifier import contract
from tests.support.apps import new_app
from tests.support.apps import synthesised as app_stack
from tests.support.iam.decisions import Context, Policies, Request, allowed
from tests.support.stacks import Stack, code, policy_of, rag_stack

ACCOUNT, REGION = "111122223333", "ap-southeast-1"
NAMING = Naming(project="mapvibe", environment="dev", account_id=ACCOUNT, region=REGION)
TOPIC = f"arn:aws:sns:{REGION}:{ACCOUNT}:mapvibe-dev-alerts-critical"
ALARM = f"arn:aws:cloudwatch:{REGION}:{ACCOUNT}:alarm:mapvibe-dev-api-5xx"
KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/0123abcd-0123-0123-0123-0123456789ab"
OURS = {"aws:SourceAccount": ACCOUNT, "aws:SourceArn": ALARM}
NOTIFIER = SlackNotifier(code=code(), handler="app.handler")
CHANNEL = AmazonQ(workspace_id="T0123ABCD", channel_id="C0123ABCD")


def synthesised(slack: SlackNotifier | AmazonQ | None, **emails: tuple[str, ...]) -> Stack:
    app = new_app()
    stack = TerraformStack(app, "bare")
    aws_provider(stack, naming=NAMING, tags={})
    Alerts(
        stack,
        "alerts",
        naming=NAMING,
        emails=emails,  # type: ignore[arg-type]
        slack=slack,
        key_deletion_window_days=7,
        log_retention_days=7,
    )
    return app_stack(app, "bare")


def service_may(
    service: str, action: str, resource: str, context: Context, policy: list[dict[str, Any]]
) -> bool:
    request = Request(
        principal=f"{service}.amazonaws.com", action=action, resource=resource, context=context
    )
    return allowed(request, Policies(resource=policy))


def sent(context: dict[str, str], **more: str) -> dict[str, str]:
    """What a service sends, with other values: an account that is not ours, for example."""
    return {key: more.get(key.partition(":")[2], value) for key, value in context.items()}


BUDGET = {
    "aws:SourceAccount": ACCOUNT,
    "aws:SourceArn": f"arn:aws:budgets::{ACCOUNT}:budget/mapvibe-dev-monthly",
}
ANOMALY = {"aws:SourceAccount": ACCOUNT}
OTHER = "444455556666"


@pytest.mark.parametrize(
    ("service", "context", "may"),
    [
        ("cloudwatch", OURS, True),
        ("cloudwatch", sent(OURS, SourceAccount=OTHER), False),
        ("cloudwatch", sent(OURS, SourceArn=ALARM.replace(ACCOUNT, OTHER)), False),
        ("cloudwatch", sent(OURS, SourceArn=ALARM.replace(REGION, "us-east-1")), False),
        ("cloudwatch", sent(OURS, SourceArn=ALARM.replace(":alarm:", ":dashboard:")), False),
        ("cloudwatch", {}, False),
        ("budgets", BUDGET, True),
        ("budgets", sent(BUDGET, SourceAccount=OTHER), False),
        ("budgets", sent(BUDGET, SourceArn=f"arn:aws:budgets::{OTHER}:budget/x"), False),
        ("budgets", {}, False),
        ("costalerts", ANOMALY, True),
        ("costalerts", sent(ANOMALY, SourceAccount=OTHER), False),
        ("costalerts", {}, False),
        # EventBridge sends nothing of its source: a condition on it would refuse our own rules.
        ("events", {}, True),
        ("events.rds", {"aws:SourceAccount": ACCOUNT}, False),
        ("s3", OURS, False),
        ("lambda", {}, False),
    ],
)
def test_services_publish_and_use_the_key_for_this_account_only(
    service: str, context: dict[str, str], may: bool
) -> None:
    stack = synthesised(None)
    topic = policy_of(stack.one("aws_sns_topic_policy", "critical"))
    key = policy_of(stack.one("aws_kms_key"))
    assert service_may(service, "sns:Publish", TOPIC, context, topic) is may
    assert not service_may(service, "sns:Publish", f"{TOPIC}-2", context, topic)
    assert not service_may(service, "sns:Subscribe", TOPIC, context, topic)
    plain = {**context, "aws:SecureTransport": "false"}
    assert not service_may(service, "sns:Publish", TOPIC, plain, topic)
    of_topic = {"kms:EncryptionContext:aws:sns:topicArn": TOPIC, **context}
    for action in ("kms:Decrypt", "kms:GenerateDataKey", "kms:GenerateDataKeyPair"):
        assert service_may(service, action, KEY, of_topic, key) is may
    assert not service_may(service, "kms:Encrypt", KEY, of_topic, key)


def test_who_sends_no_source_uses_the_key_for_the_topics_alone() -> None:
    key = policy_of(synthesised(None).one("aws_kms_key"))
    for topic in (f"{TOPIC}-2", TOPIC.replace(ACCOUNT, OTHER)):
        context = {"kms:EncryptionContext:aws:sns:topicArn": topic}
        assert not service_may("events", "kms:Decrypt", KEY, context, key)
    assert not service_may("events", "kms:Decrypt", KEY, {}, key)


def test_a_topic_has_the_publishers_and_its_account_and_nobody_else() -> None:
    for body in synthesised(None).resources("aws_sns_topic_policy").values():
        principals = [each["Principal"] for each in policy_of(body) if each["Effect"] == "Allow"]
        assert principals == [
            *({"Service": publisher.service} for publisher in PUBLISHERS),
            {"AWS": f"arn:aws:iam::{ACCOUNT}:root"},
        ]


def test_topics_are_known_by_name_before_they_exist() -> None:
    names = {
        f"arn:aws:sns:{REGION}:{ACCOUNT}:{body['name']}"
        for body in synthesised(None).resources("aws_sns_topic").values()
    }
    assert names == {topic_arn(NAMING, severity) for severity in SEVERITIES}


def test_both_topics_have_the_alerts_key_and_say_their_severity() -> None:
    stack = synthesised(NOTIFIER)
    assert stack.one("aws_kms_alias")["name"] == "alias/mapvibe-dev-alerts"
    topics = stack.resources("aws_sns_topic")
    assert {body["name"] for body in topics.values()} == {
        f"mapvibe-dev-alerts-{severity}" for severity in contract.SEVERITIES
    }
    assert contract.SEVERITIES == SEVERITIES
    for body in topics.values():
        assert body["kms_master_key_id"].startswith("${aws_kms_key.alerts_key_")


def test_addresses_hear_of_their_severity() -> None:
    stack = synthesised(
        None, critical=("a@example.com", "b@example.com"), warning=("a@example.com",)
    )
    found = sorted(
        (body["protocol"], body["endpoint"], "critical" in body["topic_arn"])
        for body in stack.resources("aws_sns_topic_subscription").values()
    )
    assert found == [
        ("email", "a@example.com", False),
        ("email", "a@example.com", True),
        ("email", "b@example.com", True),
    ]


def test_the_order_of_addresses_changes_nothing() -> None:
    one, other = (
        synthesised(None, critical=emails).body["resource"]
        for emails in (("a@example.com", "b@example.com"), ("b@example.com", "a@example.com"))
    )
    assert one == other


def test_the_webhook_is_in_no_state() -> None:
    stack = synthesised(NOTIFIER)
    secret = stack.one("aws_secretsmanager_secret")
    assert secret["name"] == webhook_secret_name(NAMING) == "mapvibe/dev/alerts/slack-webhook"
    assert "aws_kms_key.alerts_key" in secret["kms_key_id"]
    assert stack.resources("aws_secretsmanager_secret_version") == {}


@pytest.mark.parametrize(("name", "days"), [("dev", 0), ("prod", 30)])
def test_a_deleted_webhook_can_be_restored_where_data_is_hard_to_lose(name: str, days: int) -> None:
    assert (
        rag_stack(name).one("aws_secretsmanager_secret", "alerts")["recovery_window_in_days"]
        == days
    )


def test_the_notifier_is_told_of_both_topics_and_only_they_invoke_it() -> None:
    stack = synthesised(NOTIFIER)
    subscriptions = stack.resources("aws_sns_topic_subscription")
    permissions = stack.resources("aws_lambda_permission")
    assert len(subscriptions) == len(permissions) == len(SEVERITIES)
    for body in subscriptions.values():
        assert body["protocol"] == "lambda"
        assert "aws_lambda_alias." in body["endpoint"]
        assert body["depends_on"][0].startswith("aws_lambda_permission.")
    for body in permissions.values():
        assert body["principal"] == "sns.amazonaws.com"
        assert "aws_sns_topic." in body["source_arn"]


def test_the_notifier_runs_outside_of_any_vpc_and_reads_its_secret_only() -> None:
    stack = rag_stack("dev")
    function = stack.one("aws_lambda_function", "notifier")
    assert "vpc_config" not in function
    assert "CKV_AWS_117" in function["//"]["checkov_skip"]
    (read, decrypt) = policy_of(stack.one("aws_iam_role_policy", "read-webhook"))
    assert read["Action"] == "secretsmanager:GetSecretValue"
    assert read["Resource"].startswith("${aws_secretsmanager_secret.alerts_notifier_webhook")
    assert decrypt["Resource"].startswith("${aws_kms_key.alerts_key")


def test_the_stack_gives_the_notifier_what_its_contract_says() -> None:
    stack = rag_stack("dev")
    function = stack.one("aws_lambda_function", "notifier")
    assert function["handler"] == contract.HANDLER
    settings = contract.NotifierSettings.load(function["environment"]["variables"])
    assert settings.webhook_secret == stack.one("aws_secretsmanager_secret", "alerts")["name"]
    assert settings.dashboard == stack.one("aws_cloudwatch_dashboard")["dashboard_name"]
    assert settings.variables() == function["environment"]["variables"]


def test_amazon_q_needs_no_code_and_no_secret() -> None:
    stack = synthesised(CHANNEL)
    for kind in ("aws_lambda_function", "aws_secretsmanager_secret", "aws_sns_topic_subscription"):
        assert stack.resources(kind) == {}
    channel = stack.one("aws_chatbot_slack_channel_configuration")
    assert (channel["slack_team_id"], channel["slack_channel_id"]) == ("T0123ABCD", "C0123ABCD")
    assert len(channel["sns_topic_arns"]) == len(SEVERITIES)
    assert channel["guardrail_policy_arns"] == ["arn:aws:iam::aws:policy/CloudWatchReadOnlyAccess"]
    (statement,) = policy_of(stack.one("aws_iam_role_policy"))
    assert all(
        action.startswith(("cloudwatch:Describe", "cloudwatch:Get", "cloudwatch:List"))
        for action in statement["Action"]
    )
    (trust,) = policy_of(stack.one("aws_iam_role"), "assume_role_policy")
    assert trust["Principal"] == {"Service": "chatbot.amazonaws.com"}
    assert "Condition" not in trust  # nobody says that it sends its source


def test_the_environment_may_choose_amazon_q() -> None:
    stack = rag_stack(
        "dev",
        rag__alerts__slack="amazon-q",
        rag__alerts__amazon_q={"workspace_id": "T0123ABCD", "channel_id": "C0123ABCD"},
    )
    assert stack.one("aws_chatbot_slack_channel_configuration")["slack_team_id"] == "T0123ABCD"
    assert stack.one("aws_iam_role", "slack")["permissions_boundary"]
    assert "slack_webhook_secret" not in stack.body["output"]


def test_outputs_name_what_a_drill_needs() -> None:
    outputs = rag_stack("dev").body["output"]
    assert "aws_sns_topic.alerts_critical" in outputs["alerts_critical_topic_arn"]["value"]
    assert "aws_sns_topic.alerts_warning" in outputs["alerts_warning_topic_arn"]["value"]
    assert "aws_secretsmanager_secret.alerts" in outputs["slack_webhook_secret"]["value"]

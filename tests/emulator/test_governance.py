"""Real Terraform against the emulator: an environment's guard rails apply, plan empty, tell, and go."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from emulator import control
from emulator.control import Emulator
from tests.emulator.conftest import Aws, clients
from tests.emulator.deployed import function
from tests.emulator.test_stacks import REGION, Terraform, terraform
from tests.support.runbooks import Page
from tests.support.stacks import governance_stack, rag_stack

pytestmark = pytest.mark.deploy

__all__ = ["terraform"]  # a fixture

ALL_ON: dict[str, Any] = {
    "governance__budgets__action": {"approval": "AUTOMATIC"},
    "governance__cost_allocation_tags": True,
}
TOPICS = ("aws_kms_key", "aws_kms_alias", "aws_sns_topic", "aws_sns_topic_policy")
ROOT = Path(__file__).resolve().parents[2]
MONTHLY, ACCOUNT = "mapvibe-dev-monthly-budget", "mapvibe-dev-account-monthly-budget"


def body(account_id: str, **changes: Any) -> dict[str, Any]:
    """The stack as it is synthesised, with a local state, and the topics that the RAG system makes."""
    made: dict[str, Any] = json.loads(
        json.dumps(dict(governance_stack("dev", account_id=account_id, **changes).body))
    )
    del made["terraform"]["backend"]
    made["provider"]["aws"][0]["s3_use_path_style"] = True
    rag = rag_stack("dev", account_id=account_id)
    for kind in TOPICS:
        found = {n: b for n, b in rag.resources(kind).items() if n.startswith("alerts_")}
        made["resource"].setdefault(kind, {}).update(found)
    return made


def inbox(aws: Aws, severity: str) -> Callable[[], list[str]]:
    """Subscribes a queue to a topic; gives what reads it empty."""
    account_id = aws("sts").get_caller_identity()["Account"]
    queue = aws("sqs").create_queue(QueueName=f"inbox-{severity}")["QueueUrl"]
    aws("sns").subscribe(
        TopicArn=f"arn:aws:sns:{REGION}:{account_id}:mapvibe-dev-alerts-{severity}",
        Protocol="sqs",
        Endpoint=f"arn:aws:sqs:{REGION}:{account_id}:inbox-{severity}",
    )

    def read() -> list[str]:
        found = aws("sqs").receive_message(QueueUrl=queue, MaxNumberOfMessages=10)
        for each in found.get("Messages", []):
            aws("sqs").delete_message(QueueUrl=queue, ReceiptHandle=each["ReceiptHandle"])
        return [json.loads(each["Body"])["Message"] for each in found.get("Messages", [])]

    return read


def test_guard_rails_round_trip_and_tell(
    terraform: Callable[[str], Terraform], emulator: Emulator, account_id: str
) -> None:
    stack = terraform("state")
    for path in stack.folder.iterdir():
        path.unlink()

    def write(**changes: Any) -> None:
        made = json.dumps(body(account_id, **ALL_ON, **changes))
        (stack.folder / "cdk.tf.json").write_text(made)

    write()
    stack("init")
    stack("apply", "-auto-approve")
    stack("plan", "-detailed-exitcode")

    aws = clients(emulator, account_id, REGION)
    warnings, criticals = inbox(aws, "warning"), inbox(aws, "critical")
    _alerts_arrive(emulator, account_id, warnings, criticals)
    function(aws, "mapvibe-dev-rag")  # with a role of this name
    _the_action_acts(emulator, aws, account_id)
    _the_runbook_is_followed(stack, aws, account_id)
    told = control.cost_anomaly(emulator, account_id, "Amazon Bedrock", expected=5, actual=15)
    assert len(told) == 1
    assert json.loads(warnings()[0])["impact"]["totalImpact"] == 10
    assert control.cost_anomaly(emulator, account_id, "Amazon S3", expected=5, actual=14) == []

    write(governance__budgets__monthly_usd=120, governance__anomalies__impact_usd=20)
    stack("apply", "-auto-approve")
    stack("plan", "-detailed-exitcode")
    stack("destroy", "-auto-approve")
    assert aws("budgets").describe_budgets(AccountId=account_id)["Budgets"] == []
    assert aws("ce").get_anomaly_monitors()["AnomalyMonitors"] == []


def _alerts_arrive(
    emulator: Emulator,
    account_id: str,
    warnings: Callable[[], list[str]],
    criticals: Callable[[], list[str]],
) -> None:
    """Each once, to the topic of its severity, through the topics' and the key's own policies."""
    told = control.spend(emulator, account_id, MONTHLY, actual=110, forecast=140)
    assert len(told) == 3
    # Terraform makes them in no order.
    assert sorted(_alert(each) for each in warnings()) == [
        "ACTUAL > $105.00",
        "FORECASTED > $105.00",
        "FORECASTED > $120.00",
    ]
    assert control.spend(emulator, account_id, MONTHLY, actual=111, forecast=141) == []
    control.spend(emulator, account_id, MONTHLY, actual=151, forecast=141)
    assert [_alert(each) for each in warnings()] == ["ACTUAL > $120.00"]
    (critical,) = criticals()
    assert _alert(critical) == "ACTUAL > $150.00"
    assert "The ACTUAL Cost associated with this budget is $151.00." in critical


def _alert(message: str) -> str:
    fields = dict(line.split(": ", 1) for line in message.splitlines() if ": " in line)
    return f"{fields['Alert Type']} {fields['Alert Threshold']}"


def _the_action_acts(emulator: Emulator, aws: Aws, account_id: str) -> None:
    told = control.spend(emulator, account_id, ACCOUNT, actual=151, forecast=150)
    assert told[-1].endswith("EXECUTION_SUCCESS")
    attached = aws("iam").list_attached_role_policies(RoleName="mapvibe-dev-rag")
    assert [each["PolicyName"] for each in attached["AttachedPolicies"]] == [
        "mapvibe-dev-governance-spending-stop"
    ]


def _the_runbook_is_followed(stack: Terraform, aws: Aws, account_id: str) -> None:
    """docs/runbooks/cost-spike.md, with what it asks about made for it."""
    opened = Page.open("cost-spike", root=ROOT, process=stack.process)

    def typed(beginning: str, **filled: str) -> str:
        whole = next(each for each in opened.left if each.startswith(beginning))
        status, said = opened.type(whole, **filled)
        assert status == 0, said
        return said

    instance = aws("ec2").run_instances(ImageId="ami-12c6146b", MinCount=1, MaxCount=1)
    id_ = instance["Instances"][0]["InstanceId"]
    # What stands in for the CLI draws no table.
    budgets = json.loads(typed("aws budgets describe-budgets", ACCOUNT=account_id))
    assert [row[1:] for row in budgets if row[0] == MONTHLY] == [["150", "151", "141"]]
    days = {"SINCE": "2026-11-01", "TODAY": "2026-11-30"}
    typed("aws ce get-cost-and-usage", **days)
    typed("aws ce get-cost-and-usage", **days, SERVICE_NAME="AmazonCloudWatch")
    # It refuses any account but dev's; tests/usage ask it.
    opened.left.remove("python -m usage report --hours 24 --environment dev")
    assert id_ in typed("aws ec2 describe-instances")
    typed("aws ec2 describe-nat-gateways")
    typed("aws iam put-role-policy")
    typed("aws iam delete-role-policy")
    id_of_action = typed("aws budgets describe-budget-actions", ACCOUNT=account_id).strip()
    for status in ("EXECUTION_SUCCESS", "REVERSE_SUCCESS"):
        typed("aws budgets execute-budget-action", ACCOUNT=account_id, ACTION_ID=id_of_action)
        (action,) = aws("budgets").describe_budget_actions_for_budget(
            AccountId=account_id, BudgetName=ACCOUNT
        )["Actions"]
        assert action["Status"] == status
    typed("aws lambda put-function-concurrency")
    typed("aws lambda put-function-concurrency")
    typed("aws ec2 stop-instances", INSTANCE_ID=id_)
    # The drill of alarms stops the deployed database.
    opened.left.remove("aws rds stop-db-instance --db-instance-identifier mapvibe-dev-database")
    assert opened.left == []

"""Real Terraform against the emulator: an account's guard rails apply, stay, ring, and go."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cdktf import App, TerraformStack

from backend import aws_provider
from emulator.control import Emulator, tell_event
from emulator.inventory import inventory
from modules.alerting import Alerts, topic_arn
from stacks.account.stack import AccountStack
from tests.emulator.conftest import clients
from tests.emulator.test_stacks import REGION, Terraform, terraform
from tests.stacks.account.events import ROOT, USER, call, iam, sign_in
from tests.support.merge import merge
from tests.support.stacks import Stack, settings

pytestmark = pytest.mark.deploy

__all__ = ["terraform"]  # a fixture

WHOLE = {
    "account__config": True,
    "account__security_hub": True,
    "account__unused_access_days": 90,
    "account__role_changes": True,
}


def synthesised(folder: Path, account_id: str) -> Path:
    """The guard rails with every setting on, and the topics that they tell."""
    environment = settings("dev", account_id=account_id, **WHOLE)
    app = App(outdir=str(folder))
    assert environment.account
    AccountStack(app, environment, environment.account, pipeline=None)
    topics = TerraformStack(app, "topics")
    aws_provider(topics, naming=environment.naming, tags=environment.tags)
    Alerts(
        topics,
        "alerts",
        naming=environment.naming,
        emails={},
        slack=None,
        key_deletion_window_days=7,
        log_retention_days=7,
    )
    app.synth()
    path = folder / "stacks/account-dev/cdk.tf.json"
    both = [path, folder / "stacks/topics/cdk.tf.json"]
    body = merge(Stack(json.loads(each.read_text())) for each in both).body
    body["terraform"].pop("backend")
    path.write_text(json.dumps(body))
    return path.parent


def hearing(emulator: Emulator, account_id: str) -> Callable[[str], list[Any]]:
    """Who is subscribed to the topics: gives what a topic has told since the last look."""
    aws = clients(emulator, account_id, REGION)
    naming = settings("dev", account_id=account_id).naming
    urls = {}
    for severity in ("critical", "warning"):
        urls[severity] = aws("sqs").create_queue(QueueName=severity)["QueueUrl"]
        aws("sns").subscribe(
            TopicArn=topic_arn(naming, severity),
            Protocol="sqs",
            Endpoint=f"arn:aws:sqs:{REGION}:{account_id}:{severity}",
            Attributes={"RawMessageDelivery": "true"},
        )

    def heard(severity: str) -> list[Any]:
        url, told = urls[severity], []
        for message in (
            aws("sqs").receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
        ):
            aws("sqs").delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
            told.append(json.loads(message["Body"])["detail"]["eventName"])
        return told

    return heard


def test_an_accounts_guard_rails_round_trip_and_ring(
    terraform: Callable[[str], Terraform],
    emulator: Emulator,
    account_id: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    process = terraform("lacking").process
    for name in ("AWS_ENDPOINT_URL", "AWS_MAX_ATTEMPTS"):
        monkeypatch.setenv(name, process[name])
    stack = Terraform(synthesised(tmp_path / "made", account_id), process)
    stack("init")
    stack("apply", "-auto-approve")
    stack("plan", "-detailed-exitcode")

    found = inventory(emulator.url, account_id, REGION)
    assert found["account:setting"] == [
        *("disk-encryption", "images-blocked", "instance-metadata", "passwords"),
        *("public-access-block", "security-contact", "security-hub", "snapshots-blocked"),
    ]
    assert found["cloudtrail:trail"] == ["mapvibe-dev-account-trail"]
    there = inventory(emulator.url, account_id, "us-east-1")
    assert there["guardduty:detector"] != found["guardduty:detector"]
    trail = clients(emulator, account_id, REGION)("cloudtrail")
    assert trail.get_trail_status(Name="mapvibe-dev-account-trail")["IsLogging"] is True

    heard = hearing(emulator, account_id)
    of_account = {"account": account_id}
    for told in (
        sign_in(ROOT),  # in us-east-1
        sign_in(USER, region="eu-north-1"),
        sign_in(USER, mfa="Yes", region="eu-north-1"),
        call("cloudtrail", "StopLogging", {"name": "mapvibe-dev-account-trail"}),
        iam("CreateAccessKey", userName="Nikki"),
        call("kms", "CreateKey"),
    ):
        tell_event(emulator, told | of_account)
    assert heard("critical") == ["ConsoleLogin", "ConsoleLogin", "StopLogging"]
    assert heard("warning") == ["CreateAccessKey"]

    # A queue is no part of the stack; the rest goes, and what AWS keeps is as it was.
    for name in ("critical", "warning"):
        sqs = clients(emulator, account_id, REGION)("sqs")
        sqs.delete_queue(QueueUrl=sqs.get_queue_url(QueueName=name)["QueueUrl"])
    sns = clients(emulator, account_id, REGION)("sns")
    for subscription in sns.list_subscriptions()["Subscriptions"]:
        sns.unsubscribe(SubscriptionArn=subscription["SubscriptionArn"])
    stack("destroy", "-auto-approve")
    # The provider ends no block of images: it must be lifted by hand.
    left = {"account:setting": ["images-blocked"]}
    for region in (REGION, "us-east-1"):
        assert inventory(emulator.url, account_id, region) == left
    for region in ("us-east-2", "eu-north-1", "ap-southeast-2"):
        assert clients(emulator, account_id, region)("events").list_rules()["Rules"] == []

"""``adopt`` from the question to the empty plan: real Terraform on the emulator."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import boto3
import pytest

from backend.errors import BackendError
from backend.lock import locked
from backend.synthesised import read_state
from modules.naming import Naming
from recovery import __main__ as command_line
from recovery.adopt import adopt
from recovery.errors import RecoveryError
from tests.backend.conftest import emulator, naming
from tests.backend.support import REGION, backend_body, make_remote_state
from toolchain.run import run_terraform

__all__ = ["emulator", "naming"]

TAGS = {"Project": "mapvibe", "Environment": "dev", "ManagedBy": "cdktf"}
Stack = Callable[..., Path]


@pytest.fixture
def stack(naming: Naming, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Stack:
    """Writes a stack of some resources by type and name; gives its folder."""
    make_remote_state(naming, s3=boto3.client("s3"), table=boto3.client("dynamodb"))
    # Where the folders of plans are made: what is left of them would be seen.
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()

    def write(**resources: dict[str, Any]) -> Path:
        provider = {
            "region": REGION,
            "allowed_account_ids": [naming.account_id],
            "default_tags": [{"tags": TAGS}],
        }
        body = {
            "terraform": {
                "backend": {"s3": backend_body(naming, "dev")},
                "required_providers": {"aws": {"source": "aws", "version": "5.100.0"}},
            },
            "provider": {"aws": [provider]},
            "resource": resources,
        }
        folder = tmp_path / "cdktf.out" / "stacks" / "dev"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "cdk.tf.json").write_text(json.dumps(body))
        return folder

    return write


def temporary(root: Path) -> list[Path]:
    return list((root / "temporary").iterdir())


def addresses(folder: Path) -> list[str]:
    """What the state manages; there is none before the first apply."""
    return run_terraform(folder, "state list").output.split()


def test_it_asks_and_then_adopts_changes_and_makes(stack: Stack, tmp_path: Path) -> None:
    logs = boto3.client("logs")
    logs.create_log_group(logGroupName="old", tags=TAGS)
    topic = boto3.client("sns").create_topic(Name="told", Tags=[])["TopicArn"]
    boto3.client("sqs").create_queue(QueueName="nobody-s", tags=TAGS)
    folder = stack(
        aws_cloudwatch_log_group={
            "old": {"name": "old", "retention_in_days": 7},
            "new": {"name": "new"},
        },
        aws_sns_topic={"told": {"name": "told"}},
    )
    said: list[str] = []

    def interrupt(_question: str) -> str:
        assert temporary(tmp_path) != []
        raise KeyboardInterrupt

    with pytest.raises(RecoveryError, match="add YES=1"):
        adopt("dev", root=tmp_path)
    adopt("dev", root=tmp_path, ask=lambda _: "", show=said.append)
    assert said[-1] == "nothing was changed"
    assert addresses(folder) == []
    at = said.index("adopt 2:")
    assert said[at:-1] == [
        "adopt 2:",
        "      aws_cloudwatch_log_group.old  old",
        f"      aws_sns_topic.told  {topic}",
        "change in place 2:",
        "      aws_cloudwatch_log_group.old",
        "      aws_sns_topic.told",
        "make 1:",
        "      aws_cloudwatch_log_group.new",
    ]
    assert "aws sqs delete-queue" in said[at - 1]
    assert temporary(tmp_path) == []

    with pytest.raises(KeyboardInterrupt):
        adopt("dev", root=tmp_path, ask=interrupt)
    assert temporary(tmp_path) == []

    adopt("dev", root=tmp_path, ask=lambda _: "yes", show=said.append)

    assert said[-1] == "terraform plan: state, AWS and configuration agree"
    assert len(addresses(folder)) == 3
    assert (
        logs.describe_log_groups(logGroupNamePrefix="old")["logGroups"][0]["retentionInDays"] == 7
    )
    assert temporary(tmp_path) == []

    adopt("dev", root=tmp_path, show=said.append)
    assert said[-1].startswith("dev: nothing to adopt")


def test_nothing_adopted_is_replaced_and_no_lock_is_passed(stack: Stack, tmp_path: Path) -> None:
    boto3.client("dynamodb").create_table(
        TableName="things",
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": "other", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "other", "AttributeType": "S"}],
    )
    table = {
        "name": "things",
        "billing_mode": "PAY_PER_REQUEST",
        "hash_key": "id",
        "attribute": [{"name": "id", "type": "S"}],
    }
    stack(aws_dynamodb_table={"things": table})
    asked: list[str] = []

    with locked(read_state(tmp_path, "dev"), "apply"), pytest.raises(BackendError, match="locked"):
        adopt("dev", root=tmp_path, ask=asked.append)  # type: ignore[arg-type]
    with pytest.raises(RecoveryError, match=r"aws_dynamodb_table.things: things .* hash_key"):
        adopt("dev", root=tmp_path, ask=asked.append)  # type: ignore[arg-type]

    assert asked == []
    with locked(read_state(tmp_path, "dev"), "apply"):
        assert temporary(tmp_path) == []


def test_what_the_rest_would_destroy_is_left_to_a_deployment(stack: Stack, tmp_path: Path) -> None:
    folder = stack(aws_cloudwatch_log_group={"kept": {"name": "kept"}})
    run_terraform(folder, "init", "-input=false").check()
    run_terraform(folder, "apply", "-input=false", "-auto-approve").check()
    logs = boto3.client("logs")
    logs.create_log_group(logGroupName="made")
    stack(aws_cloudwatch_log_group={"made": {"name": "made"}, "more": {"name": "more"}})
    said: list[str] = []

    adopt("dev", root=tmp_path, ask=lambda _: "yes", show=said.append)

    assert sorted(addresses(folder)) == [
        "aws_cloudwatch_log_group.kept",
        "aws_cloudwatch_log_group.made",
    ]
    assert any("would destroy aws_cloudwatch_log_group.kept" in line for line in said)
    assert logs.describe_log_groups(logGroupNamePrefix="kept")["logGroups"]


def test_what_is_wrong_is_said_in_one_line(
    capsys: pytest.CaptureFixture[str], naming: Naming
) -> None:
    assert command_line.main(["adopt", "no-such-stack"]) == 1
    said = capsys.readouterr().err.splitlines()
    assert len(said) == 1
    assert "no-such-stack" in said[0]

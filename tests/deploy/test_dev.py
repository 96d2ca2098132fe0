"""dev from nothing to deployed and back, with the real command line, Terraform and provider.

The tests of this file run in order and share one deployment.
"""

from __future__ import annotations

import json

import pytest

from tests.deploy.conftest import Project, planned, python

pytestmark = [pytest.mark.deploy, pytest.mark.xdist_group("dev")]

STATE_BUCKET = "mapvibe-dev-state-111122223333"
STATE_KEY = "mapvibe/dev/terraform.tfstate"


def test_the_deploy_says_where_everything_is(dev: Project) -> None:
    for line in ("nothing would change", "api_url", "proxy_endpoint", "make destroy-local"):
        assert line in dev.log, dev.log
    assert f"s3://{STATE_BUCKET}/{STATE_KEY}" in dev.log


def test_no_state_is_left_on_the_disk(dev: Project) -> None:
    left = [
        path
        for path in dev.root.rglob("*.tfstate*")
        # Terraform's own pointer to the bucket is named like a state and holds none.
        if ".terraform" not in path.parts and not path.is_symlink()
    ]
    assert left == []
    assert not (dev.root / ".local" / "backend-dev").exists()


def test_both_states_are_in_the_bucket_under_our_key(dev: Project) -> None:
    s3, kms = dev.client("s3"), dev.client("kms")
    key = kms.describe_key(KeyId="alias/mapvibe-dev-state")["KeyMetadata"]["KeyId"]
    for stack in ("dev", "backend-dev"):
        head = s3.head_object(Bucket=STATE_BUCKET, Key=f"mapvibe/{stack}/terraform.tfstate")
        assert head["ServerSideEncryption"] == "aws:kms"
        assert key in head["SSEKMSKeyId"] or "alias/mapvibe-dev-state" in head["SSEKMSKeyId"]


def test_the_secret_can_be_read_and_is_in_no_state(dev: Project) -> None:
    """An output reachable, and the promise that no state ever holds the password."""
    body = dev.client("s3").get_object(Bucket=STATE_BUCKET, Key=STATE_KEY)["Body"].read().decode()
    arn = json.loads(body)["outputs"]["database_secret_arn"]["value"]
    secret = dev.client("secretsmanager").get_secret_value(SecretId=arn)["SecretString"]
    values = json.loads(secret)
    assert values["username"] == "mapvibe_app"
    assert len(values["password"]) == 40
    assert values["password"] not in body


def test_log_groups_and_proxy_of_the_outputs_exist(dev: Project) -> None:
    status, text = dev.run("cdktf", "output", "dev")
    assert status == 0, text
    groups = {g["logGroupName"] for g in dev.client("logs").describe_log_groups()["logGroups"]}
    assert {"/aws/lambda/mapvibe-dev-rag", "/aws/apigateway/mapvibe-dev-api"} <= groups
    (proxy,) = dev.client("rds").describe_db_proxies()["DBProxies"]
    assert proxy["Endpoint"] in dev.log


def test_deploying_again_changes_nothing(dev: Project) -> None:
    status, log = dev.run(python(), "-m", "local", "deploy", "dev")
    assert status == 0, log
    assert "No changes." in log
    assert " complete after " not in log
    assert "remote state of dev: nothing to change" in (dev.root / ".local/backend.log").read_text()


def test_cdktf_lists_and_diffs(dev: Project) -> None:
    status, listed = dev.run("cdktf", "list")
    assert status == 0, listed
    names = {line.split()[0] for line in listed.splitlines() if line.strip()}
    assert {"dev", "prod", "backend-dev", "backend-prod"} <= names
    status, text = dev.run("cdktf", "diff", "dev")
    assert status == 0, text
    assert "No changes" in text


def test_a_changed_setting_plans_exactly_its_change(dev: Project) -> None:
    dev.change("memory_mib=512", "memory_mib=768")
    status, log = dev.run("cdktf", "synth")
    assert status == 0, log
    changes = planned(dev)
    dev.change("memory_mib=768", "memory_mib=512")
    kinds = {address.split(".")[0]: actions for address, actions in changes.items()}
    assert kinds == {
        "aws_lambda_function": ["update"],
        "aws_lambda_alias": ["update"],
    }, changes


def test_the_wrong_account_changes_nothing(dev: Project) -> None:
    stranger = "999988887777"
    before = dev.inventory()
    status, log = dev.run("cdktf", "deploy", "dev", "--auto-approve", account=stranger)
    assert status != 0
    assert stranger in log
    status, line = dev.run(python(), "-m", "backend", "create", "dev", account=stranger)
    assert status == 1
    assert f"they are of account {stranger}, but dev lives in 111122223333" in line
    assert "Traceback" not in line
    assert dev.inventory(stranger) == {}
    assert dev.inventory() == before


def test_a_second_apply_at_the_same_time_waits_for_the_lock(dev: Project) -> None:
    table = dev.client("dynamodb")
    lock = {"LockID": {"S": f"{STATE_BUCKET}/{STATE_KEY}"}, "Info": {"S": '{"ID":"other"}'}}
    table.put_item(TableName="mapvibe-dev-state-lock", Item=lock)
    status, log = dev.run("terraform", f"-chdir={dev.stack}", "plan", "-input=false")
    table.delete_item(TableName="mapvibe-dev-state-lock", Key={"LockID": lock["LockID"]})
    assert status == 1
    assert "Error acquiring the state lock" in log


def test_a_mistake_in_the_settings_never_reaches_terraform(dev: Project) -> None:
    dev.change("timeout_seconds=28", "timeout_seconds=60")
    status, log = dev.run("cdktf", "deploy", "dev", "--auto-approve")
    dev.change("timeout_seconds=60", "timeout_seconds=28")
    assert status != 0
    assert "environments/dev.py: api.timeout_ms=30000: below function.timeout_seconds=60" in log
    assert "Traceback" not in log


def test_destroy_leaves_nothing_but_the_remote_state(dev: Project) -> None:
    status, log = dev.run("cdktf", "destroy", "dev", "--auto-approve")
    assert status == 0, log
    left = dev.inventory()
    keys = left.pop("kms:key")
    assert left == {
        "dynamodb:table": ["mapvibe-dev-state-lock"],
        "kms:alias": ["alias/mapvibe-dev-state"],
        "s3:bucket": [STATE_BUCKET, "mapvibe-dev-state-logs-111122223333"],
    }
    assert len(keys) == 1

"""Runbooks as they are written: their commands are typed into a shell beside a deployed dev.

In the deployment of ``test_dev.py``, whose worker runs it.
"""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta

import pytest

from local.deploy import local_api
from local.drill.account import Account
from local.drill.receiver import receiving
from pipeline.errors import Status
from pipeline.report.machine import decode
from tests.deploy.conftest import Project, python
from tests.deploy.test_dev import STATE_BUCKET, STATE_KEY
from tests.support.by_hand import ByHand
from tests.support.runbooks import Page

pytestmark = [pytest.mark.deploy, pytest.mark.xdist_group("dev")]


def _page(name: str, dev: Project) -> Page:
    return Page.open(name, root=dev.root, process=dev.process)


def test_lock(dev: Project) -> None:
    """A job of the pipeline was cancelled; its container is gone."""
    info = {
        "ID": "6f1d0000-dead-4000-8000-000000000001",
        "Operation": "OperationTypeApply",
        "Who": "root@runner-t3x4-project-42-concurrent-0",
        "Created": (datetime.now(UTC) - timedelta(hours=3)).isoformat(),
    }
    dev.client("dynamodb").put_item(
        TableName="mapvibe-dev-state-lock",
        Item={"LockID": {"S": f"{STATE_BUCKET}/{STATE_KEY}"}, "Info": {"S": json.dumps(info)}},
    )
    page = _page("lock", dev)
    status, said = page.type("make show-lock STACK=dev")
    assert status == 0, said
    assert "UTC, 3:00:" in said
    assert "cannot be told: it is a job of GitLab's runner" in said
    status, said = page.type("make unlock STACK=dev")
    assert status != 0
    status, said = page.type("make unlock STACK=dev LOCK=LOCK_ID", LOCK_ID=info["ID"])
    assert status == 0, said
    assert page.left == []
    status, said = dev.run("terraform", f"-chdir={dev.stack}", "plan", "-input=false")
    assert status == 0, said


KINDS = (
    # What Terraform manages.
    "the VPC vpc-",
    "was changed outside Terraform: tags_all.Owner",
    "the cloudwatch log group /aws/lambda/mapvibe-dev-rag was changed outside Terraform",
    "retention_in_days 365 → 1; log entries are kept for 1 instead of 365 days",
    "the IAM role policy invoke-models was changed outside Terraform: policy; may now * on *",
    "public bucket policies are no longer blocked",
    "the alarm tells nobody any more",
    "of the security group mapvibe-dev-database was changed outside Terraform: cidr_ipv4",
    "opens port 5432 to anywhere",
    "the lambda function mapvibe-dev-rag was changed outside Terraform: memory_size 512 → 128",
    "backups are kept for 0 instead of 1 days",
    # What it does not compare.
    "the security group mapvibe-dev-database lets 0.0.0.0/0 in on port 5433: added outside",
    "the IAM role mapvibe-dev-rag has the inline policy by-hand: added outside",
    "the IAM role mapvibe-dev-rag has the policy arn:aws:iam::aws:policy/AdministratorAccess",
    "has the rule 77: allow all ports in from 0.0.0.0/0",
    "has a route to 198.51.100.0/24 by igw-",
    "the SQS queue mapvibe-dev-rag-dead-letters has a policy of its own",
)


def test_drift(dev: Project) -> None:
    """Each kind of change by hand is found, told in words and in Slack, and mended."""
    hand = ByHand.of_state(dev.client, STATE_BUCKET, STATE_KEY)
    page = _page("drift", dev)
    secrets = dev.client("secretsmanager")
    secret = "mapvibe/dev/alerts/slack-webhook"
    before = Account(dev.emulator, dev.environment).secret(secret)
    hand.change()
    hand.add()
    hand.change_slowly_mended()
    with receiving() as slack:
        secrets.put_secret_value(SecretId=secret, SecretString=slack.url)
        status, said = page.type("cdktf synth")
        assert status == 0, said
        status, said = page.type("python -m pipeline drift dev", more="--tell")
        assert status == Status.DRIFT, said
        told = slack.wait_for(lambda text: "changed outside Terraform" in text, 60)
    if before is not None:
        secrets.put_secret_value(SecretId=secret, SecretString=before)
    report = decode((dev.root / "reports" / "dev.json").read_bytes(), name="dev.json")
    found = "\n".join(each.text for each in report.environments[0].stacks[0].warnings)
    assert [kind for kind in KINDS if kind not in found] == []
    assert "told to arn:aws:sns:ap-southeast-1:111122223333:mapvibe-dev-alerts-critical" in said
    assert told is not None
    assert "the security group mapvibe-dev-database lets 0.0.0.0/0 in on port 5433" in told

    hand.change_slowly_mended(back=True)
    status, said = page.type("cdktf deploy dev", more="--auto-approve")
    assert status == 0, said
    for command in list(page.left):
        filled = {
            name: value for name, value in hand.made.items() if re.search(rf"\b{name}\b", command)
        }
        status, said = page.type(command, **filled)
        assert status == 0, said
    status, said = dev.run(python(), "-m", "pipeline", "drift", "dev")
    assert status == 0, said
    assert "dev: everything is as the default branch describes it" in said


def test_deploy(dev: Project) -> None:
    page = _page("deploy", dev)
    status, said = page.type("make plan ENV=dev")
    assert status == 0, said
    status, said = page.type("cdktf deploy dev", more="--auto-approve")
    assert status == 0, said
    url = local_api(dev.emulator, dev.environment, root=dev.root)
    status, said = page.type("curl -fsS API_URL/health", API_URL=url)
    assert (status, json.loads(said)["status"]) == (0, "ok"), said
    assert page.left == []

"""A deployed dev whose settings are changed, and changed back, and then destroyed.

The tests of this file run in order, on the deployment of test_dev.py.
"""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from local.examples import EXAMPLES
from tests.deploy.conftest import Project, planned, python
from tests.support.runbooks import Page

pytestmark = [pytest.mark.deploy, pytest.mark.xdist_group("dev")]

DATABASE = "database_instance_4ACD93C1"
TWO_ZONES = '("ap-southeast-1a", "ap-southeast-1b")'
THREE_ZONES = '("ap-southeast-1a", "ap-southeast-1b", "ap-southeast-1c")'
OTHER_ZONES = '("ap-southeast-1a", "ap-southeast-1c")'
PROXY = f"proxy=ProxySettings(zones={TWO_ZONES})"
POOL = {
    "MaxConnectionsPercent": 90,
    "MaxIdleConnectionsPercent": 50,
    "ConnectionBorrowTimeout": 5,
    "SessionPinningFilters": [],
}

LARGER = {
    f" zones={TWO_ZONES},": f" zones={THREE_ZONES},",
    PROXY: PROXY.replace(TWO_ZONES, OTHER_ZONES),
    'nat="none"': 'nat="single"',
    "cloudwatch_days=7": "cloudwatch_days=None",
    'format="plain-text"': 'format="parquet"',
    '"bedrock-runtime", "secretsmanager"': '"bedrock-runtime", "sts"',
    'instance_class="db.t4g.micro"': 'instance_class="db.t3.micro"',
    "storage_gib=20": "storage_gib=30",
    "memory_mib=512": "memory_mib=768",
    "throttle_rate=20": 'throttle_rate=30, cors_origins=("https://app.example.com",)',
    "log_retention_days=365": "log_retention_days=731",
}
"""Old to new text of environments/dev.py."""


def _deploy(dev: Project) -> None:
    status, log = dev.run("cdktf", "deploy", "dev", "--auto-approve")
    assert status == 0, log
    assert planned(dev) == {}


def _pool(dev: Project) -> dict[str, Any]:
    (proxy,) = dev.client("rds").describe_db_proxies()["DBProxies"]
    name = proxy["DBProxyName"]
    (group,) = dev.client("rds").describe_db_proxy_target_groups(DBProxyName=name)["TargetGroups"]
    (target,) = dev.client("rds").describe_db_proxy_targets(DBProxyName=name)["Targets"]
    assert target["RdsResourceId"] == "mapvibe-dev-database"
    return dict(group["ConnectionPoolConfig"])


def test_a_rename_that_would_replace_data_is_caught_and_mended_by_moved(dev: Project) -> None:
    """As a merge request would show it, and as ``move_from_id`` of CDKTF writes it."""
    path, old, new = dev.stack / "cdk.tf.json", DATABASE, "database_renamed_00000000"
    text = path.read_text()
    body = json.loads(text.replace(f"aws_db_instance.{old}", f"aws_db_instance.{new}"))
    databases = body["resource"]["aws_db_instance"]
    databases[new] = databases.pop(old)
    try:
        path.write_text(json.dumps(body))
        status, said = dev.run(python(), "-m", "pipeline", "plan", "dev", "--no-cost")
        assert status == 0, said
        assert "Data is lost" in said
        assert f"aws_db_instance.{old}" in "".join(said.split())
        assert "its databases will be lost" in " ".join(said.split())
        moved = {"from": f"aws_db_instance.{old}", "to": f"aws_db_instance.{new}"}
        path.write_text(json.dumps({**body, "moved": [moved]}))
        assert planned(dev, "-lock=false") == {}
    finally:
        path.write_text(text)


def test_a_third_zone_and_everything_larger(dev: Project) -> None:
    before = _pool(dev)
    for old, new in LARGER.items():
        dev.change(old, new)
    _deploy(dev)
    assert _pool(dev) == before == POOL
    (instance,) = dev.client("rds").describe_db_instances()["DBInstances"]
    assert len(instance["DBSubnetGroup"]["Subnets"]) == 3
    assert (instance["DBInstanceClass"], instance["AllocatedStorage"]) == ("db.t3.micro", 30)


def test_the_version_before_serves_and_the_next_deployment_goes_forward(dev: Project) -> None:
    """The third zone's deployment has published a version; the runbook takes it back."""
    newer = dev.api("GET", "/health")[1]["version"]
    page = Page.open("rollback", root=dev.root, process=dev.process)
    status, said = page.type("make rollback ENV=dev < /dev/null")
    assert status != 0
    found = re.search(r"would serve +version (\d+) ", said)
    assert found, said
    assert dev.api("GET", "/health")[1]["version"] == newer, "it only looked"
    status, said = page.type("make rollback ENV=dev YES=1")
    assert status == 0, said
    assert "memory 768 → 512 MiB" in said
    assert dev.api("GET", "/health")[1]["version"] == found[1] != newer
    assert dev.api("POST", EXAMPLES[0].path, EXAMPLES[0].body)[0] == 200
    changes = {address.split(".")[0]: actions for address, actions in planned(dev).items()}
    assert changes == {"aws_lambda_alias": ["update"]}, "Terraform would go forward again"
    status, said = page.type("make rollback ENV=dev VERSION=NEWER YES=1", NEWER=newer)
    assert status == 0, said
    assert dev.api("GET", "/health")[1]["version"] == newer
    assert page.left == []


def test_a_replaced_parent_takes_its_children_along(dev: Project) -> None:
    """As Terraform and the provider plan it; tests/stacks/test_children.py reads the JSON."""
    parents = ("aws_db_instance", "aws_db_proxy", "aws_iam_role", "aws_lambda_function")
    status, listed = dev.run("terraform", f"-chdir={dev.stack}", "state", "list")
    assert status == 0, listed
    addresses = [line for line in listed.splitlines() if line.startswith(parents)]
    changes = planned(dev, *(f"-replace={address}" for address in addresses))
    children = (
        "aws_db_proxy_default_target_group",
        "aws_db_proxy_target",
        "aws_iam_role_policy",
        "aws_iam_role_policy_attachment",
        "aws_lambda_alias",
        "aws_lambda_permission",
    )
    kept = [
        address
        for address in listed.splitlines()
        if address.startswith(tuple(f"{child}." for child in children))
        and changes.get(address) != ["delete", "create"]
    ]
    assert kept == []


def test_back_to_what_it_was_and_without_a_proxy(dev: Project) -> None:
    for old, new in LARGER.items():
        if not old.startswith("storage_gib"):  # AWS takes no storage back
            dev.change(new, old)
    dev.change(PROXY, "proxy=None")
    _deploy(dev)
    assert dev.client("rds").describe_db_proxies()["DBProxies"] == []
    (instance,) = dev.client("rds").describe_db_instances()["DBInstances"]
    assert len(instance["DBSubnetGroup"]["Subnets"]) == 2
    status, health = dev.api("GET", "/health")
    assert (status, health["status"]) == (200, "ok"), health


def test_destroy_leaves_nothing_but_the_remote_state(dev: Project) -> None:
    status, log = dev.run("cdktf", "destroy", "dev", "--auto-approve")
    assert status == 0, log
    left = dev.inventory()
    keys = left.pop("kms:key")
    assert left == {
        "dynamodb:table": ["mapvibe-dev-state-lock"],
        "kms:alias": ["alias/mapvibe-dev-state"],
        "s3:bucket": ["mapvibe-dev-state-111122223333", "mapvibe-dev-state-logs-111122223333"],
    }
    assert len(keys) == 1

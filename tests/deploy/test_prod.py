"""prod's stack: it deploys, it resists ``destroy``, and the documented way takes it down.

The tests of this file run in order and share one deployment. Beside them the pipeline's tests apply
all of prod each time.
"""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

import toolchain
from tests.deploy.conftest import Project
from tests.support.long_form import scheduled

pytestmark = [pytest.mark.deploy, pytest.mark.xdist_group("prod"), scheduled]

DATABASE = "mapvibe-prod-database"


def test_prod_deploys_completely(prod: Project) -> None:
    assert "nothing would change" in prod.log
    (instance,) = prod.client("rds").describe_db_instances()["DBInstances"]
    assert (instance["MultiAZ"], instance["DeletionProtection"]) == (True, True)


def test_destroy_is_stopped_before_anything_is_lost(prod: Project) -> None:
    before = prod.inventory()
    status, _ = prod.run("cdktf", "destroy", "prod", "--auto-approve")
    assert status != 0
    assert prod.inventory() == before
    # On a busy machine cdktf may lose the end of what Terraform says: ask Terraform itself.
    chdir = f"-chdir={prod.stack}"
    status, log = prod.run(
        str(toolchain.terraform()), chdir, "plan", "-destroy", "-input=false", "-no-color"
    )
    assert status != 0
    assert "Instance cannot be destroyed" in log


def test_aws_refuses_as_well(prod: Project) -> None:
    with pytest.raises(ClientError, match=r"(?i)deletion.?protection"):
        prod.client("rds").delete_db_instance(DBInstanceIdentifier=DATABASE, SkipFinalSnapshot=True)


def test_the_documented_way_destroys_and_keeps_a_snapshot(prod: Project) -> None:
    """docs/runbooks/destroy.md, step by step."""
    allowed = {"MAPVIBE_ALLOW_DESTROY": "prod"}
    status, log = prod.run("cdktf", "deploy", "prod", "--auto-approve", **allowed)
    assert status == 0, log
    status, log = prod.run("cdktf", "destroy", "prod", "--auto-approve", **allowed)
    assert status == 0, log
    (snapshot,) = prod.client("rds").describe_db_snapshots(SnapshotType="manual")["DBSnapshots"]
    assert snapshot["DBSnapshotIdentifier"].startswith(f"{DATABASE}-final-")
    left = set(prod.inventory())
    assert left == {"dynamodb:table", "kms:alias", "kms:key", "rds:snapshot", "s3:bucket"}

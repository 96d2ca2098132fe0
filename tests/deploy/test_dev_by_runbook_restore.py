"""The page of the database's restore, followed on the deployed dev: what was deleted is back.

In the deployment of ``test_dev.py``, whose worker runs it. The suite switches over and back; the long
form goes on to the end of the page, where Terraform knows the restored instance.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Any

import pytest

from local.deploy import local_api
from tests.deploy.conftest import Project, planned
from tests.support.long_form import LONG
from tests.support.runbooks import Page

pytestmark = [pytest.mark.deploy, pytest.mark.drill, pytest.mark.xdist_group("dev")]

DOCUMENT = {"id": "lost-and-found", "title": "Lost", "text": "What is lost is found again."}
NAME = "mapvibe-dev-database"
DAMAGED, RESTORED = f"{NAME}-damaged", f"{NAME}-restored"
SNAPSHOT, LAST = "mapvibe-dev-before", f"{DAMAGED}-last"
PLACEHOLDERS = ("CLASS", "SUBNETS", "SECURITY_GROUP", "PARAMETERS", "KEY")
BY_TIME = "aws rds restore-db-instance-to-point-in-time"
BY_SNAPSHOT = "aws rds restore-db-instance-from-db-snapshot"
TAKEN = ("create-db-snapshot", "wait db-snapshot-available", "describe-db-snapshots")


def whole(opened: Page, begin: str) -> str:
    """The next command of the page that begins so."""
    return next(each for each in opened.left if each.startswith(begin))


def typed(opened: Page, begin: str, more: str = "", **filled: str) -> str:
    """What that command says, which must go well."""
    command = whole(opened, begin)
    needed = {name: value for name, value in filled.items() if name in command}
    status, said = opened.type(command, more=more, **needed)
    assert status == 0, said
    return said


def is_there(dev: Project) -> bool:
    status, answer = dev.api("GET", f"/documents/{DOCUMENT['id']}")
    assert status in (200, 404), answer
    return status == 200


def lose(dev: Project) -> None:
    url = local_api(dev.emulator, dev.environment, root=dev.root)
    status, said = dev.run("curl", "-fsS", "-X", "DELETE", f"{url}/documents/{DOCUMENT['id']}")
    assert status == 0, said


def instance(dev: Project, name: str = NAME) -> dict[str, Any]:
    (found,) = dev.client("rds").describe_db_instances(DBInstanceIdentifier=name)["DBInstances"]
    return dict(found)


@pytest.mark.parametrize("way", [BY_TIME, BY_SNAPSHOT])
def test_what_was_deleted_is_back_and_no_code_changes(dev: Project, way: str) -> None:
    opened = Page.open("restore-database", root=dev.root, process=dev.process)
    status, answer = dev.api("POST", "/documents", DOCUMENT)
    assert status in (200, 201), answer
    before = instance(dev)
    like = typed(opened, "aws rds describe-db-instances").split("\t")
    filled = dict(zip(PLACEHOLDERS, like, strict=False))

    for command in TAKEN:
        typed(opened, f"aws rds {command}")
    time.sleep(1)
    filled |= {"TIME": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}", "SNAPSHOT": SNAPSHOT}
    time.sleep(1)
    lose(dev)
    typed(opened, way, **filled)
    opened.skip(whole(opened, "aws rds restore"), reason="the other way")
    assert not is_there(dev), "callers see the old data until the switch"

    for command in ("wait", "modify-db-instance", "wait"):
        typed(opened, f"aws rds {command}", **filled)
    typed(opened, "aws rds deregister-db-proxy-targets")
    for command in ("aws rds modify-db-instance", "until") * 2:
        typed(opened, command)
    typed(opened, "aws rds register-db-proxy-targets")
    assert is_there(dev), "restored data are read before Terraform knows of them"
    assert instance(dev)["DbiResourceId"] != before["DbiResourceId"]
    if LONG:
        to_the_end(dev, opened)
        after = instance(dev)
        for name in ("EnabledCloudwatchLogsExports", "MonitoringRoleArn", "MaxAllocatedStorage"):
            assert after[name] == before[name]
    else:
        switch_back(dev)
        assert not is_there(dev), "the damaged one is as it was"
    dev.client("rds").delete_db_snapshot(DBSnapshotIdentifier=SNAPSHOT)
    assert planned(dev) == {}


def to_the_end(dev: Project, opened: Page) -> None:
    """The rest of the page."""
    for command in ("cdktf synth", "terraform", "terraform"):
        typed(opened, command)
    said = typed(opened, "make adopt", more="YES=1")
    assert DAMAGED in said
    assert "REPLACE" not in said
    typed(opened, "cdktf deploy", more="--auto-approve")
    typed(opened, "make plan")
    typed(opened, "curl", API_URL=local_api(dev.emulator, dev.environment, root=dev.root))
    assert is_there(dev)
    typed(opened, "aws rds modify-db-instance")
    typed(opened, "aws rds delete-db-instance")
    assert opened.left == []
    dev.client("rds").delete_db_snapshot(DBSnapshotIdentifier=LAST)


def switch_back(dev: Project) -> None:
    """The names the other way round, as the page says where the time was not the right one."""
    rds = dev.client("rds")
    proxy = {"DBProxyName": f"{NAME}-proxy", "DBInstanceIdentifiers": [NAME]}
    rds.deregister_db_proxy_targets(**proxy)
    for old, new in ((NAME, RESTORED), (DAMAGED, NAME)):
        rds.modify_db_instance(
            DBInstanceIdentifier=old, NewDBInstanceIdentifier=new, ApplyImmediately=True
        )
    rds.register_db_proxy_targets(**proxy)
    rds.delete_db_instance(DBInstanceIdentifier=RESTORED, SkipFinalSnapshot=True)

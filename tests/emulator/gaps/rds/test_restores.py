"""Gaps of RDS: what a restored instance has; its data are in ``test_restored_databases.py``."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.emulator.conftest import Aws
from tests.emulator.gaps.rds.resources import create, instance, parameter_group

TAGS = [{"Key": "Environment", "Value": "dev"}]


def _source(aws: Aws, name: str, **settings: Any) -> str:
    create(
        aws,
        name,
        DBParameterGroupName=parameter_group(aws, f"{name}-group"),
        DeletionProtection=True,
        EnableIAMDatabaseAuthentication=True,
        EnableCloudwatchLogsExports=["postgresql"],
        BackupRetentionPeriod=7,
        Tags=TAGS,
        **settings,
    )
    return name


def _restore(aws: Aws, way: str, source: str, **asked: Any) -> dict[str, Any]:
    rds, target = aws("rds"), f"{source}-restored"
    if way == "time":
        rds.restore_db_instance_to_point_in_time(
            SourceDBInstanceIdentifier=source,
            TargetDBInstanceIdentifier=target,
            UseLatestRestorableTime=True,
            **asked,
        )
    else:
        rds.create_db_snapshot(DBInstanceIdentifier=source, DBSnapshotIdentifier=f"{source}-kept")
        rds.restore_db_instance_from_db_snapshot(
            DBSnapshotIdentifier=f"{source}-kept", DBInstanceIdentifier=target, **asked
        )
    return instance(aws, target)


@pytest.mark.gap("rds/restores")
@pytest.mark.parametrize(("way", "tags"), [("time", []), ("snapshot", TAGS)])
def test_what_is_not_said_is_the_default(aws: Aws, way: str, tags: list[Any]) -> None:
    found = _restore(aws, way, _source(aws, f"silent-{way}"))
    assert (found["DeletionProtection"], found["IAMDatabaseAuthenticationEnabled"]) == (
        False,
        False,
    )
    assert "MasterUserSecret" not in found
    assert found.get("EnabledCloudwatchLogsExports", []) == []
    assert found["DBParameterGroups"][0]["DBParameterGroupName"].startswith("default.")
    assert "ReadReplicaSourceDBInstanceIdentifier" not in found
    assert found["TagList"] == tags
    assert (found["EngineVersion"], found["BackupRetentionPeriod"]) == ("17.5", 7)


@pytest.mark.gap("rds/restores")
@pytest.mark.parametrize("way", ["time", "snapshot"])
def test_what_is_said_holds(aws: Aws, way: str) -> None:
    name = _source(aws, f"said-{way}")
    asked = {"DBParameterGroupName": f"{name}-group", "DBInstanceClass": "db.t4g.small"}
    found = _restore(aws, way, name, MultiAZ=True, Tags=[{"Key": "a", "Value": "b"}], **asked)
    assert found["DBParameterGroups"][0]["DBParameterGroupName"] == f"{name}-group"
    assert (found["DBInstanceClass"], found["MultiAZ"]) == ("db.t4g.small", True)
    assert found["TagList"] == [{"Key": "a", "Value": "b"}]
    assert "MasterUserSecret" not in found


@pytest.mark.gap("rds/restores")
def test_a_time_must_be_said_once_and_kept(aws: Aws) -> None:
    rds = aws("rds")

    def refused(source: str, **asked: Any) -> str:
        with pytest.raises(ClientError) as caught:
            rds.restore_db_instance_to_point_in_time(
                SourceDBInstanceIdentifier=source, TargetDBInstanceIdentifier="never", **asked
            )
        return str(caught.value.response["Error"]["Code"])

    create(aws, "kept", BackupRetentionPeriod=1)
    create(aws, "unkept", BackupRetentionPeriod=0)
    assert refused("kept") == "InvalidParameterCombination"
    assert refused("unkept", UseLatestRestorableTime=True) == "PointInTimeRestoreNotEnabled"
    assert refused("kept", RestoreTime="2999-01-01T00:00:00Z") == "InvalidParameterValue"

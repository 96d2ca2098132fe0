"""Gaps of RDS: what may be changed of an instance, and when it changes."""

from __future__ import annotations

import contextlib
from typing import Any

import pytest
from botocore.exceptions import ClientError

from emulator.gaps.rds import versions
from stacks.rag.postgresql import MAJORS
from tests.emulator.conftest import Aws
from tests.emulator.gaps.rds.resources import create, instance, parameter_group

_ALLOWED = {"AllowMajorVersionUpgrade": True, "ApplyImmediately": True}


def _modify(aws: Aws, name: str, **changes: Any) -> dict[str, Any]:
    answer = aws("rds").modify_db_instance(DBInstanceIdentifier=name, **changes)
    return dict(answer["DBInstance"])


def _group_of(described: dict[str, Any]) -> str:
    [group] = described["DBParameterGroups"]
    return str(group["DBParameterGroupName"])


@pytest.mark.gap("rds/instance-limits")
@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"DBInstanceClass": "db.t4g.gigantic"}, "Invalid DB Instance class"),
        ({"EngineVersion": "17.99"}, "Cannot find version 17.99"),
        ({"EngineVersion": "99"}, "Cannot find version 99"),
        ({"AllocatedStorage": 19, "StorageType": "gp3"}, "Invalid storage size"),
        ({"MaxAllocatedStorage": 20}, "must be greater than storage size"),
        ({"MaxAllocatedStorage": 21}, "at least 10 percent"),
        ({"BackupRetentionPeriod": 36}, "between 0 and 35"),
    ],
)
def test_an_instance_has_limits(aws: Aws, settings: dict[str, Any], message: str) -> None:
    with pytest.raises(ClientError, match=message):
        create(aws, "limits", **settings)
    assert (
        aws("rds").describe_db_instances(
            Filters=[{"Name": "db-instance-id", "Values": ["limits"]}]
        )["DBInstances"]
        == []
    )


@pytest.mark.gap("rds/instance-limits")
def test_a_parameter_group_belongs_to_the_version(aws: Aws) -> None:
    group = parameter_group(aws, "family-18", "postgres18")

    with pytest.raises(ClientError, match=r"Use a parameter group with .* postgres17"):
        create(aws, "family", DBParameterGroupName=group)


@pytest.mark.gap("rds/instance-limits")
def test_a_major_version_alone_takes_a_minor_one(aws: Aws) -> None:
    assert create(aws, "major-alone", EngineVersion="17")["EngineVersion"] == "17.11"


@pytest.mark.gap("rds/modifications")
@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"EngineVersion": "18"}, "AllowMajorVersionUpgrade flag must be present"),
        ({"EngineVersion": "17.4"}, "Cannot upgrade postgres from 17.5 to 17.4"),
        ({"EngineVersion": "16", **_ALLOWED}, "Cannot upgrade postgres from 17.5 to 16.15"),
        ({"EngineVersion": "19", **_ALLOWED}, "Cannot find version 19"),
        ({"DBParameterGroupName": "refused-18"}, "Use a parameter group with .* postgres17"),
        ({"AllocatedStorage": 19}, "Invalid storage size"),
        ({"AllocatedStorage": 50}, "must be greater than storage size"),
        ({"MaxAllocatedStorage": 21}, "at least 10 percent"),
        ({"DBInstanceClass": "t4g.micro"}, "Invalid DB Instance class"),
        ({"BackupRetentionPeriod": 36}, "between 0 and 35"),
        ({"NewDBInstanceIdentifier": "refused-other"}, "DBInstanceAlreadyExists"),
    ],
)
def test_what_aws_refuses_to_change(aws: Aws, changes: dict[str, Any], message: str) -> None:
    name = f"refused-{abs(hash(message)) % 10_000}"
    create(aws, name, MaxAllocatedStorage=50)
    with contextlib.suppress(ClientError):  # made by an earlier case
        parameter_group(aws, "refused-18", "postgres18")
        create(aws, "refused-other")
    before = instance(aws, name)

    with pytest.raises(ClientError, match=message):
        _modify(aws, name, **{"ApplyImmediately": True, **changes})

    after = instance(aws, name)
    assert {**after, "LatestRestorableTime": None} == {**before, "LatestRestorableTime": None}


@pytest.mark.gap("rds/modifications")
def test_a_change_waits_for_the_window_unless_it_is_immediate(aws: Aws) -> None:
    name = "waits"
    create(aws, name, MaxAllocatedStorage=100)

    waiting = _modify(aws, name, DBInstanceClass="db.t4g.small", BackupRetentionPeriod=7)
    assert waiting["PendingModifiedValues"] == {"DBInstanceClass": "db.t4g.small"}
    assert (waiting["DBInstanceClass"], waiting["BackupRetentionPeriod"]) == ("db.t4g.micro", 7)

    more = _modify(aws, name, MultiAZ=True, AllocatedStorage=40)
    assert more["PendingModifiedValues"] == {
        "AllocatedStorage": 40,
        "DBInstanceClass": "db.t4g.small",
        "MultiAZ": True,
    }

    withdrawn = _modify(aws, name, MultiAZ=False)
    assert "MultiAZ" not in withdrawn["PendingModifiedValues"]

    applied = _modify(aws, name, CopyTagsToSnapshot=True, ApplyImmediately=True)
    assert applied["PendingModifiedValues"] == {}
    assert (applied["DBInstanceClass"], applied["AllocatedStorage"]) == ("db.t4g.small", 40)
    assert applied["MaxAllocatedStorage"] == 100
    still = _modify(aws, name, MaxAllocatedStorage=40)
    assert "MaxAllocatedStorage" not in still, "growing up to what there is means not at all"


@pytest.mark.gap("rds/modifications")
def test_a_major_upgrade_waits_with_its_parameter_group(aws: Aws) -> None:
    rds, name = aws("rds"), "upgraded"
    old, new = (parameter_group(aws, f"upgraded-{v}", f"postgres{v}") for v in (17, 18))
    create(aws, name, DBParameterGroupName=old)

    with pytest.raises(ClientError, match=f"parameter group {old} is custom"):
        _modify(aws, name, EngineVersion="18", **_ALLOWED)
    waiting = _modify(
        aws, name, EngineVersion="18", DBParameterGroupName=new, AllowMajorVersionUpgrade=True
    )
    assert (waiting["EngineVersion"], _group_of(waiting)) == ("17.5", old)
    assert waiting["PendingModifiedValues"] == {"EngineVersion": "18.6"}
    with pytest.raises(ClientError, match="InvalidDBParameterGroupState"):
        rds.delete_db_parameter_group(DBParameterGroupName=old)

    upgraded = _modify(aws, name, **_ALLOWED)
    assert (upgraded["EngineVersion"], _group_of(upgraded)) == ("18.6", new)
    rds.delete_db_parameter_group(DBParameterGroupName=old)


@pytest.mark.gap("rds/modifications")
def test_a_default_parameter_group_follows_the_version(aws: Aws) -> None:
    create(aws, "default-group")

    upgraded = _modify(aws, "default-group", EngineVersion="18", **_ALLOWED)

    assert _group_of(upgraded) == "default.postgres18"


@pytest.mark.gap("rds/final-snapshots")
def test_a_final_snapshot_is_named_or_skipped(aws: Aws) -> None:
    rds = aws("rds")
    create(aws, "ends")

    with pytest.raises(ClientError, match="FinalDBSnapshotIdentifier is required"):
        rds.delete_db_instance(DBInstanceIdentifier="ends")
    rds.delete_db_instance(DBInstanceIdentifier="ends", FinalDBSnapshotIdentifier="ends-final")
    assert rds.describe_db_snapshots(DBSnapshotIdentifier="ends-final")["DBSnapshots"]


def test_the_versions_are_those_of_the_settings() -> None:
    """The emulator imports no stack, so it has a list of its own."""
    of_settings = {int(major): max(found.minors) for major, found in MAJORS.items()}

    assert of_settings.items() <= versions.NEWEST_MINOR.items()


@pytest.mark.gap("rds/kept-master-secret")
def test_a_managed_password_keeps_its_secret(aws: Aws) -> None:
    """https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ModifyDBInstance.html."""
    made = create(aws, "managed")["MasterUserSecret"]["SecretArn"]

    changed = _modify(aws, "managed", ManageMasterUserPassword=True)

    assert changed["MasterUserSecret"]["SecretArn"] == made

"""What our stacks rely on to keep data, and moto does by itself."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from emulator.control import Emulator
from tests.emulator.conftest import clients


def test_a_protected_table_is_not_deleted(emulator: Emulator, account_id: str) -> None:
    tables = clients(emulator, account_id)("dynamodb")
    tables.create_table(
        TableName="protected",
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        DeletionProtectionEnabled=True,
    )

    with pytest.raises(ClientError, match="DeletionProtectionEnabled is set"):
        tables.delete_table(TableName="protected")
    tables.update_table(TableName="protected", DeletionProtectionEnabled=False)
    tables.delete_table(TableName="protected")

    assert tables.list_tables()["TableNames"] == []


def test_a_protected_database_is_not_deleted_and_leaves_its_final_snapshot(
    emulator: Emulator, account_id: str
) -> None:
    rds = clients(emulator, account_id)("rds")
    rds.create_db_instance(
        DBInstanceIdentifier="protected",
        DBInstanceClass="db.t4g.micro",
        Engine="postgres",
        AllocatedStorage=20,
        MasterUsername="app",
        ManageMasterUserPassword=True,
        DeletionProtection=True,
    )
    delete = {"DBInstanceIdentifier": "protected", "FinalDBSnapshotIdentifier": "protected-final"}

    with pytest.raises(ClientError, match="disable deletion protection"):
        rds.delete_db_instance(**delete)
    rds.modify_db_instance(DBInstanceIdentifier="protected", DeletionProtection=False)
    rds.delete_db_instance(**delete)

    assert rds.describe_db_instances()["DBInstances"] == []
    manual = rds.describe_db_snapshots(SnapshotType="manual")["DBSnapshots"]
    assert [snapshot["DBSnapshotIdentifier"] for snapshot in manual] == ["protected-final"]

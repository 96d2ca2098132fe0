"""Gaps of RDS: instances that are stopped and started; what connects to them is tested elsewhere."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.emulator.conftest import Aws
from tests.emulator.gaps.rds.resources import create, instance


@pytest.mark.gap("rds/stopped-instances")
@pytest.mark.parametrize(
    ("operation", "status", "before", "after"),
    [
        ("stop_db_instance", "stopping", "available", "stopped"),
        ("start_db_instance", "starting", "stopped", "available"),
        ("reboot_db_instance", "rebooting", "available", "available"),
    ],
)
def test_a_status_is_reached_by_way_of_another(
    aws: Aws, operation: str, status: str, before: str, after: str
) -> None:
    name = operation.replace("_", "-")
    create(aws, name)
    if before == "stopped":
        aws("rds").stop_db_instance(DBInstanceIdentifier=name)
    assert instance(aws, name)["DBInstanceStatus"] == before
    answer = getattr(aws("rds"), operation)(DBInstanceIdentifier=name)
    assert answer["DBInstance"]["DBInstanceStatus"] == status
    assert instance(aws, name)["DBInstanceStatus"] == after


@pytest.mark.gap("rds/stopped-instances")
def test_what_is_not_available_is_neither_changed_nor_rebooted(aws: Aws) -> None:
    create(aws, "unavailable")
    rds = aws("rds")

    def refused(operation: str, **more: Any) -> str:
        with pytest.raises(ClientError) as caught:
            getattr(rds, operation)(DBInstanceIdentifier="unavailable", **more)
        return str(caught.value.response["Error"]["Code"])

    assert refused("start_db_instance") == "InvalidDBInstanceState"
    rds.stop_db_instance(DBInstanceIdentifier="unavailable")
    assert instance(aws, "unavailable")["DBInstanceStatus"] == "stopped"
    assert refused("stop_db_instance") == "InvalidDBInstanceState"
    assert refused("reboot_db_instance") == "InvalidDBInstanceState"
    assert refused("modify_db_instance", AllocatedStorage=30) == "InvalidDBInstanceState"
    assert instance(aws, "unavailable")["DBInstanceStatus"] == "stopped"
    rds.delete_db_instance(DBInstanceIdentifier="unavailable", SkipFinalSnapshot=True)

"""Gaps of RDS: proxies, their target group and their targets."""

from __future__ import annotations

from typing import Any

import pytest

from emulator.control import Emulator
from tests.emulator.conftest import Aws, clients
from tests.emulator.gaps.rds.resources import create, subnets


def _proxy(aws: Aws, name: str, ids: list[str] | None = None) -> str:
    aws("rds").create_db_proxy(
        DBProxyName=name,
        EngineFamily="POSTGRESQL",
        Auth=[{"AuthScheme": "SECRETS", "SecretArn": "arn", "IAMAuth": "REQUIRED"}],
        RoleArn="arn:aws:iam::123456789012:role/proxy",
        VpcSubnetIds=ids or subnets(aws, "ab"),
    )
    return name


def _pool(aws: Aws, name: str) -> tuple[int, int, int]:
    [group] = aws("rds").describe_db_proxy_target_groups(DBProxyName=name)["TargetGroups"]
    config = group["ConnectionPoolConfig"]
    return (
        config["MaxConnectionsPercent"],
        config["MaxIdleConnectionsPercent"],
        config["ConnectionBorrowTimeout"],
    )


def _targets(aws: Aws, name: str) -> list[str]:
    targets = aws("rds").describe_db_proxy_targets(DBProxyName=name)["Targets"]
    return [target["RdsResourceId"] for target in targets]


@pytest.mark.gap("rds/missing-proxies")
@pytest.mark.parametrize(
    ("call", "arguments"),
    [
        ("describe_db_proxy_target_groups", {}),
        ("describe_db_proxy_targets", {}),
        ("modify_db_proxy_target_group", {"TargetGroupName": "default"}),
        ("register_db_proxy_targets", {"DBInstanceIdentifiers": ["any"]}),
        ("deregister_db_proxy_targets", {"DBInstanceIdentifiers": ["any"]}),
        ("delete_db_proxy", {}),
    ],
)
def test_a_deleted_proxy_is_not_found(aws: Aws, call: str, arguments: dict[str, Any]) -> None:
    rds = aws("rds")
    name = _proxy(aws, call.replace("_", "-"))
    rds.delete_db_proxy(DBProxyName=name)

    with pytest.raises(rds.exceptions.DBProxyNotFoundFault):
        getattr(rds, call)(DBProxyName=name, **arguments)


def test_a_new_proxy_of_the_old_name_has_neither_settings_nor_targets(
    emulator: Emulator, account_id: str
) -> None:
    """Moto does so too; the stacks' `replace_triggered_by` stands on it."""
    aws = clients(emulator, account_id)
    rds = aws("rds")
    create(aws, "behind-replaced")
    ids = subnets(aws, "ab")
    name = _proxy(aws, "replaced", ids)
    rds.modify_db_proxy_target_group(
        DBProxyName=name,
        TargetGroupName="default",
        ConnectionPoolConfig={"MaxConnectionsPercent": 90, "ConnectionBorrowTimeout": 5},
    )
    rds.register_db_proxy_targets(DBProxyName=name, DBInstanceIdentifiers=["behind-replaced"])
    assert (_pool(aws, name), _targets(aws, name)) == ((90, 45, 5), ["behind-replaced"])

    rds.delete_db_proxy(DBProxyName=name)
    _proxy(aws, name, ids)

    assert (_pool(aws, name), _targets(aws, name)) == ((100, 50, 120), [])


@pytest.mark.gap("rds/proxy-changes")
def test_a_proxy_can_be_changed(aws: Aws) -> None:
    name = _proxy(aws, "changed")

    aws("rds").modify_db_proxy(
        DBProxyName=name, RequireTLS=True, IdleClientTimeout=60, SecurityGroups=["sg-1"]
    )

    [found] = aws("rds").describe_db_proxies(DBProxyName=name)["DBProxies"]
    assert (found["RequireTLS"], found["IdleClientTimeout"]) == (True, 60)
    assert found["VpcSecurityGroupIds"] == ["sg-1"]
    assert len(found["VpcSubnetIds"]) == 2


@pytest.mark.gap("rds/proxy-targets")
def test_a_target_exists_and_is_registered_once(aws: Aws) -> None:
    rds = aws("rds")
    name = _proxy(aws, "registering")

    with pytest.raises(rds.exceptions.DBInstanceNotFoundFault):
        rds.register_db_proxy_targets(DBProxyName=name, DBInstanceIdentifiers=["missing"])
    with pytest.raises(rds.exceptions.DBProxyTargetNotFoundFault):
        rds.deregister_db_proxy_targets(DBProxyName=name, DBInstanceIdentifiers=["missing"])
    create(aws, "registered")
    rds.register_db_proxy_targets(DBProxyName=name, DBInstanceIdentifiers=["registered"])
    with pytest.raises(rds.exceptions.DBProxyTargetAlreadyRegisteredFault):
        rds.register_db_proxy_targets(DBProxyName=name, DBInstanceIdentifiers=["registered"])
    assert _targets(aws, name) == ["registered"]


@pytest.mark.gap("rds/proxy-targets")
def test_a_deleted_instance_is_no_target(aws: Aws) -> None:
    name = _proxy(aws, "left")
    create(aws, "leaves")
    aws("rds").register_db_proxy_targets(DBProxyName=name, DBInstanceIdentifiers=["leaves"])

    aws("rds").delete_db_instance(DBInstanceIdentifier="leaves", SkipFinalSnapshot=True)

    assert _targets(aws, name) == []

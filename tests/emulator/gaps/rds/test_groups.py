"""Gaps of RDS: subnet groups and parameter groups."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from tests.emulator.conftest import Aws
from tests.emulator.gaps.rds.resources import create, instance, parameter_group, subnets


def _subnet_group(aws: Aws, name: str, ids: list[str]) -> str:
    aws("rds").create_db_subnet_group(
        DBSubnetGroupName=name, DBSubnetGroupDescription=name, SubnetIds=ids
    )
    return name


def _subnets_of(aws: Aws, name: str) -> list[str]:
    [group] = aws("rds").describe_db_subnet_groups(DBSubnetGroupName=name)["DBSubnetGroups"]
    return [subnet["SubnetIdentifier"] for subnet in group["Subnets"]]


@pytest.mark.gap("rds/subnet-groups")
def test_a_changed_subnet_group_stays(aws: Aws) -> None:
    a, b, c = subnets(aws)
    name = _subnet_group(aws, "grows", [a, b])
    create(aws, "in-grows", DBSubnetGroupName=name)

    aws("rds").modify_db_subnet_group(DBSubnetGroupName=name, SubnetIds=[a, b, c])

    assert _subnets_of(aws, name) == [a, b, c]
    assert len(instance(aws, "in-grows")["DBSubnetGroup"]["Subnets"]) == 3


@pytest.mark.gap("rds/subnet-groups")
def test_a_zone_that_an_instance_is_in_stays(aws: Aws) -> None:
    a, b, c = subnets(aws)
    name = _subnet_group(aws, "shrinks", [a, b, c])
    create(aws, "in-shrinks", DBSubnetGroupName=name)  # in the first zone

    with pytest.raises(ClientError, match=r"SubnetAlreadyInUse.*us-east-1a"):
        aws("rds").modify_db_subnet_group(DBSubnetGroupName=name, SubnetIds=[b, c])
    aws("rds").modify_db_subnet_group(DBSubnetGroupName=name, SubnetIds=[a, c])

    assert _subnets_of(aws, name) == [a, c]


@pytest.mark.gap("rds/subnet-groups")
def test_a_subnet_group_covers_two_zones(aws: Aws) -> None:
    a, b = subnets(aws, "ab")

    with pytest.raises(ClientError, match="DBSubnetGroupDoesNotCoverEnoughAZs"):
        _subnet_group(aws, "narrow", [a])
    name = _subnet_group(aws, "narrowed", [a, b])
    with pytest.raises(ClientError, match="DBSubnetGroupDoesNotCoverEnoughAZs"):
        aws("rds").modify_db_subnet_group(DBSubnetGroupName=name, SubnetIds=[a])
    with pytest.raises(ClientError, match="DBSubnetGroupAlreadyExists"):
        _subnet_group(aws, "narrowed", [a, b])


@pytest.mark.gap("rds/subnet-groups")
def test_a_subnet_group_goes_after_its_instance(aws: Aws) -> None:
    name = _subnet_group(aws, "used", subnets(aws))
    create(aws, "in-used", DBSubnetGroupName=name)
    rds = aws("rds")

    with pytest.raises(rds.exceptions.InvalidDBSubnetGroupStateFault, match="in-used"):
        rds.delete_db_subnet_group(DBSubnetGroupName=name)
    rds.delete_db_instance(DBInstanceIdentifier="in-used", SkipFinalSnapshot=True)
    rds.delete_db_subnet_group(DBSubnetGroupName=name)
    with pytest.raises(rds.exceptions.DBSubnetGroupNotFoundFault):
        rds.modify_db_subnet_group(DBSubnetGroupName=name, SubnetIds=[])


@pytest.mark.gap("rds/parameter-groups-in-use")
def test_a_parameter_group_goes_after_its_instance(aws: Aws) -> None:
    name = parameter_group(aws, "parameters-used")
    create(aws, "in-parameters-used", DBParameterGroupName=name)
    rds = aws("rds")

    with pytest.raises(rds.exceptions.InvalidDBParameterGroupStateFault, match="still members"):
        rds.delete_db_parameter_group(DBParameterGroupName=name)
    rds.delete_db_instance(DBInstanceIdentifier="in-parameters-used", SkipFinalSnapshot=True)
    rds.delete_db_parameter_group(DBParameterGroupName=name)


@pytest.mark.gap("rds/parameter-groups-in-use")
def test_a_default_parameter_group_stays(aws: Aws) -> None:
    create(aws, "in-default")
    rds = aws("rds")
    [group] = instance(aws, "in-default")["DBParameterGroups"]
    assert group["DBParameterGroupName"] == "default.postgres17"

    with pytest.raises(rds.exceptions.InvalidDBParameterGroupStateFault, match="Default"):
        rds.delete_db_parameter_group(DBParameterGroupName="default.postgres17")

"""A network and an instance, as the tests of RDS's gaps need them."""

from __future__ import annotations

from typing import Any

from tests.emulator.conftest import Aws


def create(aws: Aws, name: str, **settings: Any) -> dict[str, Any]:
    """Creates a PostgreSQL instance; gives its description."""
    arguments = {
        "DBInstanceIdentifier": name,
        "DBInstanceClass": "db.t4g.micro",
        "Engine": "postgres",
        "EngineVersion": "17.5",
        "AllocatedStorage": 20,
        "MasterUsername": "app",
        "ManageMasterUserPassword": True,
    }
    instance: dict[str, Any] = aws("rds").create_db_instance(**arguments | settings)["DBInstance"]
    return instance


def instance(aws: Aws, name: str) -> dict[str, Any]:
    """Describes an instance."""
    [found] = aws("rds").describe_db_instances(DBInstanceIdentifier=name)["DBInstances"]
    return dict(found)


def parameter_group(aws: Aws, name: str, family: str = "postgres17") -> str:
    """Creates a parameter group; gives its name."""
    aws("rds").create_db_parameter_group(
        DBParameterGroupName=name, DBParameterGroupFamily=family, Description=name
    )
    return name


def subnets(aws: Aws, zones: str = "abc") -> list[str]:
    """Creates a VPC with a subnet in each zone; gives their ids."""
    vpc = aws("ec2").create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    return [
        aws("ec2").create_subnet(
            VpcId=vpc, CidrBlock=f"10.0.{number}.0/24", AvailabilityZone=f"us-east-1{zone}"
        )["Subnet"]["SubnetId"]
        for number, zone in enumerate(zones)
    ]

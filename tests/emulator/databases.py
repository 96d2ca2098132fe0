"""Databases for the tests, as Terraform would create them, in a moto of this process."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import boto3
import pytest
from moto import mock_aws

from emulator import identity
from services.rag import database

ACCOUNT = "123456789012"  # moto's own, whom a mocked client is
REGION = "ap-southeast-1"
MASTER = "mapvibe_master"
APPLICATION = "mapvibe_app"
NAME = "mapvibe"


@contextmanager
def mocked_aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Lets boto3's clients and the service's own reach moto in this process."""
    for name in identity.unwanted():
        monkeypatch.delenv(name, raising=False)
    variables = identity.variables("", ACCOUNT, REGION)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_REGION", "AWS_DEFAULT_REGION"):
        monkeypatch.setenv(name, variables[name])
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    database.rds_client.cache_clear()
    with mock_aws():
        # mock_aws brings its own; tokens are signed with what functions have.
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            monkeypatch.setenv(name, variables[name])
        yield
    database.rds_client.cache_clear()


def rds() -> Any:
    """A client."""
    return boto3.client("rds", region_name=REGION)


def create_instance(name: str = "db", **changes: Any) -> str:
    """Creates an instance as Terraform does; returns its host."""
    options = {
        "DBInstanceIdentifier": name,
        "DBInstanceClass": "db.t4g.micro",
        "Engine": "postgres",
        "AllocatedStorage": 20,
        "DBName": NAME,
        "MasterUsername": MASTER,
        "ManageMasterUserPassword": True,
        "EnableIAMDatabaseAuthentication": True,
    }
    made = rds().create_db_instance(**{**options, **changes})["DBInstance"]
    host: str = made["Endpoint"]["Address"]
    return host


def create_proxy(
    secrets: list[str], name: str = "proxy", target: str = "db", iam: str = "REQUIRED"
) -> str:
    """Creates a proxy as Terraform does; returns its host."""
    ec2 = boto3.client("ec2", region_name=REGION)
    subnets = [each["SubnetId"] for each in ec2.describe_subnets()["Subnets"][:2]]
    auth = [{"AuthScheme": "SECRETS", "SecretArn": arn, "IAMAuth": iam} for arn in secrets]
    host: str = rds().create_db_proxy(
        DBProxyName=name,
        EngineFamily="POSTGRESQL",
        Auth=auth,
        RoleArn=f"arn:aws:iam::{ACCOUNT}:role/proxy",
        VpcSubnetIds=subnets,
        RequireTLS=True,
    )["DBProxy"]["Endpoint"]
    rds().register_db_proxy_targets(DBProxyName=name, DBInstanceIdentifiers=[target])
    return host


def master_secret(name: str = "db") -> str:
    [made] = rds().describe_db_instances(DBInstanceIdentifier=name)["DBInstances"]
    arn: str = made["MasterUserSecret"]["SecretArn"]
    return arn


def application_secret() -> str:
    content = {"username": APPLICATION, "password": "the application's password"}
    arn: str = boto3.client("secretsmanager", region_name=REGION).create_secret(
        Name="application", SecretString=json.dumps(content)
    )["ARN"]
    return arn


def read_secret(arn: str) -> dict[str, str]:
    client = boto3.client("secretsmanager", region_name=REGION)
    content: dict[str, str] = json.loads(client.get_secret_value(SecretId=arn)["SecretString"])
    return content


def with_password(secret: str) -> dict[str, str]:
    """The variables of a client that logs in with a secret's password."""
    return {"DATABASE_AUTH": "password", "DATABASE_PASSWORD": read_secret(secret)["password"]}

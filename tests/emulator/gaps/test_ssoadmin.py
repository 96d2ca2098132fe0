"""Gaps of IAM Identity Center."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.emulator.conftest import Aws


def permission_set(aws: Aws) -> tuple[Any, dict[str, str]]:
    """A client, and what names a new permission set to it."""
    sso = aws("sso-admin")
    [instance] = sso.list_instances()["Instances"]
    made = sso.create_permission_set(
        InstanceArn=instance["InstanceArn"], Name="p", Tags=[{"Key": "a", "Value": "1"}]
    )["PermissionSet"]
    return sso, {
        "InstanceArn": instance["InstanceArn"],
        "PermissionSetArn": made["PermissionSetArn"],
    }


@pytest.mark.gap("sso-admin/tags")
def test_a_permission_set_has_tags(aws: Aws) -> None:
    sso, named = permission_set(aws)
    of = {"InstanceArn": named["InstanceArn"], "ResourceArn": named["PermissionSetArn"]}

    sso.tag_resource(**of, Tags=[{"Key": "a", "Value": "2"}, {"Key": "b", "Value": "3"}])
    tags = sso.list_tags_for_resource(**of)["Tags"]
    assert {tag["Key"]: tag["Value"] for tag in tags} == {"a": "2", "b": "3"}
    sso.untag_resource(**of, TagKeys=["a"])
    assert sso.list_tags_for_resource(**of)["Tags"] == [{"Key": "b", "Value": "3"}]


@pytest.mark.gap("sso-admin/boundaries")
def test_a_permission_set_keeps_its_boundary(aws: Aws) -> None:
    sso, named = permission_set(aws)
    boundary = {"CustomerManagedPolicyReference": {"Name": "boundary", "Path": "/"}}

    sso.put_permissions_boundary_to_permission_set(**named, PermissionsBoundary=boundary)
    kept = sso.get_permissions_boundary_for_permission_set(**named)["PermissionsBoundary"]
    assert kept == boundary
    sso.delete_permissions_boundary_from_permission_set(**named)
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        sso.get_permissions_boundary_for_permission_set(**named)


@pytest.mark.gap("sso-admin/provisioning")
def test_what_is_provisioned_says_so(aws: Aws) -> None:
    sso, named = permission_set(aws)
    started = sso.provision_permission_set(**named, TargetType="ALL_PROVISIONED_ACCOUNTS")
    status = sso.describe_permission_set_provisioning_status(
        InstanceArn=named["InstanceArn"],
        ProvisionPermissionSetRequestId=started["PermissionSetProvisioningStatus"]["RequestId"],
    )["PermissionSetProvisioningStatus"]
    assert status["Status"] == "SUCCEEDED"

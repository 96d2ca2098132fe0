"""Gaps of IAM."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from tests.emulator.conftest import Aws

BOUNDARIES = [f"arn:aws:iam::123456789012:policy/{name}" for name in ("one", "two")]


@pytest.mark.gap("iam/user-boundaries")
def test_a_user_keeps_its_boundary_until_it_gets_another_or_none(aws: Aws) -> None:
    iam = aws("iam")
    one, two = BOUNDARIES
    iam.create_user(UserName="anna", PermissionsBoundary=one)
    iam.create_user(UserName="bert")

    def boundary(name: str) -> str | None:
        bound: dict[str, str] = iam.get_user(UserName=name)["User"].get("PermissionsBoundary", {})
        return bound.get("PermissionsBoundaryArn")

    assert (boundary("anna"), boundary("bert")) == (one, None)
    iam.put_user_permissions_boundary(UserName="anna", PermissionsBoundary=two)
    assert boundary("anna") == two
    iam.delete_user_permissions_boundary(UserName="anna")
    assert boundary("anna") is None


@pytest.mark.gap("iam/service-specific-credentials")
def test_a_user_has_no_credentials_of_single_services(aws: Aws) -> None:
    iam = aws("iam")
    iam.create_user(UserName="carla")
    listed = iam.list_service_specific_credentials(UserName="carla")
    assert listed["ServiceSpecificCredentials"] == []
    with pytest.raises(ClientError, match="NoSuchEntity"):
        iam.list_service_specific_credentials(UserName="dora")

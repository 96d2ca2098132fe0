"""IAM Identity Center: tags, boundaries and the provisioning of permission sets.

Source: https://docs.aws.amazon.com/singlesignon/latest/APIReference/Welcome.html
"""

from __future__ import annotations

import json
from typing import Any

from moto.ssoadmin.exceptions import ResourceNotFoundException
from moto.ssoadmin.models import PermissionSet
from moto.ssoadmin.responses import SSOAdminResponse

from emulator.gaps.registry import Gap, add


def _tags() -> None:
    @add(SSOAdminResponse, "list_tags_for_resource")
    def _(self: SSOAdminResponse) -> str:
        return json.dumps({"Tags": _permission_set(self, "ResourceArn").tags or []})

    @add(SSOAdminResponse, "tag_resource")
    def _(self: SSOAdminResponse) -> str:
        tagged = _permission_set(self, "ResourceArn")
        given = {tag["Key"]: tag for tag in self._get_param("Tags")}
        tagged.tags = [tag for tag in tagged.tags or [] if tag["Key"] not in given]
        tagged.tags += given.values()
        return "{}"

    @add(SSOAdminResponse, "untag_resource")
    def _(self: SSOAdminResponse) -> str:
        tagged, keys = _permission_set(self, "ResourceArn"), self._get_param("TagKeys")
        tagged.tags = [tag for tag in tagged.tags or [] if tag["Key"] not in keys]
        return "{}"


def _boundaries() -> None:
    @add(SSOAdminResponse, "put_permissions_boundary_to_permission_set")
    def _(self: SSOAdminResponse) -> str:
        _asked(self).boundary = self._get_param("PermissionsBoundary")
        return "{}"

    @add(SSOAdminResponse, "get_permissions_boundary_for_permission_set")
    def _(self: SSOAdminResponse) -> str:
        boundary = getattr(_asked(self), "boundary", None)
        if boundary is None:
            raise ResourceNotFoundException("the permission set has no boundary")
        return json.dumps({"PermissionsBoundary": boundary})

    @add(SSOAdminResponse, "delete_permissions_boundary_from_permission_set")
    def _(self: SSOAdminResponse) -> str:
        _asked(self).boundary = None
        return "{}"


def _provisioning() -> None:
    """What is provisioned is so at once; the request's id is told with the start only."""

    @add(SSOAdminResponse, "describe_permission_set_provisioning_status")
    def _(self: SSOAdminResponse) -> str:
        request = self._get_param("ProvisionPermissionSetRequestId")
        status = {"RequestId": request, "Status": "SUCCEEDED"}
        return json.dumps({"PermissionSetProvisioningStatus": status})


def _asked(request: SSOAdminResponse) -> Any:
    return _permission_set(request, "PermissionSetArn")


def _permission_set(request: SSOAdminResponse, parameter: str) -> Any:
    """The permission set whose ARN a request gives.

    Raises:
        ResourceNotFoundException: there is none.
    """
    arn = request._get_param(parameter)
    found: list[PermissionSet] = request.ssoadmin_backend.permission_sets
    for each in found:
        if each.permission_set_arn == arn:
            return each
    raise ResourceNotFoundException(f"no permission set {arn}")


GAPS = (
    Gap(
        service="sso-admin",
        name="tags",
        moto="tells no tags of permission sets and changes none",
        aws="keeps them with the permission set",
        fill=_tags,
    ),
    Gap(
        service="sso-admin",
        name="boundaries",
        moto="has no permissions boundary of permission sets",
        aws="keeps one for each permission set",
        fill=_boundaries,
    ),
    Gap(
        service="sso-admin",
        name="provisioning",
        moto="provisions permission sets and does not tell how far it is",
        aws="tells the status of a request",
        fill=_provisioning,
    ),
)

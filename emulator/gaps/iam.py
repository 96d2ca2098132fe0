"""IAM: the boundaries of users, and what a user leaves behind."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from moto.core.responses import ActionResult, EmptyResult
from moto.iam.models import User
from moto.iam.responses import IamResponse

from emulator.gaps.registry import Gap, add, add_property, replace


def _user_boundaries() -> None:
    """Terraform gives a user's boundary with its creation, and changes or removes it by itself.

    Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutUserPermissionsBoundary.html
    """

    @add_property(User, "permissions_boundary")
    def _(self: User) -> dict[str, str] | None:
        arn = getattr(self, "permissions_boundary_arn", None)
        if arn is None:
            return None
        return {
            "PermissionsBoundaryType": "PermissionsBoundaryPolicy",
            "PermissionsBoundaryArn": arn,
        }

    @replace(IamResponse, "create_user")
    def _(original: Callable[..., ActionResult], self: IamResponse) -> ActionResult:
        answer = original(self)
        _bound(self, self._get_param("PermissionsBoundary"))
        return answer

    @add(IamResponse, "put_user_permissions_boundary")
    def _(self: IamResponse) -> ActionResult:
        _bound(self, self._get_param("PermissionsBoundary"))
        return EmptyResult()

    @add(IamResponse, "delete_user_permissions_boundary")
    def _(self: IamResponse) -> ActionResult:
        _bound(self, None)
        return EmptyResult()


def _bound(request: IamResponse, arn: str | None) -> None:
    """Keep the boundary of the user whom a request names; that there is none is an absent value."""
    user: Any = request.backend.get_user(request._get_param("UserName"))
    user.permissions_boundary_arn = arn


def _service_specific_credentials() -> None:
    """Terraform asks for them before it removes a user. moto makes none, so that nobody has any.

    Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListServiceSpecificCredentials.html
    """

    @add(IamResponse, "list_service_specific_credentials")
    def _(self: IamResponse) -> ActionResult:
        self.backend.get_user(self._get_param("UserName"))
        return ActionResult({"ServiceSpecificCredentials": []})


GAPS = (
    Gap(
        service="iam",
        name="service-specific-credentials",
        moto="cannot list a user's credentials of single services",
        aws="lists them, and refuses to remove a user who has one",
        fill=_service_specific_credentials,
    ),
    Gap(
        service="iam",
        name="user-boundaries",
        moto="forgets a user's permissions boundary, and can neither change nor remove one",
        aws="keeps the boundary, and returns it with the user",
        fill=_user_boundaries,
    ),
)

"""Who may sign in to an environment's account, and what binds everybody in it."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from modules.governance import GROUPS, GroupName
from stacks.settings import ONCE_EACH, Settings, of_form

UserName = Annotated[
    str,
    of_form(
        r"[A-Za-z0-9+=,.@_-]{1,64}",
        "not a name for a user of IAM; use 1 to 64 letters, digits and + = , . @ _ -",
    ),
]
"""Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html"""
InstanceArn = Annotated[
    str,
    of_form(
        r"arn:aws:sso:::instance/(sso)?ins-[a-zA-Z0-9-.]{16}",
        "not an instance of Identity Center; write its ARN, such as "
        "arn:aws:sso:::instance/ssoins-0123456789abcdef",
    ),
]
IdentityGroupId = Annotated[
    str,
    of_form(
        r"([0-9a-f]{10}-)?[A-Fa-f0-9]{8}(-[A-Fa-f0-9]{4}){3}-[A-Fa-f0-9]{12}",
        "not a group of Identity Center; write its id, such as "
        "01234567-0123-0123-0123-0123456789ab",
    ),
]
"""Sources: https://docs.aws.amazon.com/singlesignon/latest/APIReference/API_CreateAccountAssignment.html
and https://docs.aws.amazon.com/singlesignon/latest/IdentityStoreAPIReference/API_Group.html
"""
PolicyTarget = Annotated[
    str,
    of_form(
        r"[0-9]{12}|ou-[0-9a-z]{4,32}-[a-z0-9]{8,32}",
        "not an account or organizational unit; write 12 digits, or an id that begins with ou-",
    ),
]
"""Source: https://docs.aws.amazon.com/organizations/latest/APIReference/API_AttachPolicy.html"""
PrincipalPattern = Annotated[
    str,
    of_form(
        r"arn:aws:iam::[0-9]{12}:(role|user)/[A-Za-z0-9+=,.@_/*-]{8,}",
        "not a role or user; write its ARN with the account, and asterisks only for parts of the name",
    ),
]


class UserSettings(Settings):
    """People as users of IAM, where there is no Identity Center; a name may be in several groups."""

    auditors: Annotated[tuple[UserName, ...], ONCE_EACH] = Field(
        default=(), description="users who see configuration and costs"
    )
    developers: Annotated[tuple[UserName, ...], ONCE_EACH] = Field(
        default=(), description="users who see all and, where nothing is guarded, try things"
    )
    operators: Annotated[tuple[UserName, ...], ONCE_EACH] = Field(
        default=(), description="users who see all, restart and roll back"
    )

    @property
    def members(self) -> dict[str, list[GroupName]]:
        """A user's name to the groups."""
        found: dict[str, list[GroupName]] = {}
        for group in GROUPS:
            for name in getattr(self, group):
                found.setdefault(name, []).append(group)
        return found


class IdentityCenterSettings(Settings):
    """Groups of IAM Identity Center; the account must administer it."""

    instance_arn: InstanceArn = Field(description="the instance's ARN")
    auditors: IdentityGroupId | None = Field(default=None, description="id of the auditors' group")
    developers: IdentityGroupId | None = Field(
        default=None, description="id of the developers' group"
    )
    operators: IdentityGroupId | None = Field(
        default=None, description="id of the operators' group"
    )
    session_hours: int = Field(default=8, ge=1, le=12, description="how long a sign-in lasts")


class PeopleSettings(Settings):
    """Who signs in: users of IAM, or groups of Identity Center."""

    users: UserSettings = Field(default=UserSettings(), description="users of IAM")
    identity_center: IdentityCenterSettings | None = Field(
        default=None, description="Identity Center; None for groups and users of IAM"
    )


class OrganizationSettings(Settings):
    """Service control policies; applied from the organization's management account only."""

    targets: Annotated[tuple[PolicyTarget, ...], ONCE_EACH] = Field(
        default=(), description="accounts or units of this environment alone; none: only printed"
    )
    administrators: Annotated[tuple[PrincipalPattern, ...], ONCE_EACH] | None = Field(
        default=None,
        description="who may change guard rails; None for Identity Center's AdministratorAccess",
    )

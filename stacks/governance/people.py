"""People's groups, and the service control policies of the account."""

from __future__ import annotations

from modules.governance import (
    GROUPS,
    IdentityCenter,
    PeoplePolicies,
    PermissionSets,
    ServiceControlPolicies,
    Users,
    service_control_policies,
)
from stacks.base import Stack
from stacks.governance.people_settings import OrganizationSettings, PeopleSettings

_IDENTITY_CENTERS_ADMINISTRATORS = (
    "aws-reserved/sso.amazonaws.com/*AWSReservedSSO_AdministratorAccess_*"
)
"""Identity Center makes this role in every account where somebody is given AWS's permission set.

Source: https://docs.aws.amazon.com/singlesignon/latest/userguide/referencingpermissionsets.html
"""


def add_people(stack: Stack, settings: PeopleSettings) -> None:
    """Add groups, their limits and their boundary.

    Args:
        stack: that gets them.
        settings: who signs in.
    """
    limits, trial = stack.environment.limit_values, not stack.environment.guarded
    policies = PeoplePolicies(stack, "people-policies", limits=limits)
    center = settings.identity_center
    if center:
        groups = {name: getattr(center, name) for name in GROUPS}
        PermissionSets(
            stack,
            "permission-sets",
            limits=limits,
            policies=policies,
            identity_center=IdentityCenter(
                instance_arn=center.instance_arn,
                groups={name: group for name, group in groups.items() if group},
                session_hours=center.session_hours,
            ),
            trial=trial,
        )
    else:
        Users(
            stack,
            "people",
            limits=limits,
            policies=policies,
            members=settings.users.members,
            trial=trial,
        )


def add_organization(stack: Stack, settings: OrganizationSettings) -> None:
    """Add the service control policies, as outputs at least: whoever manages the organization may attach them.

    Args:
        stack: that gets them.
        settings: what they are attached to.
    """
    limits = stack.environment.limit_values
    administrators = settings.administrators or (
        stack.naming.iam_arn(f"role/{_IDENTITY_CENTERS_ADMINISTRATORS}"),
    )
    documents = service_control_policies(limits, administrators=administrators)
    for name, (description, document) in documents.items():
        stack.output(
            f"service_control_policy_{name.rpartition('governance-')[2].replace('-', '_')}",
            document,
            description,
        )
    if settings.targets:
        ServiceControlPolicies(
            stack,
            "organization",
            limits=limits,
            administrators=administrators,
            targets=settings.targets,
        )

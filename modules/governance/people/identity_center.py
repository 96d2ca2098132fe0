"""People of IAM Identity Center: a permission set for each group of people, in one account."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cdktf_cdktf_provider_aws.ssoadmin_account_assignment import SsoadminAccountAssignment
from cdktf_cdktf_provider_aws.ssoadmin_customer_managed_policy_attachment import (
    SsoadminCustomerManagedPolicyAttachment,
    SsoadminCustomerManagedPolicyAttachmentCustomerManagedPolicyReference,
)
from cdktf_cdktf_provider_aws.ssoadmin_permission_set import SsoadminPermissionSet
from cdktf_cdktf_provider_aws.ssoadmin_permission_set_inline_policy import (
    SsoadminPermissionSetInlinePolicy,
)
from cdktf_cdktf_provider_aws.ssoadmin_permissions_boundary_attachment import (
    SsoadminPermissionsBoundaryAttachment,
    SsoadminPermissionsBoundaryAttachmentPermissionsBoundary,
    SsoadminPermissionsBoundaryAttachmentPermissionsBoundaryCustomerManagedPolicyReference,
)
from constructs import Construct

from modules.checkov import skip
from modules.errors import RefusedByAws
from modules.governance.limits import Limits
from modules.governance.people.groups import GROUPS, WIDE, GroupName
from modules.governance.people.policies import NO_WILDCARDS, PeoplePolicies
from modules.iam import limited_policy

LONGEST_INLINE_POLICY = 10_240
LONGEST_PERMISSION_SET_NAME = 32
"""Characters. The inline policy becomes one of the role that Identity Center makes.

Sources: https://docs.aws.amazon.com/singlesignon/latest/userguide/limits.html and
https://docs.aws.amazon.com/singlesignon/latest/APIReference/API_CreatePermissionSet.html
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class IdentityCenter:
    """Where people are known.

    Attributes:
        instance_arn: ARN of the instance of Identity Center.
        groups: a group of people to the id of its group in the identity store; the others have no
            access.
        session_hours: how long somebody stays signed in.
    """

    instance_arn: str
    groups: Mapping[GroupName, str]
    session_hours: int = 8


class PermissionSets(Construct):
    """A permission set for each group of people that Identity Center knows, with its boundary.

    Identity Center asks for the second factor. The account must be the organization's management
    account or the one that administers Identity Center in its place.

    Source: https://docs.aws.amazon.com/singlesignon/latest/userguide/delegated-admin.html
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        limits: Limits,
        policies: PeoplePolicies,
        identity_center: IdentityCenter,
        trial: bool = False,
    ) -> None:
        """Create permission sets, and assign them to groups.

        Args:
            scope: the construct that owns them.
            construct_id: id within the scope.
            limits: the environment's.
            policies: what every group is refused, and everybody's boundary.
            identity_center: where people are known.
            trial: whether developers may make things to try something.

        Raises:
            RefusedByAws: a permission set outgrows AWS's limits.
        """
        super().__init__(scope, construct_id)
        self._environment, self._policies = limits.environment, policies
        self._center, self._trial = identity_center, trial
        for name, group_id in identity_center.groups.items():
            self._permission_set(name, group_id)

    def _permission_set(self, name: GroupName, group_id: str) -> None:
        group, environment = GROUPS[name], self._environment
        full_name = environment.name(name)
        if len(full_name) > LONGEST_PERMISSION_SET_NAME:
            raise RefusedByAws(
                f"permission set {full_name}: {len(full_name)} characters, and AWS takes "
                f"{LONGEST_PERMISSION_SET_NAME}; shorten the project or the environment"
            )
        made = SsoadminPermissionSet(
            self,
            name,
            instance_arn=self._center.instance_arn,
            name=full_name,
            description=group.description,
            session_duration=f"PT{self._center.session_hours}H",
        )
        statements = [
            statement
            for part in group.policies(environment, trial=self._trial).values()
            for statement in part
        ]
        inline = SsoadminPermissionSetInlinePolicy(
            self,
            f"{name}-policy",
            instance_arn=self._center.instance_arn,
            permission_set_arn=made.arn,
            inline_policy=limited_policy(
                f"the policy of permission set {full_name}",
                LONGEST_INLINE_POLICY,
                *statements,
            ),
        )
        skip(inline, NO_WILDCARDS, reason=WIDE["read"])
        parts = [
            inline,
            SsoadminPermissionsBoundaryAttachment(
                self,
                f"{name}-boundary",
                instance_arn=self._center.instance_arn,
                permission_set_arn=made.arn,
                permissions_boundary=SsoadminPermissionsBoundaryAttachmentPermissionsBoundary(
                    customer_managed_policy_reference=SsoadminPermissionsBoundaryAttachmentPermissionsBoundaryCustomerManagedPolicyReference(
                        name=self._policies.boundary.name
                    )
                ),
            ),
            *self._limits(name, made),
        ]
        SsoadminAccountAssignment(
            self,
            f"{name}-assignment",
            instance_arn=self._center.instance_arn,
            permission_set_arn=made.arn,
            principal_id=group_id,
            principal_type="GROUP",
            target_id=environment.account_id,
            target_type="AWS_ACCOUNT",
            # Nobody signs in before the boundary is there.
            depends_on=parts,
        )

    def _limits(
        self, name: str, made: SsoadminPermissionSet
    ) -> list[SsoadminCustomerManagedPolicyAttachment]:
        return [
            SsoadminCustomerManagedPolicyAttachment(
                self,
                f"{name}-limits-{number}",
                instance_arn=self._center.instance_arn,
                permission_set_arn=made.arn,
                customer_managed_policy_reference=SsoadminCustomerManagedPolicyAttachmentCustomerManagedPolicyReference(
                    name=refused.name
                ),
            )
            for number, refused in enumerate(self._policies.limits)
        ]

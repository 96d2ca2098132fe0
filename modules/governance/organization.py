"""The limits as service control policies, where the account belongs to an organization."""

from __future__ import annotations

import json
from collections.abc import Sequence

from cdktf_cdktf_provider_aws.organizations_policy import OrganizationsPolicy
from cdktf_cdktf_provider_aws.organizations_policy_attachment import OrganizationsPolicyAttachment
from constructs import Construct

from modules.errors import RefusedByAws
from modules.governance.documents import for_organization
from modules.governance.limits import GOVERNANCE, Limits
from modules.iam import policy

LONGEST = 5_120
"""Characters of one policy, with white space.

Source: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html
"""


def service_control_policies(
    limits: Limits, *, administrators: Sequence[str]
) -> dict[str, tuple[str, str]]:
    """Name of each policy to its description and its document.

    Args:
        limits: the environment's.
        administrators: ARN patterns of the roles that administer the account.

    Raises:
        RefusedByAws: a document is longer than AWS takes.
    """
    naming = limits.environment.within(GOVERNANCE)
    found = {}
    for theme, description, statements in for_organization(limits, administrators=administrators):
        name = naming.name(theme)
        document = json.dumps(json.loads(policy(*statements)), separators=(",", ":"))
        if len(document) > LONGEST:
            raise RefusedByAws(
                f"service control policy {name}: {len(document)} characters, and AWS takes "
                f"{LONGEST}; name fewer types and classes in the limits"
            )
        found[name] = (description, document)
    return found


class ServiceControlPolicies(Construct):
    """The policies, attached to accounts; only the organization's management account may apply them.

    Beside AWS's own ``FullAWSAccess`` an account has room for four.

    Source: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        limits: Limits,
        administrators: Sequence[str],
        targets: Sequence[str],
    ) -> None:
        """Create the policies and attach them.

        Args:
            scope: the construct that owns them.
            construct_id: id within the scope.
            limits: the environment's.
            administrators: ARN patterns of the roles that administer the account.
            targets: ids of the accounts or organizational units that hold this environment alone.

        Raises:
            RefusedByAws: a document is longer than AWS takes.
        """
        super().__init__(scope, construct_id)
        made = service_control_policies(limits, administrators=administrators)
        for name, (description, document) in made.items():
            attached = OrganizationsPolicy(
                self,
                name,
                name=name,
                description=description,
                content=document,
                type="SERVICE_CONTROL_POLICY",
            )
            for target in targets:
                OrganizationsPolicyAttachment(
                    self, f"{name}-{target}", policy_id=attached.id, target_id=target
                )

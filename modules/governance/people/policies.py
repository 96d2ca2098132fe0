"""What people's groups share: the policies that refuse, and the boundary."""

from __future__ import annotations

from cdktf_cdktf_provider_aws.iam_policy import IamPolicy
from constructs import Construct

from modules.checkov import skip
from modules.governance.documents import boundary_of_people, for_people
from modules.governance.limits import GOVERNANCE, Limits
from modules.iam import LONGEST_MANAGED_POLICY, Statement, limited_policy

NO_WILDCARDS = "MV_AWS_7"


class PeoplePolicies(Construct):
    """The limits as managed policies, for whichever way people sign in.

    Attributes:
        boundary: the most that a person can ever be given.
        limits: what every group is refused, attached to each.
    """

    def __init__(self, scope: Construct, construct_id: str, *, limits: Limits) -> None:
        """Create the policies.

        Args:
            scope: the construct that owns them.
            construct_id: id within the scope.
            limits: the environment's.

        Raises:
            RefusedByAws: a policy outgrows IAM's limits.
        """
        super().__init__(scope, construct_id)
        self._naming = limits.environment.within(GOVERNANCE)
        self.boundary = self._policy(
            "people-boundary",
            "The most that people can be given in this environment",
            boundary_of_people(limits),
        )
        skip(
            self.boundary,
            NO_WILDCARDS,
            reason="a boundary permits nothing by itself; what each group may do names its own",
        )
        self.limits = [
            self._policy(f"people-{name}", description, statements)
            for name, description, statements in for_people(limits)
        ]

    def _policy(self, role: str, description: str, statements: tuple[Statement, ...]) -> IamPolicy:
        name = self._naming.name(role)
        return IamPolicy(
            self,
            role,
            name=name,
            description=description,
            policy=limited_policy(f"policy {name}", LONGEST_MANAGED_POLICY, *statements),
        )

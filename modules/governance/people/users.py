"""People as IAM's users, where no Identity Center knows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cdktf_cdktf_provider_aws.iam_group import IamGroup
from cdktf_cdktf_provider_aws.iam_group_policy import IamGroupPolicy
from cdktf_cdktf_provider_aws.iam_group_policy_attachment import IamGroupPolicyAttachment
from cdktf_cdktf_provider_aws.iam_user import IamUser
from cdktf_cdktf_provider_aws.iam_user_group_membership import IamUserGroupMembership
from constructs import Construct

from modules.checkov import skip
from modules.governance.limits import GOVERNANCE, Limits
from modules.governance.people.groups import GROUPS, WIDE, GroupName, Statements
from modules.governance.people.permissions import own_credentials, second_factor
from modules.governance.people.policies import NO_WILDCARDS, PeoplePolicies
from modules.iam import LONGEST_GROUP_POLICIES, policy, refuse_longer


class Users(Construct):
    """A group of IAM for each group of people, and a user with a boundary for each person.

    Neither a password nor a key is made here: it would stand in the state. An administrator gives a
    first password by hand.

    Attributes:
        groups: a group's name to the group.
        users: a user's name to the user.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        limits: Limits,
        policies: PeoplePolicies,
        members: Mapping[str, Sequence[GroupName]],
        trial: bool = False,
    ) -> None:
        """Create groups, users and who belongs where.

        Args:
            scope: the construct that owns them.
            construct_id: id within the scope.
            limits: the environment's.
            policies: what every group is refused, and every user's boundary.
            members: a user's name to the groups.
            trial: whether developers may make things to try something.

        Raises:
            RefusedByAws: a group's policies outgrow IAM's limits.
        """
        super().__init__(scope, construct_id)
        self._environment, self._policies = limits.environment, policies
        self.groups = {name: self._group(name, trial=trial) for name in GROUPS}
        self.users = {name: self._user(name, groups) for name, groups in members.items()}

    def _group(self, name: GroupName, *, trial: bool) -> IamGroup:
        full_name = self._environment.within(GOVERNANCE).name(name)
        group = IamGroup(self, name, name=full_name)
        statements: dict[str, Statements] = {
            **GROUPS[name].policies(self._environment, trial=trial),
            "sign-in": (*own_credentials(self._environment), second_factor()),
        }
        documents = {part: policy(*those) for part, those in statements.items()}
        refuse_longer(
            f"the policies of group {full_name}", LONGEST_GROUP_POLICIES, *documents.values()
        )
        for part, document in documents.items():
            made = IamGroupPolicy(
                self, f"{name}-{part}", name=part, group=group.name, policy=document
            )
            if part in WIDE:
                skip(made, NO_WILDCARDS, reason=WIDE[part])
        for number, refused in enumerate(self._policies.limits):
            IamGroupPolicyAttachment(
                self, f"{name}-limits-{number}", group=group.name, policy_arn=refused.arn
            )
        return group

    def _user(self, name: str, groups: Sequence[GroupName]) -> IamUser:
        user = IamUser(
            self,
            f"user-{name}",
            name=name,
            permissions_boundary=self._policies.boundary.arn,
            # An administrator gave it a password, and the person keys and a second factor.
            force_destroy=True,
        )
        skip(
            user,
            "CKV_AWS_273",
            reason="for accounts without Identity Center; people.identity_center is the other way",
        )
        IamUserGroupMembership(
            self,
            f"groups-of-{name}",
            user=user.name,
            groups=[self.groups[group].name for group in groups],
        )
        return user

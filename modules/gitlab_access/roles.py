"""The identity provider, the boundary, and the roles that GitLab's jobs assume."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Literal

from cdktf_cdktf_provider_aws.iam_openid_connect_provider import IamOpenidConnectProvider
from cdktf_cdktf_provider_aws.iam_policy import IamPolicy
from cdktf_cdktf_provider_aws.iam_role import IamRole
from cdktf_cdktf_provider_aws.iam_role_policy_attachment import IamRolePolicyAttachment
from constructs import Construct

from modules.errors import RefusedByAws
from modules.gitlab_access import boundary, guards, reading, writing
from modules.gitlab_access.applied_stack import PIPELINE, AppliedStack
from modules.gitlab_access.trust import (
    Pipeline,
    apply_audience,
    plan_audience,
    provider_arn,
    trust,
)
from modules.governance import Limits, documents
from modules.iam import (
    LONGEST_MANAGED_POLICY,
    LONGEST_TRUST_POLICY,
    MOST_ATTACHED_POLICIES,
    Statement,
    limited_policy,
)

IdentityProvider = Literal["create", "existing"]

PLAN_SECONDS = 3600
APPLY_SECONDS = 2 * 3600
"""A database may take an hour to change, and Lambda 45 minutes to free its network interfaces."""


class GitlabAccess(Construct):
    """Everything that lets one GitLab project plan and apply an environment's stacks without a key.

    Attributes:
        plan_role: reads configuration and state of all stacks; for every branch of the project.
        apply_roles: stack id to the role that changes the stack; for one branch and, if GitLab
            says so, environment. A role a stack: one for all would outgrow IAM's limits.
        provider_arn: ARN of the identity provider.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        stacks: Sequence[AppliedStack],
        pipeline: Pipeline,
        identity_provider: IdentityProvider,
        audiences: Sequence[str],
        foreign_states: Sequence[str],
        limits: Limits,
        flow_logs_stay: bool = True,
    ) -> None:
        """Create the roles, their policies and, if asked for, the identity provider.

        Args:
            scope: the construct that owns it.
            construct_id: id within the scope.
            stacks: the environment's stacks that the pipeline applies, one at least.
            pipeline: whose tokens are accepted.
            identity_provider: ``create`` it, or take the account's ``existing`` one: an account
                can hold one for each address.
            audiences: audiences that the identity provider admits, those of the roles among them.
            foreign_states: ARN patterns of states that an administrator applies.
            limits: what the environment may be made of.
            flow_logs_stay: the pipeline never deletes flow logs, not even to replace them.

        Raises:
            RefusedByAws: a role outgrows IAM's limits.
        """
        super().__init__(scope, construct_id)
        self._environment = stacks[0].environment
        self._pipeline = pipeline
        self._attached: Counter[str] = Counter()
        self.provider_arn = provider_arn(self._environment, pipeline)
        self._provider = (
            self._identity_provider(audiences) if identity_provider == "create" else None
        )
        self.boundary = self._policy(
            "boundary",
            "The most that roles of this environment's services can be given",
            boundary.statements(stacks, limits),
        )
        self._limits = [
            (f"limits-{name}", self._policy(f"limits-{name}", description, statements))
            for name, description, statements in documents.for_pipeline(
                limits, flow_logs_stay=flow_logs_stay
            )
        ]
        self.plan_role = self._plan_role()
        self.apply_roles = {stack.id: self._apply_role(stack) for stack in stacks}
        for stack in stacks:
            self._let_read(stack)
        self._attach(
            "plan-guards",
            self.plan_role,
            self._policy("no-data", "Refuses data to plans", reading.no_data(stacks)),
        )
        self._let_tell(stacks)
        for stack in stacks:
            others = [other for other in stacks if other.id != stack.id]
            self._let_apply(stack, others, foreign_states)

    def _let_read(self, stack: AppliedStack) -> None:
        """Attach to both roles of a stack what plans read."""
        for name, description, statements in reading.policies(stack):
            made = self._policy(_named(name, stack), description, statements)
            self._attach(_named(f"plan-{name}", stack), self.plan_role, made)
            self._attach(f"{_named('apply', stack)}-{name}", self.apply_roles[stack.id], made)

    def _let_tell(self, stacks: Sequence[AppliedStack]) -> None:
        """Attach to the plan role that it publishes drift; nothing where there is no topic."""
        statements = reading.telling(stacks)
        if statements:
            made = self._policy("tell", "Tells the alert topics what has drifted", statements)
            self._attach("plan-tell", self.plan_role, made)

    def _let_apply(
        self, stack: AppliedStack, others: Sequence[AppliedStack], foreign_states: Sequence[str]
    ) -> None:
        """Attach to a stack's apply role what it may do, and what it never does."""
        guarding = guards.statements(stack, others=others, foreign_states=foreign_states)
        written = [("guards", "What the pipeline never does", guarding), *writing.policies(stack)]
        for name, description, statements in written:
            made = self._policy(_named(name, stack), description, statements)
            self._attach(f"{_named('apply', stack)}-{name}", self.apply_roles[stack.id], made)
        for name, made in self._limits:
            self._attach(f"{_named('apply', stack)}-{name}", self.apply_roles[stack.id], made)

    def _identity_provider(self, audiences: Sequence[str]) -> IamOpenidConnectProvider:
        """GitLab, without thumbprints: AWS trusts the authority that signed its certificate.

        Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_oidc_verify-thumbprint.html
        """
        return IamOpenidConnectProvider(
            self, "provider", url=self._pipeline.url, client_id_list=list(audiences)
        )

    def _plan_role(self) -> IamRole:
        return self._role(
            "plan",
            "Plans the environment from GitLab; changes nothing",
            trust(
                self.provider_arn,
                pipeline=self._pipeline,
                audience=plan_audience(self._environment),
                subject=self._pipeline.plan_subject,
                pattern=True,
            ),
            PLAN_SECONDS,
        )

    def _apply_role(self, stack: AppliedStack) -> IamRole:
        return self._role(
            _named("apply", stack),
            f"Applies {stack.id if stack.system else 'the environment'} from GitLab; "
            "cannot change its own permissions",
            trust(
                self.provider_arn,
                pipeline=self._pipeline,
                audience=apply_audience(self._environment, stack.id),
                subject=self._pipeline.apply_subject,
                pattern=False,
            ),
            APPLY_SECONDS,
        )

    def _role(
        self, name: str, description: str, trusted: Statement, longest_session_seconds: int
    ) -> IamRole:
        full_name = self._environment.name(f"{PIPELINE}-{name}")
        return IamRole(
            self,
            name,
            name=full_name,
            description=description,
            assume_role_policy=limited_policy(
                f"the trust policy of role {full_name}", LONGEST_TRUST_POLICY, trusted
            ),
            max_session_duration=longest_session_seconds,
            # The trust policy names the provider by an ARN that is known before it exists.
            depends_on=[self._provider] if self._provider else None,
        )

    def _policy(self, name: str, description: str, statements: Sequence[Statement]) -> IamPolicy:
        full_name = self._environment.name(f"{PIPELINE}-{name}")
        return IamPolicy(
            self,
            f"{name}-policy",
            name=full_name,
            description=description,
            policy=limited_policy(f"policy {full_name}", LONGEST_MANAGED_POLICY, *statements),
        )

    def _attach(self, construct_id: str, role: IamRole, attached: IamPolicy) -> None:
        name = role.name_input or ""
        self._attached[name] += 1
        if self._attached[name] > MOST_ATTACHED_POLICIES:
            raise RefusedByAws(
                f"role {name}: more than {MOST_ATTACHED_POLICIES} policies; give it fewer stacks "
                "or services"
            )
        IamRolePolicyAttachment(self, construct_id, role=role.id, policy_arn=attached.arn)


def _named(name: str, stack: AppliedStack) -> str:
    """The name of what belongs to one stack: ``apply``, or ``apply-web`` of another system."""
    return f"{name}-{stack.system}" if stack.system else name

"""The identity provider, the boundary, and the two roles that GitLab's jobs assume."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from cdktf_cdktf_provider_aws.iam_openid_connect_provider import IamOpenidConnectProvider
from cdktf_cdktf_provider_aws.iam_policy import IamPolicy
from cdktf_cdktf_provider_aws.iam_role import IamRole
from cdktf_cdktf_provider_aws.iam_role_policy_attachment import IamRolePolicyAttachment
from constructs import Construct

from modules.gitlab_access import boundary, guards, identities, network, reading, services
from modules.gitlab_access.scope import PIPELINE, Scope
from modules.gitlab_access.trust import (
    Pipeline,
    apply_audience,
    plan_audience,
    provider_arn,
    trust,
)
from modules.iam import Statement, policy

IdentityProvider = Literal["create", "existing"]

PLAN_SECONDS = 3600
APPLY_SECONDS = 2 * 3600
"""A database may take an hour to change, and Lambda 45 minutes to free its network interfaces."""


class GitlabAccess(Construct):
    """Everything that lets one GitLab project plan and apply one environment without a key.

    Attributes:
        plan_role: reads configuration and state; for every branch of the project.
        apply_role: changes the environment; for one branch and, if GitLab says so, environment.
        provider_arn: ARN of the identity provider.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        access: Scope,
        pipeline: Pipeline,
        identity_provider: IdentityProvider,
        audiences: Sequence[str],
        foreign_states: Sequence[str],
    ) -> None:
        """Create the roles, their policies and, if asked for, the identity provider.

        Args:
            scope: the construct that owns it.
            construct_id: id within the scope.
            access: the environment that the roles may see or change.
            pipeline: whose tokens are accepted.
            identity_provider: ``create`` it, or take the account's ``existing`` one: an account
                can hold one for each address.
            audiences: audiences that the identity provider admits, those of the roles among them.
            foreign_states: ARN patterns of states that an administrator applies.
        """
        super().__init__(scope, construct_id)
        self._naming = access.naming
        self._pipeline = pipeline
        self.provider_arn = provider_arn(self._naming, pipeline)
        self._provider = (
            self._identity_provider(audiences) if identity_provider == "create" else None
        )
        self.boundary = self._policy(
            "boundary",
            "The most that roles of this environment's services can be given",
            boundary.statements(access),
        )
        read = self._policy(
            "read",
            "Configuration and state of the environment",
            (
                *reading.configuration(access),
                *reading.state(access),
                *reading.unavoidable(access),
            ),
        )
        self.plan_role = self._role(
            "plan",
            "Plans the environment from GitLab; changes nothing",
            trust(
                self.provider_arn,
                pipeline=pipeline,
                audience=plan_audience(self._naming),
                subject=pipeline.plan_subject,
                pattern=True,
            ),
            PLAN_SECONDS,
        )
        self.apply_role = self._role(
            "apply",
            "Applies the environment from GitLab; cannot change its own permissions",
            trust(
                self.provider_arn,
                pipeline=pipeline,
                audience=apply_audience(self._naming),
                subject=pipeline.apply_subject,
                pattern=False,
            ),
            APPLY_SECONDS,
        )
        self._attach("plan-read", self.plan_role, read)
        self._attach("apply-read", self.apply_role, read)
        self._attach(
            "plan-guards",
            self.plan_role,
            self._policy("no-data", "Refuses data to plans", reading.no_data(access)),
        )
        written: Mapping[str, tuple[str, tuple[Statement, ...]]] = {
            "guards": (
                "What the pipeline never does",
                guards.statements(access, foreign_states=foreign_states),
            ),
            "network": ("The network", network.statements(access)),
            "compute": ("Functions, API, queues, logs", services.compute(access)),
            "data": (
                "Database, secrets, key, state",
                (*services.data(access), *services.state(access)),
            ),
            "roles": ("Roles within the boundary", identities.statements(access)),
        }
        for name, (description, statements) in written.items():
            made = self._policy(name, description, statements)
            self._attach(f"apply-{name}", self.apply_role, made)

    def _identity_provider(self, audiences: Sequence[str]) -> IamOpenidConnectProvider:
        """GitLab, without thumbprints: AWS trusts the authority that signed its certificate.

        Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_oidc_verify-thumbprint.html
        """
        return IamOpenidConnectProvider(
            self, "provider", url=self._pipeline.url, client_id_list=list(audiences)
        )

    def _role(
        self, name: str, description: str, trusted: Statement, longest_session_seconds: int
    ) -> IamRole:
        return IamRole(
            self,
            name,
            name=self._naming.name(f"{PIPELINE}-{name}"),
            description=description,
            assume_role_policy=policy(trusted),
            max_session_duration=longest_session_seconds,
            # The trust policy names the provider by an ARN that is known before it exists.
            depends_on=[self._provider] if self._provider else None,
        )

    def _policy(self, name: str, description: str, statements: Sequence[Statement]) -> IamPolicy:
        return IamPolicy(
            self,
            f"{name}-policy",
            name=self._naming.name(f"{PIPELINE}-{name}"),
            description=description,
            policy=policy(*statements),
        )

    def _attach(self, construct_id: str, role: IamRole, attached: IamPolicy) -> None:
        IamRolePolicyAttachment(self, construct_id, role=role.name, policy_arn=attached.arn)

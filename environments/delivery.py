"""The stack of an environment's pipeline: who signs in from GitLab, and what they may do."""

from __future__ import annotations

from cdktf import TerraformOutput, TerraformStack
from constructs import Construct

from backend import StateLocation, attach_state, aws_provider
from backend.stack import stack_id as backend_stack_id
from backend.state import KEY_ROLE
from environments.settings import DeliverySettings, Environment
from modules.gitlab_access import (
    GitlabAccess,
    Scope,
    StateObject,
    apply_audience,
    plan_audience,
)
from modules.naming import Naming
from modules.rds.database import APPLICATION_USER


def stack_id(environment: str) -> str:
    """The id of the stack of an environment's pipeline."""
    return f"delivery-{environment}"


class DeliveryStack(TerraformStack):
    """Applied by an administrator by hand, never by the pipeline, which so cannot widen its roles.

    It comes before the environment's own stack, whose roles carry the boundary that is made here.
    """

    def __init__(
        self, scope: Construct, settings: Environment, *, delivery: DeliverySettings
    ) -> None:
        """Create the stack ``delivery-<environment>``.

        Args:
            scope: the app.
            settings: the environment, validated.
            delivery: its pipeline.
        """
        super().__init__(scope, stack_id(settings.name))
        naming = settings.naming
        aws_provider(self, naming=naming, tags=settings.tags)
        self.state = attach_state(
            self,
            naming=naming,
            stack_id=stack_id(settings.name),
            lockfile=settings.state_lockfile,
        )
        self.access = GitlabAccess(
            self,
            "gitlab",
            access=_scope(naming),
            pipeline=delivery.pipeline,
            identity_provider=delivery.identity_provider,
            audiences=_audiences(naming),
            foreign_states=_foreign_states(naming),
        )
        self._say("plan_role_arn", self.access.plan_role.arn, "Role of the plan jobs")
        self._say("apply_role_arn", self.access.apply_role.arn, "Role of the apply job")
        self._say("plan_audience", plan_audience(naming), "aud of the plan jobs' ID token")
        self._say("apply_audience", apply_audience(naming), "aud of the apply job's ID token")
        self._say(
            "identity_provider_arn", self.access.provider_arn, "GitLab, as this account knows it"
        )

    def _say(self, name: str, value: str, description: str) -> None:
        TerraformOutput(self, name, value=value, description=description)


def _scope(naming: Naming) -> Scope:
    """What the pipeline may see and change: the environment's own stack, and no other."""
    location = StateLocation(naming=naming, stack=naming.environment)
    return Scope(
        naming=naming,
        state=StateObject(
            bucket=location.bucket,
            object_key=location.object_key,
            lock_table=location.lock_table,
            key_alias=f"alias/{naming.name(KEY_ROLE)}",
        ),
        secrets=(f"{naming.project}/{naming.environment}/database/{APPLICATION_USER}",),
    )


def _audiences(naming: Naming) -> list[str]:
    """Audiences of every environment: two of them may share an account, and so a provider."""
    environments = [
        Naming(
            project=naming.project,
            environment=name,
            account_id=naming.account_id,
            region=naming.region,
        )
        for name in ("dev", "prod")
    ]
    return [audience(e) for e in environments for audience in (plan_audience, apply_audience)]


def _foreign_states(naming: Naming) -> list[str]:
    """States in the environment's bucket that an administrator applies."""
    stacks = (backend_stack_id(naming.environment), stack_id(naming.environment))
    locations = [StateLocation(naming=naming, stack=stack) for stack in stacks]
    return [f"arn:aws:s3:::{location.bucket}/{location.object_key}*" for location in locations]

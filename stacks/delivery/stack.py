"""The stack of an environment's pipeline: who signs in from GitLab, and what they may do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from constructs import Construct

from backend import StateLocation
from backend.stack import stack_id as backend_stack_id
from backend.state import KEY_ROLE
from modules.gitlab_access import (
    GitlabAccess,
    Scope,
    StateObject,
    apply_audience,
    plan_audience,
)
from modules.naming import Naming
from modules.rds.application_secret import secret_name
from stacks.base import Stack, stack_id
from stacks.delivery.settings import DeliverySettings
from stacks.rag.stack import DATABASE_ROLES
from stacks.settings import EnvironmentSettings


class DeliveryStack(Stack):
    """Applied by an administrator by hand, never by the pipeline, which so cannot widen its roles.

    It comes before the environment's other stacks, whose roles carry the boundary that is made
    here.
    """

    def __init__(
        self,
        scope: Construct,
        environment: EnvironmentSettings,
        settings: DeliverySettings,
        *,
        environments: Sequence[str],
    ) -> None:
        """Create the stack ``delivery-<environment>``.

        Args:
            scope: the app.
            environment: the environment, validated.
            settings: its pipeline's settings, validated.
            environments: names of all environments.
        """
        super().__init__(scope, "delivery", environment=environment)
        naming = self.naming
        self.access = GitlabAccess(
            self,
            "gitlab",
            access=_scope(naming),
            pipeline=settings.pipeline,
            identity_provider=settings.identity_provider,
            audiences=_audiences(naming, environments),
            foreign_states=_foreign_states(naming),
        )
        self.output("plan_role_arn", self.access.plan_role.arn, "Role of the plan jobs")
        self.output("apply_role_arn", self.access.apply_role.arn, "Role of the apply job")
        self.output("plan_audience", plan_audience(naming), "aud of the plan jobs' ID token")
        self.output("apply_audience", apply_audience(naming), "aud of the apply job's ID token")
        self.output(
            "identity_provider_arn", self.access.provider_arn, "GitLab, as this account knows it"
        )


def _scope(naming: Naming) -> Scope:
    """What the pipeline may see and change: the environment's own stack, and no other."""
    location = StateLocation(naming=naming, stack=stack_id("rag", naming.environment))
    return Scope(
        naming=naming,
        state=StateObject(
            bucket=location.bucket,
            object_key=location.object_key,
            lock_table=location.lock_table,
            key_alias=f"alias/{naming.name(KEY_ROLE)}",
        ),
        secrets=(secret_name(naming, DATABASE_ROLES.application),),
    )


def _audiences(naming: Naming, environments: Sequence[str]) -> list[str]:
    """Audiences of every environment: two of them may share an account, and so a provider."""
    namings = [replace(naming, environment=name) for name in environments]
    return [audience(each) for each in namings for audience in (plan_audience, apply_audience)]


def _foreign_states(naming: Naming) -> list[str]:
    """States in the environment's bucket that an administrator applies."""
    stacks = (backend_stack_id(naming.environment), stack_id("delivery", naming.environment))
    locations = [StateLocation(naming=naming, stack=stack) for stack in stacks]
    return [f"arn:aws:s3:::{location.bucket}/{location.object_key}*" for location in locations]

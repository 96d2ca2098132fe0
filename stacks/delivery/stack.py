"""The stack of an environment's pipeline: who signs in from GitLab, and what they may do."""

from __future__ import annotations

from collections.abc import Sequence

from constructs import Construct

from backend import StateLocation
from backend.stack import stack_id as backend_stack_id
from modules.gitlab_access import AppliedStack, GitlabAccess, apply_audience, plan_audience
from modules.naming import Naming
from stacks.base import Stack, stack_id
from stacks.delivery.settings import DeliverySettings
from stacks.settings import EnvironmentSettings

_APPLIED_BY_HAND = ("account", "delivery", "governance")
"""Systems beside the state itself that an administrator applies."""


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
        stacks: Sequence[AppliedStack],
        audiences: Sequence[str],
    ) -> None:
        """Create the stack ``delivery-<environment>``.

        Args:
            scope: the app.
            environment: the environment, validated.
            settings: its pipeline's settings, validated.
            stacks: the environment's stacks that the pipeline plans and applies.
            audiences: audiences of the ID tokens of all environments' jobs.
        """
        super().__init__(scope, "delivery", environment=environment)
        naming = self.naming
        self.access = GitlabAccess(
            self,
            "gitlab",
            stacks=stacks,
            pipeline=settings.pipeline,
            identity_provider=settings.identity_provider,
            audiences=audiences,
            foreign_states=_foreign_states(naming),
            limits=environment.limit_values,
            flow_logs_stay=environment.guarded,
        )
        self.output("plan_role_arn", self.access.plan_role.arn, "Role of the plan jobs")
        for stack in stacks:
            role = self.access.apply_roles[stack.id]
            self.output(_of("apply_role_arn", stack), role.arn, f"Role of the {_job(stack)}")
        self.output("plan_audience", plan_audience(naming), "aud of the plan jobs' ID token")
        for stack in stacks:
            audience = apply_audience(naming, stack.id)
            self.output(
                _of("apply_audience", stack), audience, f"aud of the {_job(stack)}'s ID token"
            )
        self.output(
            "identity_provider_arn", self.access.provider_arn, "GitLab, as this account knows it"
        )


def _of(output: str, stack: AppliedStack) -> str:
    """Name of an output of one stack: ``apply_audience``, ``apply_audience_web``."""
    return f"{output}_{stack.system.replace('-', '_')}" if stack.system else output


def _job(stack: AppliedStack) -> str:
    return f"apply job of {stack.id}" if stack.system else "apply job"


def _foreign_states(naming: Naming) -> list[str]:
    """States in the environment's bucket that an administrator applies."""
    environment = naming.environment
    stacks = [
        backend_stack_id(environment),
        *(stack_id(system, environment) for system in _APPLIED_BY_HAND),
    ]
    locations = [StateLocation(naming=naming, stack=stack) for stack in stacks]
    return [f"arn:aws:s3:::{location.bucket}/{location.object_key}*" for location in locations]

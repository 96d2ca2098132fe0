"""What every stack of an environment has: id, provider, state, tags, outputs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace
from typing import Any, TypeVar

from cdktf import TerraformOutput, TerraformResource, TerraformStack
from cdktf_cdktf_provider_aws.iam_role import IamRole
from cdktf_cdktf_provider_aws.provider import AwsProvider
from constructs import Construct

from backend import StateLocation, attach_state, aws_provider
from backend.state import KEY_ROLE
from modules.gitlab_access import AppliedStack, ServiceName, StateObject, boundary_arn
from stacks.deployments import DEPLOYMENTS
from stacks.settings import EnvironmentSettings, Settings

T = TypeVar("T")

_NAMED_AFTER_ITS_ENVIRONMENT = "rag"
"""The system whose stack is called as its environment: ``cdktf deploy dev`` deploys the product."""


def stack_id(system: str, environment: str) -> str:
    """The id of a system's stack in an environment, such as ``dev`` or ``delivery-dev``."""
    if system == _NAMED_AFTER_ITS_ENVIRONMENT:
        return environment
    return f"{system}-{environment}"


def module_value(kind: type[T], settings: Settings) -> T:
    """The value that a module takes, from the settings' fields of the same names.

    A field that only the module has keeps the module's default.

    Args:
        kind: the module's dataclass.
        settings: the settings that hold its fields.
    """
    names = {field.name for field in fields(kind)}  # type: ignore[arg-type]
    values: dict[str, Any] = {
        name: getattr(settings, name) for name in type(settings).model_fields if name in names
    }
    return kind(**values)


def applied_stack(
    system: str,
    environment: EnvironmentSettings,
    *,
    services: Sequence[ServiceName],
    secrets: Sequence[str] = (),
    models: Sequence[str] = (),
) -> AppliedStack:
    """What the pipeline's roles must be allowed to plan and apply a system's stack.

    Args:
        system: name of the system.
        environment: the environment, validated.
        services: what the stack's resources are made of.
        secrets: full names of the secrets whose values Terraform writes.
        models: Bedrock's models and inference profiles that the stack's roles may ever invoke.
    """
    name, naming = stack_id(system, environment.name), environment.naming
    location = StateLocation(naming=naming, stack=name)
    return AppliedStack(
        id=name,
        environment=naming,
        state=StateObject(
            bucket=location.bucket,
            object_key=location.object_key,
            lock_table=location.lock_table,
            key_alias=f"alias/{naming.name(KEY_ROLE)}",
        ),
        services=services,
        secrets=secrets,
        models=models,
        metrics=DEPLOYMENTS.namespace,
    )


class Stack(TerraformStack):
    """The stack of one system in one environment: one account, one state.

    What it makes is in the environment's region, unless it is placed into another one.

    Attributes:
        environment: the environment's settings.
        naming: its names and ARNs.
        state: where the stack's state lies.
    """

    def __init__(self, scope: Construct, system: str, *, environment: EnvironmentSettings) -> None:
        """Create an empty stack with its provider and state.

        Args:
            scope: the app.
            system: name of the system, such as ``rag``.
            environment: the environment, validated.
        """
        name = stack_id(system, environment.name)
        super().__init__(scope, name)
        self.environment = environment
        self.naming = environment.naming
        self._providers: dict[str, AwsProvider] = {}
        aws_provider(self, naming=self.naming, tags=environment.tags)
        self.state = attach_state(
            self, naming=self.naming, stack_id=name, lockfile=environment.state_lockfile
        )

    def place(self, construct: Construct, region: str) -> None:
        """Put all resources of a construct into a region of the account; by default all are in ours.

        Args:
            construct: of this stack.
            region: such as ``us-east-1``, where AWS tells of its global services.
        """
        if region == self.naming.region:
            return
        provider = self._provider(region)
        for child in construct.node.find_all():
            if isinstance(child, TerraformResource):
                child.provider = provider

    def _provider(self, region: str) -> AwsProvider:
        if region not in self._providers:
            naming = replace(self.naming, region=region)
            self._providers[region] = aws_provider(
                self, naming=naming, tags=self.environment.tags, alias=region
            )
        return self._providers[region]

    def bound_roles(self) -> None:
        """Give every role the boundary without which the pipeline may not make it."""
        for construct in self.node.find_all():
            if isinstance(construct, IamRole):
                construct.permissions_boundary = boundary_arn(self.naming)

    def output(self, name: str, value: str | list[str], description: str) -> None:
        """Add an output; made inside a construct it would get a hashed name."""
        TerraformOutput(self, name, value=value, description=description)

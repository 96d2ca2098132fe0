"""Builds every stack of every environment, and says which of them the pipeline applies."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from cdktf import App, TerraformStack

from backend.stack import BackendStack
from environments.load import NAMES
from environments.settings import Environment
from modules.alerting import SEVERITIES, Severity, topic_arn
from modules.checkov import carry_limits
from modules.errors import RefusedByAws
from modules.gitlab_access import AppliedStack, apply_audience, plan_audience, provider_arn
from modules.lambda_function import Code
from stacks.account.stack import AccountStack, PipelineAccess
from stacks.base import stack_id
from stacks.delivery.stack import DeliveryStack
from stacks.deployments import deployment_running
from stacks.errors import ConfigurationError
from stacks.governance.stack import GovernanceStack
from stacks.rag import stack as rag
from stacks.settings import EnvironmentSettings

PIPELINE_SYSTEMS: Mapping[str, Callable[[EnvironmentSettings, Any], AppliedStack]] = {
    "rag": rag.applied,
}
"""Systems whose stacks the pipeline plans and applies, in this order, and what it needs for each,
of the environment and the system's own settings; the others a person applies."""

ALARM_RUNBOOKS = "docs/runbooks/alarms"

LISTING = "environments.json"
"""The file beside the synthesised stacks that tells the pipeline what to plan and apply."""


def build(
    app: App,
    environments: Sequence[Environment],
    *,
    code: Code,
    migrations_hash: str,
    names: Sequence[str] = NAMES,
) -> None:
    """Add all stacks to the app.

    Args:
        app: the app.
        environments: validated.
        code: gives the zip of a service.
        migrations_hash: changes with what the database must be.
        names: of all environments, also those that are not built.

    Raises:
        ConfigurationError: AWS would refuse a name or a policy that comes of the settings.
    """
    for environment in environments:
        others = len(app.node.children)
        try:
            _add_stacks(app, environment, code=code, migrations_hash=migrations_hash, names=names)
        except RefusedByAws as error:
            raise ConfigurationError(f"environments/{environment.name}.py: {error}") from error
        for stack in app.node.children[others:]:
            if isinstance(stack, TerraformStack):
                carry_limits(stack, environment.policy_limits)


def _add_stacks(
    app: App,
    environment: Environment,
    *,
    code: Code,
    migrations_hash: str,
    names: Sequence[str],
) -> None:
    BackendStack(
        app,
        naming=environment.naming,
        tags=environment.tags,
        lockfile=environment.state_lockfile,
    )
    stacks = applied_stacks(environment)
    if environment.account:
        AccountStack(
            app, environment, environment.account, pipeline=_pipeline_access(environment, stacks)
        )
    if environment.delivery and stacks:
        DeliveryStack(
            app,
            environment,
            environment.delivery,
            stacks=stacks,
            audiences=_audiences(environment, names),
        )
    if environment.rag:
        rag.RagStack(
            app,
            environment,
            environment.rag,
            code=code,
            migrations_hash=migrations_hash,
            bounded=environment.delivery is not None,
            runbooks=_runbooks(environment),
        )
    if environment.governance:
        GovernanceStack(app, environment, environment.governance)


def _pipeline_access(
    environment: Environment, stacks: Sequence[AppliedStack]
) -> PipelineAccess | None:
    """How the pipeline will sign in; the roles are called as the audiences of their tokens."""
    delivery, naming = environment.delivery, environment.naming
    if not delivery or not stacks:
        return None
    return PipelineAccess(
        identity_provider_arn=provider_arn(naming, delivery.pipeline),
        plan_role=naming.iam_arn(f"role/{plan_audience(naming)}"),
        apply_roles=[
            naming.iam_arn(f"role/{apply_audience(naming, stack.id)}") for stack in stacks
        ],
    )


def _runbooks(environment: Environment) -> str:
    """Address of the alarms' runbooks; their path where nothing says where the project lies."""
    delivery = environment.delivery
    return delivery.address_of(ALARM_RUNBOOKS) if delivery else ALARM_RUNBOOKS


def applied_stacks(environment: Environment) -> list[AppliedStack]:
    """The environment's stacks that the pipeline plans and applies, in this order."""
    systems = pipeline_stacks(environment).values()
    return [
        PIPELINE_SYSTEMS[system](environment, getattr(environment, system)) for system in systems
    ]


def _audiences(environment: Environment, names: Sequence[str]) -> list[str]:
    """Audiences of every environment: two of them may share an account, and so a provider."""
    audiences = []
    for name in names:
        naming = replace(environment.naming, environment=name)
        audiences.append(plan_audience(naming))
        audiences += [apply_audience(naming, stack_id(system, name)) for system in PIPELINE_SYSTEMS]
    return audiences


def write_listing(folder: Path, environments: Sequence[Environment]) -> None:
    """Write which stacks of which environments the pipeline plans and applies, in which order.

    Args:
        folder: where the app was synthesised to.
        environments: validated.
    """
    listing = {"environments": [_listed(each) for each in environments]}
    (folder / LISTING).write_text(json.dumps(listing, indent=2) + "\n")


def pipeline_stacks(environment: Environment) -> dict[str, str]:
    """Id to system of the stacks that the pipeline applies, in its order."""
    return {
        stack_id(system, environment.name): system
        for system in PIPELINE_SYSTEMS
        if getattr(environment, system) is not None
    }


def _listed(environment: Environment) -> dict[str, Any]:
    """One environment; what only a pipeline needs is null where a person applies by hand."""
    delivery, naming = environment.delivery, environment.naming
    return {
        "name": environment.name,
        "guarded": environment.guarded,
        "deployment_tier": delivery.deployment_tier if delivery else None,
        "plan_audience": plan_audience(naming) if delivery else None,
        "stacks": [
            {
                "id": each,
                "system": system,
                "apply_audience": apply_audience(naming, each) if delivery else None,
                "deployment_metric": _deployment_metric(environment, each),
            }
            for each, system in pipeline_stacks(environment).items()
        ],
        "alert_topics": _alert_topics(environment),
    }


def _alert_topics(environment: Environment) -> dict[Severity, str]:
    """The topics that the pipeline tells of what it finds; the RAG system's stack has them."""
    if environment.rag is None:
        return {}
    return {severity: topic_arn(environment.naming, severity) for severity in SEVERITIES}


def _deployment_metric(environment: Environment, stack: str) -> dict[str, Any]:
    """What the pipeline publishes while it applies a stack."""
    metric = deployment_running(stack)
    return {
        "region": environment.region,
        "namespace": metric.namespace,
        "name": metric.name,
        "dimensions": dict(metric.dimensions),
    }

"""Builds every stack of every environment, and says which of them the pipeline applies."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from cdktf import App

from backend.stack import BackendStack
from environments.load import NAMES
from environments.settings import Environment
from modules.gitlab_access import apply_audience, plan_audience
from modules.lambda_function import CodePackage
from stacks.base import stack_id
from stacks.delivery.stack import DeliveryStack
from stacks.rag.stack import RagStack

PIPELINE_SYSTEMS = ("rag",)
"""Systems whose stacks the pipeline plans and applies, in this order; others a person applies."""

LISTING = "environments.json"
"""The file beside the synthesised stacks that tells the pipeline what to plan and apply."""


def build(
    app: App,
    environments: Sequence[Environment],
    *,
    code: CodePackage,
    migrations_hash: str,
    names: Sequence[str] = NAMES,
) -> None:
    """Add all stacks to the app.

    Args:
        app: the app.
        environments: validated.
        code: the zip of services/rag.
        migrations_hash: changes with what the database must be.
        names: of all environments, also those that are not built.
    """
    for environment in environments:
        BackendStack(
            app,
            naming=environment.naming,
            tags=environment.tags,
            lockfile=environment.state_lockfile,
        )
        if environment.delivery:
            DeliveryStack(app, environment, environment.delivery, environments=names)
        if environment.rag:
            RagStack(
                app,
                environment,
                environment.rag,
                code=code,
                migrations_hash=migrations_hash,
                bounded=environment.delivery is not None,
            )


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
                "apply_audience": apply_audience(naming) if delivery else None,
            }
            for each, system in pipeline_stacks(environment).items()
        ],
    }

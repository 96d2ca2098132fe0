"""Rules of the pipeline's access; each line names the field, its value, what is wrong, the remedy."""

from __future__ import annotations

from collections.abc import Iterator

from modules.gitlab_access.trust import DEFAULT_COMPONENTS
from stacks.delivery.settings import DeliverySettings
from stacks.errors import listed
from stacks.settings import EnvironmentSettings


def broken_rules(delivery: DeliverySettings, environment: EnvironmentSettings) -> Iterator[str]:
    """One line for each rule that the settings break."""
    components = delivery.subject_components
    field = f"subject_components={listed(components)}"
    if components[: len(DEFAULT_COMPONENTS)] != DEFAULT_COMPONENTS:
        yield (
            f"{field}: the roles are limited by project and branch, in this order; begin with "
            f"{listed(DEFAULT_COMPONENTS)}"
        )
    if "deployment_tier" in components and "environment_protected" not in components:
        yield (
            f"{field}: a job chooses its own deployment tier, so that it limits nobody; "
            "add environment_protected"
        )
    if (
        environment.guarded
        and "environment_protected" in components
        and not delivery.environment_protected
    ):
        yield (
            "environment_protected=False: any job of the branch could apply what a person must approve; "
            "protect the environment in GitLab and set it to True"
        )

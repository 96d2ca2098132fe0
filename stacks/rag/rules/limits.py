"""Rules of the limits: what AWS would refuse to the pipeline later is refused here at once."""

from __future__ import annotations

from collections.abc import Iterator

from modules.bedrock import profile_scope
from stacks.errors import listed
from stacks.rag.monitoring_settings import GRAFANA_DISK_TYPE
from stacks.rag.settings import RagSettings
from stacks.settings import EnvironmentSettings


def _instance_class(rag: RagSettings, environment: EnvironmentSettings) -> Iterator[str]:
    chosen, allowed = rag.database.instance_class, environment.limits.database_classes
    if chosen not in allowed:
        yield (
            f"database.instance_class={chosen}: not among limits.database_classes of "
            f"{environment.name} ({listed(allowed)}); choose one of these"
        )


def _storage(rag: RagSettings, environment: EnvironmentSettings) -> Iterator[str]:
    storage, largest = rag.database.max_storage_gib, environment.limits.largest_volume_gib
    if storage > largest:
        yield (
            f"database.max_storage_gib={storage}: above limits.largest_volume_gib={largest} of "
            f"{environment.name}; lower it, or raise the limit"
        )


def _machine(rag: RagSettings, environment: EnvironmentSettings) -> Iterator[str]:
    allowed = environment.limits.machines
    if rag.grafana and rag.grafana.instance_type not in allowed:
        yield (
            f"grafana.instance_type={rag.grafana.instance_type}: not among "
            f"limits.instance_types of {environment.name} ({listed(allowed)}); choose one of these"
        )


def _disk(rag: RagSettings, environment: EnvironmentSettings) -> Iterator[str]:
    allowed = environment.limits.volume_types
    if rag.grafana and GRAFANA_DISK_TYPE not in allowed:
        yield (
            f"grafana: its disk is {GRAFANA_DISK_TYPE}, not among limits.volume_types of "
            f"{environment.name} ({listed(allowed)}); add it there"
        )


def _profile(rag: RagSettings, environment: EnvironmentSettings) -> Iterator[str]:
    """Without it, another region that may answer refuses the call."""
    allowed = environment.limits.inference_profiles
    for field in ("answer", "embedding"):
        model = getattr(rag.models, field)
        scope = profile_scope(model)
        if scope and scope not in allowed:
            yield (
                f"models.{field}={model}: {scope} is not among limits.inference_profiles of "
                f"{environment.name} ({listed(allowed)}); choose another model, or add it there"
            )


RULES = (_instance_class, _storage, _machine, _disk, _profile)

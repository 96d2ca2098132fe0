"""Rules of the buckets that keep what happened: flow logs, and the invocations of models."""

from __future__ import annotations

from collections.abc import Iterator

from stacks.rag.settings import RagSettings
from stacks.settings import EnvironmentSettings


def _guard(rag: RagSettings, environment: EnvironmentSettings) -> Iterator[str]:
    kept = {
        "network.flow_logs.archive": rag.network.flow_logs.archive,
        "invocation_logging": rag.invocation_logging,
    }
    for field, settings in kept.items():
        if environment.guarded and settings and settings.force_destroy:
            yield (
                f"{field}.force_destroy=True: a guarded environment must not lose its records by "
                "mistake; set it to False (docs/runbooks/destroy.md says how they go on purpose)"
            )


RULES = (_guard,)

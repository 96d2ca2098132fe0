"""What ``cdktf synth`` writes for the pipeline, for environments that a test makes up."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

TIERS = {"prod": "production", "staging": "staging"}


def environments_json(
    guarded: Sequence[str] = ("prod",), /, **stacks: Sequence[str]
) -> dict[str, Any]:
    """The content of ``cdktf.out/environments.json``.

    Args:
        guarded: names of the environments that a person applies.
        stacks: environment to the ids of its stacks; the system is what comes before the first
            dash, and ``rag`` for the stack that is called as the environment.
    """
    return {
        "environments": [
            {
                "name": name,
                "guarded": name in guarded,
                "deployment_tier": TIERS.get(name, "development"),
                "plan_audience": f"mapvibe-{name}-pipeline-plan",
                "stacks": [_stack(name, each) for each in ids],
            }
            for name, ids in stacks.items()
        ]
    }


def _stack(environment: str, name: str) -> dict[str, str]:
    own = name == environment
    system = "rag" if own else name.partition("-")[0]
    audience = f"mapvibe-{environment}-pipeline-apply"
    return {
        "id": name,
        "system": system,
        "apply_audience": audience if own else f"{audience}-{system}",
    }

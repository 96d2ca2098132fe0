"""Records what was deployed to the emulator, so that it is found whatever the settings say now."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from environments.settings import Environment

_FOLDER = Path(".local/deployed")


@dataclass(frozen=True, kw_only=True, slots=True)
class Deployed:
    """One environment as it was deployed to one account of the emulator.

    Attributes:
        environment: its name.
        account_id: the account.
        region: its region.
        guarded: its stacks resist being destroyed.
        stacks: stack id to the part of its JSON that leads to its state and its account, in the
            order in which they were deployed.
    """

    environment: str
    account_id: str
    region: str
    guarded: bool
    stacks: dict[str, dict[str, Any]]


def record(root: Path, environment: Environment, stacks: Sequence[str]) -> None:
    """Keep what it takes to destroy the stacks, from their synthesised JSON.

    Args:
        root: the project's folder.
        environment: whose stacks.
        stacks: their ids in the order in which they are deployed.
    """
    bodies = {}
    for stack in stacks:
        body = json.loads((root / "cdktf.out" / "stacks" / stack / "cdk.tf.json").read_text())
        bodies[stack] = {part: body[part] for part in ("terraform", "provider")}
    deployed = Deployed(
        environment=environment.name,
        account_id=environment.account_id,
        region=environment.region,
        guarded=environment.guarded,
        stacks=bodies,
    )
    path = root / _FOLDER / f"{environment.name}-{environment.account_id}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(asdict(deployed), indent=2))


def recorded(root: Path) -> list[Deployed]:
    """All that was deployed since the emulator was started."""
    paths = sorted((root / _FOLDER).glob("*.json"))
    return [Deployed(**json.loads(path.read_text())) for path in paths]


def discard(root: Path) -> None:
    """Delete the record: the emulator that held it is gone."""
    shutil.rmtree(root / _FOLDER, ignore_errors=True)

"""Major versions of database engines: what AWS would refuse, and what nobody can take back."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from pipeline.plan.model import Action, Change
from pipeline.plan.values import as_map, as_text
from pipeline.report.model import PlanWarning, Topic

_TYPES = ("aws_db_instance", "aws_rds_cluster")
_MAJOR = {"postgres": r"\d+", "aurora-postgresql": r"\d+"}
_MAJOR_OF_OTHERS = r"\d+(?:\.\d+)?"
"""What of a version is the major one; MySQL and MariaDB count the second number to it.

Source: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_UpgradeDBInstance.Upgrading.html
"""

_RUNBOOK = "docs/runbooks/postgresql-upgrade.md"


def engine_changes(change: Change) -> Iterator[PlanWarning]:
    """A warning where the plan changes an engine's major version in place."""
    if change.type not in _TYPES or change.action is not Action.UPDATE:
        return
    before, after = _major(change.before), _major(change.after)
    if before is None or after is None or before == after:
        return
    steps = f"from major version {_text(before)} to {_text(after)}"
    allowed = as_map(change.after).get("allow_major_version_upgrade") is True
    topic = Topic.REFUSED
    if after < before:
        text = f"its engine goes {steps}, and RDS has no way back but a snapshot ({_RUNBOOK})"
    elif not allowed:
        text = (
            f"its engine goes {steps}, which RDS refuses without allow_major_version_upgrade; "
            f"{_RUNBOOK} says how it is allowed"
        )
    else:
        topic = Topic.UPGRADE
        text = f"its engine goes {steps}: it is down meanwhile, and cannot go back ({_RUNBOOK})"
    yield PlanWarning(topic=topic, address=change.address, text=text)


def _major(values: Mapping[str, Any] | None) -> tuple[int, ...] | None:
    """The major version, as far as it is known; nothing but digits leaves this function."""
    known = as_map(values)
    pattern = _MAJOR.get(as_text(known.get("engine")), _MAJOR_OF_OTHERS)
    found = re.match(pattern, as_text(known.get("engine_version")), re.ASCII)
    return tuple(map(int, found[0].split("."))) if found else None


def _text(major: tuple[int, ...]) -> str:
    return ".".join(map(str, major))

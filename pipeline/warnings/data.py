"""Which resources hold data: losing one loses what nobody can make again from this repository.

``stateful.csv`` decides it by type: what is lost, or nothing where a type holds none. Types that
cost nothing and types with a price that are not in it hold none either; an AWS type about which
nobody decided is told as such.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from pipeline.cost.pricers import ENTRIES, free_reason
from pipeline.plan.model import Action, Change, Plan

TABLE = Path(__file__).with_name("stateful.csv")
_LOSE = (Action.DELETE, Action.REPLACE)


@cache
def decided() -> Mapping[str, str]:
    """Resource type to what is lost with it; empty where it holds nothing."""
    with TABLE.open(encoding="utf-8", newline="") as lines:
        return {row["type"]: row["lost"] for row in csv.DictReader(lines)}


def lost_with(resource_type: str) -> str:
    """What is lost with a resource of a type; empty where nothing is known to be."""
    return decided().get(resource_type, "")


def holds_data(resource_type: str) -> bool:
    """Whether resources of a type hold data that Terraform cannot make again."""
    return bool(lost_with(resource_type))


def is_undecided(resource_type: str) -> bool:
    """Whether nobody decided if resources of an AWS type hold data."""
    return (
        resource_type.startswith("aws_")
        and resource_type not in decided()
        and resource_type not in ENTRIES
        and free_reason(resource_type) is None
    )


def data_at_risk(plan: Plan) -> tuple[Change, ...]:
    """What holds data and is destroyed or replaced by the plan.

    An old one that Terraform only forgets stays in AWS with its data.
    """
    return tuple(
        c for c in plan.changed if c.action in _LOSE and not c.leaves_old and holds_data(c.type)
    )

"""Whatever stands in a plan's JSON, a report is written or one line refuses it."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest

from pipeline.errors import Status
from tests.pipeline.commands.plans import document, leaves, put, resources
from tests.pipeline.commands.support import CommandLine
from tests.support.long_form import LONG

MUTATIONS = 20_000 if LONG else 600
RESOURCES = 4
"""Of one plan: a small one takes some milliseconds."""

ODD: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 1.5, 10**30, -(10**30), 1e308, "", " ", "x", "0", "\x00", "\ud800"),
    *("ü" * 300, "${var.x}", "0.0.0.0/0", "::/0", "999.1.1.1/99", "arn:aws:iam::*:root", "*"),
    *(
        [],
        {},
        [[]],
        [{}],
        {"": {}},
        [None],
        {"a": None},
        [1, "x", {}],
        "{",
        "[]",
        '{"Statement": 7}',
    ),
    *('{"Statement": [{"Effect": 1, "Principal": 2, "Action": {}, "Condition": []}]}', "1" * 5000),
)


@pytest.mark.parametrize("seed", range(6))
def test_no_mutation_of_a_plan_ends_in_a_traceback(pipeline: CommandLine, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - it chooses places, not keys
    items = resources()
    pipeline.write("budgets.yml", "dev: {monthly: {fail: 1}}\n")
    pipeline.write("usage.yml", "version: 0.1\n")
    for _ in range(MUTATIONS // 6):
        plan = document(chance.sample(items, RESOURCES))
        for _ in range(chance.choice((1, 1, 2, 4))):
            plan = mutated(plan, chance)
        # A lone surrogate is JSON, and no UTF-8.
        path = pipeline.write("plan.json", json.dumps(plan))
        ended = pipeline(
            *("report", "--plan", f"dev={path}", "--usage", "dev=usage.yml", "--tag", "CostCenter"),
            *(
                "--budgets",
                "budgets.yml",
                "--markdown",
                "m.md",
                "--json",
                "r.json",
                "--widget",
                "w",
            ),
        )
        assert ended.status in tuple(Status), ended.err
        if ended.status not in (Status.OK, Status.UNPRICED, Status.BUDGET, Status.REFUSED):
            assert ended.err.count("\n") == 1, ended.err


def mutated(plan: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    """A plan with one value replaced, taken away or moved to another place."""
    path = chance.choice(list(leaves(plan)))
    kind = chance.random()
    if kind < 0.7:
        changed = put(plan, path, chance.choice(ODD))
    elif kind < 0.85:
        other = chance.choice(list(leaves(plan)))
        changed = put(plan, path, found(plan, other))
    else:
        changed = put(plan, path[:-1], without(found(plan, path[:-1]), path[-1]))
    assert isinstance(changed, dict)
    return changed


def found(value: Any, path: tuple[str | int, ...]) -> Any:
    for key in path:
        value = value[key]
    return value


def without(value: Any, key: str | int) -> Any:
    """A container without one of its items."""
    if isinstance(value, list):
        return [item for position, item in enumerate(value) if position != key]
    return {name: item for name, item in value.items() if name != key}

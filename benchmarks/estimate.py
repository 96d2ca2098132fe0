"""The estimate of made-up plans, and the same sums worked out by hand.

``benchmarks/data/estimate.yml`` holds the plans, each with its sum as an expression and its source.
They are priced as ``python -m pipeline report`` does it, with the project's own catalogue. A
difference is explained where the file says why; what has no price must be named by the estimate.
"""

from __future__ import annotations

import ast
import json
import operator
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from benchmarks.table import Measurement, Promise
from pipeline.cost.catalogue import Catalogue
from pipeline.cost.estimate import estimate
from pipeline.cost.model import Estimate
from pipeline.cost.pricers import USAGE_KEYS
from pipeline.cost.usage import load_usage
from pipeline.errors import PipelineError
from pipeline.plan.read import read_plan

PLANS = Path(__file__).parent / "data" / "estimate.yml"
_CENT = Decimal("0.01")
_OPERATORS: Mapping[type[ast.operator], Callable[[Decimal, Decimal], Decimal]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
}


@dataclass(frozen=True, slots=True)
class Compared:
    """One plan, priced here and by hand.

    Attributes:
        plan: what it is.
        ours: USD a month.
        by_hand: USD a month.
        unnamed: what has no price, of which the estimate does not tell; or why there is none.
        explained: why the two may differ; empty where they may not.
    """

    plan: str
    ours: Decimal
    by_hand: Decimal
    unnamed: tuple[str, ...]
    explained: str

    @property
    def differs(self) -> bool:
        """By a cent or more."""
        return abs(self.ours - self.by_hand) >= _CENT

    @property
    def kept(self) -> bool:
        """Whether the estimate is right, or the difference is explained, and all is named."""
        return not self.unnamed and (not self.differs or bool(self.explained))


def measure() -> Measurement:
    """Price every plan and compare."""
    plans = yaml.safe_load(PLANS.read_text(encoding="utf-8"))
    found = [compare(plan) for plan in plans]
    return Measurement(
        name="USD a month: estimate, and by hand",
        figure="estimate",
        other="by hand",
        rows=[
            (each.plan, f"{each.ours:,.2f}", f"{each.by_hand:,.2f}{_remark(each)}")
            for each in found
        ],
        notes=[f"{each.plan}: {each.explained}" for each in found if each.explained],
        promises=[
            Promise(
                "plans with a difference that nobody explained",
                sum(not each.kept for each in found),
                at_most=0,
            )
        ],
    )


def compare(plan: Mapping[str, Any]) -> Compared:
    """Price one plan of the file."""
    by_hand = sum((worked_out(each["sum"]) for each in plan["by_hand"]), Decimal(0))
    explained = plan.get("explained", "")
    try:
        found = _estimate(plan)
    except PipelineError as error:
        return Compared(plan["plan"], Decimal(0), by_hand, (str(error),), explained)
    told = json.dumps([[str(each), *each.addresses] for each in found.unpriced])
    told += "\n".join((*found.unknown, *found.unstated))
    return Compared(
        plan=plan["plan"],
        ours=found.total.after.total,
        by_hand=by_hand,
        unnamed=tuple(name for name in plan.get("named", ()) if name not in told),
        explained=explained,
    )


def worked_out(text: str) -> Decimal:
    """The value of a sum such as ``730 * 0.225``, with no digit lost.

    Raises:
        ValueError: there is something else in it than numbers, ``+``, ``-``, ``*`` and brackets.
    """
    return _value(ast.parse(str(text), mode="eval").body)


def _value(node: ast.expr) -> Decimal:
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        return Decimal(repr(node.value))
    if isinstance(node, ast.BinOp) and type(node.op) in _OPERATORS:
        return _OPERATORS[type(node.op)](_value(node.left), _value(node.right))
    raise ValueError(f"{ast.unparse(node)}: is no number, sum, difference or product")


def _estimate(plan: Mapping[str, Any]) -> Estimate:
    with tempfile.TemporaryDirectory() as name:
        file, usage = Path(name) / "plan.json", Path(name) / "usage.yml"
        file.write_text(json.dumps(_document(plan)))
        usage.write_text(yaml.safe_dump({"version": 0.1, "resource_usage": plan.get("usage", {})}))
        return estimate(
            read_plan(file, stack="made-up"),
            catalogue=Catalogue.load(),
            usage=load_usage(usage, known=USAGE_KEYS),
        )


def _document(plan: Mapping[str, Any]) -> dict[str, Any]:
    """As ``terraform show -json`` writes it: everything is created."""
    provider = {"name": "aws", "expressions": {"region": {"constant_value": plan["region"]}}}
    return {
        "format_version": "1.2",
        "terraform_version": "1.11.4",
        "planned_values": {},
        "resource_changes": [
            {
                "address": address,
                "mode": "managed",
                "type": address.partition(".")[0],
                "name": address.partition(".")[2],
                "change": {
                    "actions": ["create"],
                    "before": None,
                    "after": resource["values"],
                    "after_unknown": resource.get("unknown", {}),
                },
            }
            for address, resource in plan["resources"].items()
        ],
        "configuration": {"provider_config": {"aws": provider}},
    }


def _remark(each: Compared) -> str:
    names = f"  NOT NAMED: {', '.join(each.unnamed)}" if each.unnamed else ""
    if not each.differs:
        return names
    return f"  {'explained' if each.explained else 'UNEXPLAINED'}{names}"

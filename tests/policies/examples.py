"""Runs the real Checkov with our checks on examples, and on stacks and plans that a test makes up."""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from policies.check import Outcome
from policies.checkov import run_on_plan, run_on_synthesised
from policies.checks import FOLDER
from policies.read import read_plan, read_stack
from policies.stack import PROVIDER

KINDS = ("passing", "failing", "undecided")
Outcomes = dict[str, Outcome]


def path_of(slug: str, kind: str) -> Path:
    """The file of a check's example."""
    return FOLDER / slug / "examples" / f"{kind}.tf.json"


@functools.cache
def judged(path: Path) -> dict[str, Outcomes]:
    """Check to address to what our checks say of a file, by Checkov's own runner."""
    found: dict[str, Outcomes] = {}
    for outcome in run_on_synthesised(path, read_stack(path), ours_only=True).outcomes:
        found.setdefault(outcome.check.id, {})[outcome.resource.address] = outcome
    return found


def expected(path: Path) -> dict[str, str]:
    """Address to what an example says will be found there."""
    body = json.loads(path.read_text())
    texts = {f"{PROVIDER}.{name}": text for name, text in body["//"].get("expected", {}).items()}
    for kind, resources in body["resource"].items():
        for name, values in resources.items():
            if text := values.get("//", {}).get("expected"):
                texts[f"{kind}.{name}"] = text
    return texts


def stack(
    folder: Path,
    resources: Mapping[str, Any],
    *,
    name: str = "dev",
    limits: Mapping[str, Any] | None = None,
    **more: Any,
) -> Path:
    """Write a stack like the examples, with other resources.

    Args:
        folder: where to.
        resources: type to name to body.
        name: the stack's id.
        limits: what its environment allows, in place of the examples'.
        more: what else of the file differs: its provider, its outputs.
    """
    body = json.loads(path_of("required_tags", "passing").read_text())
    if limits is not None:
        body["//"] = {"limits": limits}
    path = folder / "stacks" / name / "cdk.tf.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({**body, **more, "resource": resources}))
    return path


def change(
    address: str, after: Mapping[str, Any], unknown: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """A creation, as a plan's JSON has it."""
    kind, name = address.split(".", 1)
    return {
        "address": address,
        "mode": "managed",
        "type": kind,
        "name": name,
        "change": {
            "actions": ["create"],
            "before": None,
            "after": dict(after),
            "after_unknown": dict(unknown or {}),
        },
    }


def plan(folder: Path, *changes: Mapping[str, Any], **more: Any) -> Path:
    """Write what ``terraform show -json`` would.

    Args:
        folder: where to.
        changes: of ``change``.
        more: what else the plan has, such as its configuration.
    """
    resources = [
        {
            **{key: each[key] for key in ("address", "mode", "type", "name")},
            "values": each["change"]["after"],
        }
        for each in changes
    ]
    body = {
        "format_version": "1.2",
        "terraform_version": "1.11.4",
        "planned_values": {"root_module": {"resources": resources}},
        "resource_changes": list(changes),
        "configuration": {"root_module": {"resources": []}},
        **more,
    }
    path = folder / "plan.json"
    path.write_text(json.dumps(body))
    return path


def of_plan(check: str, path: Path, plan_path: Path) -> Outcomes:
    """Address to what one check says of a plan alone.

    Args:
        check: its id.
        path: the stack's JSON.
        plan_path: its plan.
    """
    read = read_plan(plan_path, synthesised=read_stack(path))
    outcomes = run_on_plan(plan_path, read).outcomes
    return {each.resource.address: each for each in outcomes if each.check.id == check}


def faults(outcomes: Outcomes) -> dict[str, str]:
    """Address to what is wrong."""
    return {address: "; ".join(each.faults) for address, each in outcomes.items() if each.faults}


def unknown(outcomes: Outcomes) -> dict[str, str]:
    """Address to what is not known, where nothing is wrong."""
    return {
        address: "; ".join(each.unknown)
        for address, each in outcomes.items()
        if each.unknown and not each.faults
    }

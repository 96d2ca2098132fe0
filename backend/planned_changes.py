"""Lets Terraform compare a state with what exists, and tells the differences in a few lines."""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Any

from backend.synthesised import StackState
from toolchain.run import run_terraform

_NAMED = 10
_CHANGES = 2


def show_planned_changes(state: StackState, show: Callable[[str], object]) -> None:
    """Plan, and say what would change.

    The state's lock is the caller's.

    Args:
        state: whose stack.
        show: prints one line.

    Raises:
        TerraformError: the plan could not be made.
    """
    run_terraform(state.folder, "init", "-input=false").check()
    options = ("-json", "-input=false", "-lock=false", "-detailed-exitcode")
    done = run_terraform(state.folder, "plan", *options)
    events = list(_events(done.output))
    for event in events:
        if event["type"] == "diagnostic" and event["@level"] == "error":
            sys.stderr.write(f"{event['@message']}\n")
    done.check(0, _CHANGES)
    changes: dict[str, list[str]] = defaultdict(list)
    for event in events:
        if event["type"] == "planned_change":
            change = event["change"]
            changes[change["action"]].append(change["resource"]["addr"])
    if not changes:
        show("terraform plan: state, AWS and configuration agree")
        return
    show("terraform plan would:")
    for action, addresses in sorted(changes.items()):
        more = f", and {len(addresses) - _NAMED} more" if len(addresses) > _NAMED else ""
        show(f"      {action} {len(addresses)}: {', '.join(addresses[:_NAMED])}{more}")
    if "create" in changes:
        show(
            "      What it would create is missing in AWS or in this state; if AWS has it, import "
            "it or restore a newer version before you deploy."
        )


def _events(output: str) -> Iterator[dict[str, Any]]:
    for line in output.splitlines():
        try:
            yield json.loads(line)
        except ValueError:
            continue

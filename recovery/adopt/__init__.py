"""``adopt``: let a stack's state know again what an apply made before it was killed."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Collection, Sequence
from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError

from backend.aws import check_account
from backend.errors import BackendError
from backend.lock import locked
from backend.planned_changes import show_planned_changes
from backend.synthesised import StackState, read_state
from recovery.adopt.account import Account
from recovery.adopt.leftovers import Leftover, leftovers
from recovery.adopt.plan import Change, Workspace, workspace
from recovery.adopt.search import Found, Search, Show
from recovery.adopt.states import read_states
from recovery.adopt.words import show_plan
from recovery.errors import RecoveryError
from toolchain import ROOT, ToolchainError

_OURS = ("Project", "Environment", "ManagedBy")
"""Default tags that only what Terraform made has all of: people tag what they make, too."""

Ask = Callable[[str], str]
"""Asks a person a question and gives the answer; the safe answer is an empty one."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of ``adopt``."""
    parser.add_argument("stack", metavar="STACK", help="for example dev or delivery-dev")
    parser.add_argument(
        "--yes", action="store_true", help="adopt and apply without asking, where nobody can be"
    )
    parser.add_argument(
        "--keep",
        metavar="ID",
        default=[],
        type=lambda text: text.split(","),
        help="which to adopt where several fit one resource; more with a comma",
    )


def run(options: argparse.Namespace) -> None:
    """Adopt what is missing in a stack's state.

    Raises:
        RecoveryError: it cannot be adopted; nothing was changed then, or the line says what was.
    """
    ask = input if sys.stdin.isatty() else None
    try:
        adopt(
            options.stack,
            root=ROOT,
            keep=options.keep,
            ask=(lambda _: "yes") if options.yes else ask,
        )
    except (BackendError, ToolchainError) as error:
        raise RecoveryError(str(error)) from error


def adopt(
    stack: str,
    *,
    root: Path,
    keep: Collection[str] = (),
    ask: Ask | None = None,
    show: Show = print,
) -> None:
    """Find what a stack made and forgot, show it, and apply it together with the rest of the plan.

    It deletes nothing. The state's lock is held from the first question to the last.

    Args:
        stack: the stack's id; it is synthesised.
        root: the project's folder.
        keep: identifiers to take where several fit one resource.
        ask: asks a person; None where there is none.
        show: prints one line.

    Raises:
        BackendError: other credentials, or somebody holds the state's lock.
        RecoveryError: several things fit one resource, the plan would replace or destroy what is
            adopted, or nobody can be asked.
        ToolchainError: Terraform failed.
    """
    state = read_state(root, stack)
    check_account(state)
    try:
        with locked(state, "adopt"), workspace(state) as work:
            _adopt(state, work, keep=keep, ask=ask, show=show)
    except (ClientError, BotoCoreError) as error:
        raise RecoveryError(f"{state.location}: {error}") from error


def _adopt(
    state: StackState,
    work: Workspace,
    *,
    keep: Collection[str],
    ask: Ask | None,
    show: Show,
) -> None:
    tags = state.body["provider"]["aws"][0]["default_tags"][0]["tags"]
    account = Account(id=state.account_id, region=state.region)
    known = read_states(state)
    names = {
        "account": state.account_id,
        "region": state.region,
        "project": tags["Project"],
        "environment": tags["Environment"],
    }
    search = Search(account=account, work=work, known=known, names=names, keep=keep, show=show)
    found = search.run()
    _show_leftovers(leftovers(account, found, known, {name: tags[name] for name in _OURS}), show)
    _refuse(found)
    if not found.imports:
        show(f"{state.stack}: nothing to adopt; plan and deploy as always")
        return
    changes = _without_destruction(work, found, show)
    show_plan(changes, found.imports, show)
    if not _agrees(ask):
        show("nothing was changed")
        return
    work.apply()
    show_planned_changes(state, show)


def _show_leftovers(left: Sequence[Leftover], show: Show) -> None:
    if not left:
        return
    show(
        "Not to be adopted: it carries the environment's tags, and neither a state nor this stack "
        "has a place for it. If an apply of another stack was killed too, adopt that first. Then "
        "look at each, and remove in this order what nobody needs:"
    )
    for each in left:
        show(f"      {each}")


def _refuse(found: Found) -> None:
    if found.obstacles:
        raise RecoveryError("; ".join(f"{what}: {why}" for what, why in found.obstacles.items()))
    for change in found.changes:
        if change.imported and "delete" in change.actions:
            why = f" for its {', '.join(change.replaced_for)}" if change.replaced_for else ""
            raise RecoveryError(
                f"{change.address}: {found.imports[change.address]} would be replaced{why}; it is "
                "not what the code describes: change one of them, and adopt again"
            )


def _without_destruction(work: Workspace, found: Found, show: Show) -> list[Change]:
    """The changes to apply: all, or only what is adopted where the rest would destroy."""
    destroyed = [change.address for change in found.changes if "delete" in change.actions]
    if not destroyed:
        return found.changes
    show(
        "The rest of the plan is left to the next deployment, because it would destroy "
        f"{', '.join(destroyed)}."
    )
    changes = work.plan(found.imports, only=list(found.imports))
    if any("delete" in change.actions for change in changes):
        raise RecoveryError(
            "what is adopted cannot be applied without destroying something; deploy an older "
            "version of the code first, or import by hand (terraform import)"
        )
    return changes


def _agrees(ask: Ask | None) -> bool:
    if ask is None:
        raise RecoveryError("nobody can be asked here; to adopt and apply this, add YES=1")
    return ask("Adopt and apply this? [yes, or Enter to leave everything] ").strip() == "yes"

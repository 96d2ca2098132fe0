"""``rollback``: the alias of a function back to the version before."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError

from backend.aws import check_account, client, error_code
from backend.errors import BackendError
from backend.synthesised import read_state
from recovery.errors import RecoveryError
from recovery.functions import choose
from recovery.versions import (
    Version,
    await_provisioned,
    differences,
    move_alias,
    published_versions,
    serving,
    target,
)

ROOT = Path(__file__).resolve().parent.parent

Ask = Callable[[str], str]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of ``rollback``."""
    parser.add_argument("stack", metavar="STACK", help="for example dev; run 'cdktf synth' before")
    parser.add_argument("--function", metavar="NAME", help="the one behind the API by default")
    parser.add_argument("--version", metavar="N", type=int, help="the one before by default")
    parser.add_argument("--yes", action="store_true", help="without asking")


def run(options: argparse.Namespace) -> None:
    """Show which version serves and which would, and let that one serve.

    Raises:
        RecoveryError: there is no earlier version, nobody agreed, or AWS refused.
    """
    ask = input if sys.stdin.isatty() else None
    roll_back(
        options.stack,
        root=ROOT,
        function=options.function,
        version=options.version,
        ask=(lambda _: "yes") if options.yes else ask,
    )


def roll_back(
    stack: str,
    *,
    root: Path,
    function: str | None = None,
    version: int | None = None,
    ask: Ask | None = None,
    show: Callable[[str], object] = print,
) -> None:
    """Let a function's alias lead to an earlier version.

    Args:
        stack: id of the stack; it is synthesised.
        root: the project's folder.
        function: its name, or the last part of it; the one behind the API by default.
        version: which; the one before that which serves by default.
        ask: asks a person; None where there is none.
        show: prints one line.

    Raises:
        RecoveryError: there is no such version, nobody agreed, or AWS refused.
    """
    try:
        state = read_state(root, stack)
        check_account(state)
        chosen = choose(state.body, stack, function)
        aws = client("lambda", state)
        alias = aws.get_alias(FunctionName=chosen.name, Name=chosen.alias)
        versions = published_versions(aws, chosen.name)
        now = serving(chosen, versions, alias)
        then = target(chosen, versions, now.number, version)
        show(f"{chosen.name}, alias {chosen.alias}:")
        for line in _compared(now, then):
            show(line)
        _confirm(then, ask)
        move_alias(aws, chosen, alias, then.number)
        await_provisioned(aws, chosen, show=show)
    except BackendError as error:
        raise RecoveryError(str(error)) from error
    except (ClientError, BotoCoreError) as error:
        raise RecoveryError(_refused(stack, error)) from error
    name = f" FUNCTION={function}" if function else ""
    show(
        f"version {then.number} serves. Back again: make rollback STACK={stack}{name} VERSION={now.number}"
    )
    show(
        "The next deployment goes forward again: before it, revert the commit that did harm "
        "(docs/runbooks/rollback.md)"
    )


def _compared(now: Version, then: Version) -> list[str]:
    found = differences(now, then)
    lines = [
        f"  serves now   {now}",
        f"  would serve  {then}",
        f"  differs in   {'; '.join(found) or 'nothing that its configuration shows'}",
    ]
    if "code" in found:
        lines.append(
            "  migrations   stay: the database keeps what newer code made of it, and earlier code must "
            "live with that"
        )
    return lines


def _confirm(then: Version, ask: Ask | None) -> None:
    if ask is None:
        raise RecoveryError("nothing was changed; to do it where nobody can be asked, add YES=1")
    answer = ask(f"Let version {then.number} serve? [yes, or Enter to leave it] ")
    if answer.strip().lower() not in ("y", "yes"):
        raise RecoveryError("nothing was changed")


def _refused(stack: str, error: ClientError | BotoCoreError) -> str:
    """One line: what AWS refused, and what to do."""
    code = error_code(error) if isinstance(error, ClientError) else ""
    if code == "ResourceNotFoundException":
        return f"stack {stack}: {error}; was it ever deployed?"
    if code == "PreconditionFailedException":
        return f"stack {stack}: somebody moved the alias meanwhile; look again"
    return f"stack {stack}: {error}"

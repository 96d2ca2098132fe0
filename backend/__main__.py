"""The remote state: create it, restore what was lost of it, show and release its lock."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from backend.create import create
from backend.errors import BackendError
from backend.held import release_lock, show_lock
from backend.restore import restore
from toolchain import ToolchainError

ROOT = Path(__file__).resolve().parent.parent


def main(arguments: list[str] | None = None) -> int:
    """Exit status 0 when the command did what it says, 1 when it did not."""
    options = _parser().parse_args(arguments)
    try:
        _run(options)
    except (BackendError, ToolchainError) as error:
        print(error, file=sys.stderr)
        return 1
    except (KeyboardInterrupt, EOFError):
        print(f"{options.command}: interrupted; run it again", file=sys.stderr)
        return 1
    return 0


def _run(options: argparse.Namespace) -> None:
    if options.command == "create":
        _create(options.environment)
    elif options.command == "lock":
        show_lock(options.stack, root=ROOT)
    elif options.command == "unlock":
        release_lock(options.stack, root=ROOT, lock_id=options.lock)
    else:
        restore(
            options.stack,
            root=ROOT,
            version=options.version,
            replace=options.replace,
            ask=input if sys.stdin.isatty() else None,
        )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m backend", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    command = commands.add_parser("create", help="create the remote state of an environment")
    command.add_argument("environment", metavar="ENV", help="for example dev")
    command = commands.add_parser("restore", help="restore a version of a stack's state")
    command.add_argument("stack", metavar="STACK", help="for example dev or backend-dev")
    command.add_argument("--version", metavar="ID", help="which; without it you are asked")
    command.add_argument(
        "--replace", action="store_true", help="also where the current state is intact"
    )
    command = commands.add_parser("lock", help="show who holds the lock of a stack's state")
    command.add_argument("stack", metavar="STACK", help="for example dev or backend-dev")
    command = commands.add_parser("unlock", help="release a lock whose owner is gone")
    command.add_argument("stack", metavar="STACK", help="for example dev or backend-dev")
    command.add_argument("--lock", metavar="ID", help="vouch that the owner of this lock is gone")
    return parser


def _create(environment: str) -> None:
    print(f"remote state of {environment}: checking", flush=True)
    changed = create(environment, root=ROOT)
    print(f"remote state of {environment}: {'ready' if changed else 'nothing to change'}")


if __name__ == "__main__":
    sys.exit(main())

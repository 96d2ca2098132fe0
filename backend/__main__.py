"""The remote state: create it, bring it up to date, or restore what was lost of it."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from backend.create import create
from backend.errors import BackendError
from backend.restore import restore
from toolchain import ToolchainError

ROOT = Path(__file__).resolve().parent.parent


def main(arguments: list[str] | None = None) -> int:
    """Exit status 0 when the command did what it says, 1 when it did not."""
    options = _parser().parse_args(arguments)
    try:
        if options.command == "create":
            _create(options.environment)
        else:
            restore(
                options.stack,
                root=ROOT,
                version=options.version,
                replace=options.replace,
                ask=input if sys.stdin.isatty() else None,
            )
    except (BackendError, ToolchainError) as error:
        print(error, file=sys.stderr)
        return 1
    except (KeyboardInterrupt, EOFError):
        print(f"{options.command}: interrupted; run it again", file=sys.stderr)
        return 1
    return 0


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
    return parser


def _create(environment: str) -> None:
    print(f"remote state of {environment}: checking", flush=True)
    changed = create(environment, root=ROOT)
    print(f"remote state of {environment}: {'ready' if changed else 'nothing to change'}")


if __name__ == "__main__":
    sys.exit(main())

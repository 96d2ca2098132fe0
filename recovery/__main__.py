"""``python -m recovery COMMAND``: bring back what went wrong."""

from __future__ import annotations

import argparse
import importlib
import sys
from typing import Protocol, cast

from recovery.errors import RecoveryError

COMMANDS = {
    "adopt": "let a stack's state know again what an apply made before it was killed",
    "rollback": "let an environment's functions serve an earlier version",
}
"""A command, which is a module of this room, and its help."""

FAILED = 1


class Command(Protocol):
    """What each module of this room that is a command has."""

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Say which arguments it takes."""

    def run(self, options: argparse.Namespace) -> None:
        """Do it, or raise RecoveryError."""


def main(arguments: list[str] | None = None) -> int:
    """Exit status 0 when it did what it says, 1 when it did not, 2 for wrong arguments."""
    options = _parser().parse_args(arguments)
    try:
        _module(options.command).run(options)
    except RecoveryError as error:
        print(error, file=sys.stderr)
        return FAILED
    except (KeyboardInterrupt, EOFError):
        print(f"{options.command}: interrupted; run it again", file=sys.stderr)
        return FAILED
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m recovery", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, text in COMMANDS.items():
        command = commands.add_parser(
            name, help=text, description=f"{text[0].upper()}{text[1:]}.", allow_abbrev=False
        )
        _module(name).add_arguments(command)
    return parser


def _module(name: str) -> Command:
    return cast("Command", importlib.import_module(f"recovery.{name}"))


if __name__ == "__main__":
    sys.exit(main())

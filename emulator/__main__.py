"""`python -m emulator`: the local AWS endpoint from the command line."""

from __future__ import annotations

import argparse
import shlex
import sys
from collections.abc import Callable
from pathlib import Path

from emulator import control, identity

ROOT = Path(__file__).resolve().parent.parent


def _start(arguments: argparse.Namespace) -> str:
    return f"running at {control.start(arguments.root).url}"


def _stop(arguments: argparse.Namespace) -> str:
    return "stopped" if control.stop(arguments.root) else "was not running"


def _status(arguments: argparse.Namespace) -> str:
    emulator = _running(arguments.root)
    return f"running at {emulator.url} (pid {emulator.pid})"


def _env(arguments: argparse.Namespace) -> str:
    variables = control.environment(
        _running(arguments.root), account_id=arguments.account, region=arguments.region
    )
    unset = [f"unset {name}" for name in identity.unwanted()]
    export = [f"export {name}={shlex.quote(value)}" for name, value in variables.items()]
    return "\n".join(unset + export)


def _gaps(_arguments: argparse.Namespace) -> str:
    # Loads moto, which the other commands do without.
    from emulator.gaps import GAPS

    return "\n".join(f"{gap.id}\n  moto {gap.moto}\n  AWS  {gap.aws}" for gap in GAPS)


def _inventory(arguments: argparse.Namespace) -> str:
    # Loads boto3, which the other commands do without.
    from emulator.inventory import inventory

    found = inventory(_running(arguments.root).url, arguments.account, arguments.region)
    return "\n".join(f"{kind} {name}" for kind, names in found.items() for name in names)


def _running(root: Path) -> control.Emulator:
    emulator = control.running(root)
    if emulator is None:
        raise control.EmulatorError("not running; start it with: python -m emulator start")
    return emulator


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m emulator", description=__doc__)
    parser.add_argument(
        "--root", type=Path, default=ROOT, help="whose .local holds state and log (this tree)"
    )
    commands = parser.add_subparsers(required=True, metavar="command")

    def command(name: str, run: Callable[[argparse.Namespace], str], about: str) -> None:
        made = commands.add_parser(name, help=about, description=about)
        made.set_defaults(run=run)
        if run in (_env, _inventory):
            made.add_argument("--account", required=True, metavar="ID", help="twelve digits")
            made.add_argument("--region", default=identity.DEFAULT_REGION)

    command("start", _start, "Start it in the background, unless it runs.")
    command("stop", _stop, "Stop it; everything in it is gone.")
    command("status", _status, "Say where it runs; exit 1 if it does not.")
    command("env", _env, "Print what a shell must eval to work in an account.")
    command("gaps", _gaps, "List where plain moto differs from AWS and the emulator does not.")
    command("inventory", _inventory, "List what exists in an account.")
    return parser


def main(words: list[str] | None = None) -> int:
    """Runs a command.

    Args:
        words: of the command line; this process's by default.

    Returns:
        The exit code.
    """
    arguments = _parser().parse_args(words)
    try:
        text = arguments.run(arguments)
    except (control.EmulatorError, ValueError, OSError) as error:
        print(f"emulator: {error}", file=sys.stderr)
        return 1
    if text:
        print(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())

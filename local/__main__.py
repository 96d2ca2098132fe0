"""``python -m local deploy|destroy|env [ENV]``: the developer's own deployment on the emulator."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from emulator import control
from emulator.__main__ import main as emulator_command
from environments.errors import ConfigurationError
from environments.load import load_environment
from environments.settings import Environment
from local.deploy import LocalError, deploy, destroy

ROOT = Path(__file__).resolve().parent.parent


def main(arguments: list[str] | None = None) -> int:
    """Exit status 0 when the command did what it says, 1 when it did not."""
    parser = argparse.ArgumentParser(prog="python -m local", description=__doc__)
    parser.add_argument("command", choices=("deploy", "destroy", "env"))
    parser.add_argument("environment", nargs="?", default="dev", metavar="ENV", help="dev or prod")
    options = parser.parse_args(arguments)
    try:
        environment = load_environment(options.environment)
        if options.command == "deploy":
            deploy(environment, root=ROOT)
        elif options.command == "destroy":
            destroy(environment, root=ROOT)
        else:
            _print_environment(environment)
    except (LocalError, ConfigurationError, control.EmulatorError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _print_environment(environment: Environment) -> None:
    """Shell lines for ``eval``; starts the emulator where none runs."""
    control.start(ROOT)
    arguments = ["env", "--account", environment.account_id, "--region", environment.region]
    emulator_command(arguments)


if __name__ == "__main__":
    sys.exit(main())

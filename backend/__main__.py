"""``python -m backend create ENV``: create an environment's remote state, or bring it up to date."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from backend.create import create
from backend.errors import BackendError
from environments.load import load_environment
from stacks.errors import ConfigurationError
from toolchain import ToolchainError

ROOT = Path(__file__).resolve().parent.parent


def main(arguments: list[str] | None = None) -> int:
    """Exit status 0 when the remote state stands, 1 when it does not."""
    parser = argparse.ArgumentParser(prog="python -m backend", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    command = commands.add_parser("create", help="create the remote state of one environment")
    command.add_argument("environment", metavar="ENV", help="dev or prod")
    options = parser.parse_args(arguments)
    try:
        environment = load_environment(options.environment)
        print(f"remote state of {environment.name}: checking", flush=True)
        changed = create(
            environment.naming,
            tags=environment.tags,
            lockfile=environment.state_lockfile,
            root=ROOT,
        )
    except (BackendError, ConfigurationError, ToolchainError) as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("create: interrupted; run again, it goes on from there", file=sys.stderr)
        return 1
    print(f"remote state of {environment.name}: {'ready' if changed else 'nothing to change'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

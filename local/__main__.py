"""The developer's own deployment on the emulator, its pipeline, and loading documents anywhere."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

import toolchain
from emulator import control
from emulator.__main__ import main as emulator_command
from environments.load import NAMES, load_environment
from local.ci import SAMPLE, CiError, rehearse
from local.deploy import deploy, local_api
from local.destroy import destroy
from local.documents import SAMPLES, LoadError, load
from local.drill import drill
from local.errors import LocalError
from stacks.errors import ConfigurationError
from toolchain import ToolchainError
from toolchain.lock import single_instance

ROOT = Path(__file__).resolve().parent.parent
TOKEN = "MAPVIBE_TOKEN"  # noqa: S105 - the name of a variable

_FAULTS = (
    CiError,
    LocalError,
    LoadError,
    ConfigurationError,
    ToolchainError,
    control.EmulatorError,
)


def main(arguments: list[str] | None = None) -> int:
    """Exit status 0 when the command did what it says, 1 when it did not."""
    options = _parser().parse_args(arguments)
    try:
        if options.command == "load":
            _load(options)
            return 0
        if options.command == "ci":
            toolchain.require("ci-local")
            rehearse(ROOT, tests=options.tests)
            return 0
        if options.command == "env":
            environment = load_environment(options.environment)
            _print_environment(environment.account_id, environment.region)
            return 0
        target = "alarm-drill" if options.command == "drill" else f"{options.command}-local"
        command = f"make {target} ENV={options.environment}"
        with single_instance(ROOT / ".local" / "deploy.lock", command):
            if options.command == "deploy":
                deploy(load_environment(options.environment), root=ROOT)
            elif options.command == "drill":
                drill(load_environment(options.environment), root=ROOT)
            else:
                destroy(options.environment, root=ROOT)
    except _FAULTS as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(
            f"{options.command}: interrupted; what it reached stays, run it again", file=sys.stderr
        )
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m local", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    for name, help_text in (
        ("deploy", "deploy an environment to the emulator and load the sample documents"),
        ("destroy", "destroy it and stop the emulator"),
        ("drill", "break its database, and see the alarm, the message, and the repair"),
        ("env", "print the emulator's environment for eval"),
    ):
        command = commands.add_parser(name, help=help_text)
        command.add_argument("environment", nargs="?", default=NAMES[0], metavar="ENV")
    command = commands.add_parser("load", help="load .md and .txt files into an API")
    command.add_argument("folder", nargs="?", type=Path, default=SAMPLES, help="the sample pages")
    command.add_argument(
        "--url", help=f"where the API answers; {NAMES[0]} on the emulator by default"
    )
    command.add_argument("--token", help=f"of the API's issuer; or set {TOKEN}")
    command = commands.add_parser(
        "ci", help="run the pipeline: merge request, main, prod, schedule"
    )
    command.add_argument("--tests", default=SAMPLE, help="what its unit tests run; a sample")
    return parser


def _load(options: argparse.Namespace) -> None:
    url = options.url or _local_url()
    load(url, options.folder, token=options.token or os.environ.get(TOKEN), show=print)


def _local_url() -> str:
    emulator = control.running(ROOT)
    if emulator is None:
        raise LocalError("no emulator is running: name the API with --url, or make deploy-local")
    return local_api(emulator, load_environment(NAMES[0]), root=ROOT)


def _print_environment(account_id: str, region: str) -> None:
    """Shell lines for ``eval``; starts the emulator where none runs."""
    control.start(ROOT)
    emulator_command(["env", "--account", account_id, "--region", region])


if __name__ == "__main__":
    sys.exit(main())

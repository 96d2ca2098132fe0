"""``python -m pipeline COMMAND``: plans, their cost, the comment, and the guarded apply."""

from __future__ import annotations

import argparse
import importlib
import logging
import os
import sys
from typing import Protocol, cast

from pipeline.errors import PipelineError, Status
from pipeline.plan.text import escaped

COMMANDS = {
    "report": "make a report of plans that are JSON already",
    "plan": "run Terraform, show what would change and cost, write reports/",
    "comment": "write the one note on the merge request",
    "compare": "compare what would be applied with what was reviewed",
    "apply": "apply the plans that this pipeline sealed, or refuse",
    "drift": "find what was changed outside Terraform",
    "jobs": "write the jobs of every environment for .gitlab-ci.yml",
    "prices": "check or renew the catalogue of prices",
    "schema": "renew what is known of the AWS provider's types and arguments",
    "key": "print a new key for saved plans",
}


def main(arguments: list[str] | None = None) -> int:
    """Run one command; its exit status tells why it ended, see ``--help``."""
    # urllib3 would log each retry; one line of ours follows when the last one failed.
    logging.getLogger("urllib3").setLevel(logging.ERROR)
    given = sys.argv[1:] if arguments is None else arguments
    options = _parser(given[0] if given else "").parse_args(given)
    try:
        _module(options.command).run(options)
    except PipelineError as error:
        print(escaped(str(error)), file=sys.stderr)
        return error.status
    except KeyboardInterrupt:
        print(f"{options.command}: interrupted", file=sys.stderr)
        return Status.FAILED
    except BrokenPipeError:
        # The reader, such as 'head', has closed the pipe; without this Python reports it again when
        # it exits.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return Status.FAILED
    return Status.OK


def _parser(chosen: str) -> argparse.ArgumentParser:
    """The parser; only the chosen command's room is imported."""
    parser = argparse.ArgumentParser(
        prog="python -m pipeline",
        description=__doc__,
        epilog=_statuses(),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, text in COMMANDS.items():
        command = commands.add_parser(
            name,
            help=text,
            description=f"{text[0].upper()}{text[1:]}.",
            epilog="Exit status: python -m pipeline --help",
            allow_abbrev=False,
        )
        if name == chosen:
            _module(name).add_arguments(command)
    return parser


class Command(Protocol):
    """What each module of ``pipeline.commands`` that is a command has."""

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Say which arguments it takes."""

    def run(self, options: argparse.Namespace) -> None:
        """Do it, or raise PipelineError."""


def _module(name: str) -> Command:
    return cast("Command", importlib.import_module(f"pipeline.commands.{name}"))


def _statuses() -> str:
    """The exit statuses, as ``pipeline.errors.Status`` documents them."""
    lines = [f"  {status.value:>3}  {status.explanation}" for status in Status]
    return "\n".join(["exit status:", *lines])


if __name__ == "__main__":
    sys.exit(main())

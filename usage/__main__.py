"""``python -m usage``: what Bedrock was used for, and emptying its log bucket."""

from __future__ import annotations

import argparse
import datetime as dt
import os
import sys
from pathlib import Path

from pipeline.plan.text import escaped
from toolchain.progress import Progress
from usage.errors import UsageError
from usage.period import DEFAULT_HOURS, period

FAILED = 1


def main(arguments: list[str] | None = None) -> int:
    """Exit status 0 when it did what it says, 1 when it did not, 2 for wrong arguments."""
    try:
        options = _parser().parse_args(arguments)
        if options.command == "report":
            _report(options)
        else:
            _empty_logs(options)
    except UsageError as error:
        print(escaped(str(error)), file=sys.stderr)
        return FAILED
    except KeyboardInterrupt:
        print("usage: interrupted", file=sys.stderr)
        return FAILED
    except BrokenPipeError:
        # The reader, such as 'head', has closed the pipe.
        _forget_output()
        return FAILED
    return 0


def _report(options: argparse.Namespace) -> None:
    now = dt.datetime.now(dt.UTC)
    asked = period(now=now, hours=options.hours, start=options.start, end=options.end)
    from usage.make import make  # its settings take a second, which a wrong period need not wait
    from usage.render import FORMATS

    with Progress("usage report"):
        report = make(asked, now=now, environment=options.environment, region=options.region)
    text = FORMATS[options.format](report)
    if options.output is None:
        _print(text)
        return
    try:
        options.output.write_text(text, encoding="utf-8")
    except OSError as error:
        raise UsageError(
            f"--output {options.output}: cannot be written: {error.strerror}"
        ) from error


def _print(text: str) -> None:
    if sys.stdout is None:
        raise UsageError("usage report: standard output is closed; name a file with --output")
    try:
        # A terminal or file of another encoding gets escapes for what it lacks.
        encoding = sys.stdout.encoding or "utf-8"
        sys.stdout.write(text.encode(encoding, "backslashreplace").decode(encoding))
        # Here, for what fails when Python exits is no line of ours.
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        _forget_output()
        raise UsageError(
            f"usage report: standard output cannot be written: {error.strerror}"
        ) from error


def _forget_output() -> None:
    """Without this Python reports again, when it exits, what could not be written."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _empty_logs(options: argparse.Namespace) -> None:
    from usage.empty_logs import empty

    empty(options.bucket, region=options.region, ask=input if sys.stdin.isatty() else None)


def _parser() -> argparse.ArgumentParser:
    from usage.render import FORMATS  # it takes a second, in which a person may interrupt

    parser = argparse.ArgumentParser(prog="python -m usage", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    report = commands.add_parser(
        "report", help="calls, tokens, cost, latency and errors by model", allow_abbrev=False
    )
    report.add_argument(
        "--hours", type=float, metavar="N", help=f"until now; {DEFAULT_HOURS:g} by default"
    )
    report.add_argument(
        "--from", dest="start", metavar="TIME", help="ISO 8601; UTC unless it has an offset"
    )
    report.add_argument("--to", dest="end", metavar="TIME", help="the same; now by default")
    report.add_argument(
        "--environment",
        metavar="NAME",
        help="refuse credentials of another account than this one's",
    )
    report.add_argument("--region", help="by default the environment's, or that of the profile")
    report.add_argument("--format", choices=FORMATS, default="table", help="table by default")
    report.add_argument("--output", type=Path, metavar="FILE", help="instead of the terminal")
    empty = commands.add_parser(
        "empty-logs",
        help="delete all that a bucket of invocation logs holds, after asking",
        allow_abbrev=False,
    )
    empty.add_argument("--bucket", required=True, metavar="NAME", help="the bucket; it stays")
    empty.add_argument("--region", help="by default that of the profile")
    return parser


if __name__ == "__main__":
    sys.exit(main())

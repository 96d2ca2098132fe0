"""``prices``: how old the catalogue is, and renewing it from AWS's Price List."""

from __future__ import annotations

import argparse
from datetime import UTC, date, datetime
from pathlib import Path

from pipeline.commands.job import print_line
from pipeline.cost.catalogue import DEFAULT, MAX_AGE_DAYS, Catalogue
from pipeline.cost.price_list import (
    AWS_PRICING,
    CheckResult,
    OfferFiles,
    PriceSource,
    check,
    check_lines,
    query_api,
    refresh,
    refreshed_lines,
    replace,
)
from pipeline.errors import PipelineError, Status
from pipeline.report.numbers import counted

_LONGEST_AGE_DAYS = 36_500


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The commands of ``prices``."""
    commands = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    renew = commands.add_parser("refresh", help="rewrite the catalogue from AWS's Price List")
    renew.add_argument(
        "--keep-going", action="store_true", help="write although rows were not found"
    )
    look = commands.add_parser("check", help="tell how old the catalogue is; changes nothing")
    look.add_argument(
        "--max-age",
        type=_days,
        default=MAX_AGE_DAYS,
        metavar="DAYS",
        help=f"beyond which a price is old; {MAX_AGE_DAYS} by default",
    )
    look.add_argument(
        "--strict",
        action="store_true",
        help=f"end with status {Status.BAD_SETTINGS.value} where a price is old or differs, "
        "instead of a warning",
    )
    look.add_argument("--online", action="store_true", help="also compare with AWS's Price List")
    for command in (renew, look):
        command.add_argument(
            "--catalogue", type=Path, metavar="FILE", default=DEFAULT, help="the project's own else"
        )
        command.add_argument(
            "--from",
            dest="source",
            choices=("offers", "api"),
            default="offers",
            help="public offer files, or the API, which needs credentials",
        )
        command.add_argument(
            "--offers-url", default=AWS_PRICING, metavar="URL", help="a mirror of the offer files"
        )


def run(options: argparse.Namespace) -> None:
    """Refresh or check.

    Raises:
        PipelineError: a list cannot be read, rows were not found, or the catalogue is wrong or,
            where that is asked for, old.
    """
    catalogue = Catalogue.load(options.catalogue)
    if options.action == "refresh":
        renewed = refresh(catalogue, source=_source(options), today=_today())
        _print_lines(refreshed_lines(renewed))
        replace(options.catalogue, renewed, keep_going=options.keep_going)
        return
    source = _source(options) if options.online else None
    result = check(catalogue, today=_today(), source=source, max_age_days=options.max_age)
    _print_lines(check_lines(result))
    if result.ok:
        return
    problem = f"{options.catalogue}: {_problem(result)}; run 'python -m pipeline prices refresh'"
    if options.strict:
        raise PipelineError(problem, Status.BAD_SETTINGS)
    print_line(f"warning: {problem}")


def _problem(result: CheckResult) -> str:
    found = {
        f"older than {result.max_age_days} days": result.old,
        "other than AWS lists": len(result.changes),
        "not found at AWS": len(result.failures),
    }
    return ", ".join(
        f"{counted(number, 'price')} {what}" for what, number in found.items() if number
    )


def _days(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text) <= _LONGEST_AGE_DAYS):
        raise argparse.ArgumentTypeError(f"{text!r} is no number of days up to {_LONGEST_AGE_DAYS}")
    return int(text)


def _source(options: argparse.Namespace) -> PriceSource:
    return query_api() if options.source == "api" else OfferFiles(base_url=options.offers_url)


def _today() -> date:
    return datetime.now(UTC).date()


def _print_lines(lines: list[str]) -> None:
    for line in lines:
        print_line(line)

"""A refresh and a check as lines for a terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from decimal import Decimal

from pipeline.cost.catalogue import Row
from pipeline.cost.price_list.check import CheckResult
from pipeline.cost.price_list.lookup import Failure, KeptByHand
from pipeline.cost.price_list.refresh import PriceChange, Refreshed


def refreshed_lines(refreshed: Refreshed) -> list[str]:
    """What a refresh found: the sums, then prices that changed, failures, rows kept by hand."""
    sums = (
        f"{_count(refreshed.found, 'price')} found, {len(refreshed.changes)} changed, "
        f"{len(refreshed.failures)} not found, {len(refreshed.kept)} kept by hand"
    )
    return [
        sums,
        *_changes(refreshed.changes),
        *_failures(refreshed.failures),
        *_kept(refreshed.kept),
    ]


def check_lines(result: CheckResult) -> list[str]:
    """How old the catalogue is, by service, and what differs where AWS was asked."""
    sums = (
        f"{_count(result.rows, 'price')}, of {result.oldest} to {result.newest}; "
        f"{result.old} older than {result.max_age_days} days; {result.from_aws} read from AWS "
        f"itself, {result.rows - result.from_aws} from copies"
    )
    width = max(len(age.service) for age in result.services)
    ages = [
        f"  {age.service:<{width}}  {age.rows:>4}  {age.oldest} to {age.newest}"
        + (f"  {age.old} old" if age.old else "")
        for age in result.services
    ]
    compared = (
        f"against AWS's Price List: {len(result.changes)} differ, {len(result.failures)} not found"
    )
    asked = [compared] if result.compared else []
    return [
        sums,
        *ages,
        *asked,
        *_changes(result.changes),
        *_failures(result.failures),
        *_kept(result.kept),
    ]


def _changes(changes: Iterable[PriceChange]) -> list[str]:
    return [
        f"  CHANGED    {_name(change.row)}: {_plain(change.row.usd)} -> {_plain(change.usd)} USD "
        f"per {change.row.unit} ({_percent(change.percent)})"
        for change in changes
    ]


def _failures(failures: Iterable[Failure]) -> list[str]:
    return [
        f"  NOT FOUND  {_name(failure.row)}: {failure.reason}: {failure.text}"
        for failure in failures
    ]


def _kept(kept: Sequence[KeptByHand]) -> list[str]:
    """One line a service and reason: they are the same at every run."""
    groups = Counter((each.row.service, each.why) for each in kept)
    return [
        f"  by hand    {_count(count, 'row')} of {service}: {why}"
        for (service, why), count in sorted(groups.items())
    ]


def _name(row: Row) -> str:
    tier = f" from {_plain(row.begin)}" if row.begin else ""
    return f"{row.key} in {row.region}{tier}"


def _percent(percent: Decimal | None) -> str:
    return "was free" if percent is None else f"{percent:+.1f} %"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _plain(number: Decimal) -> str:
    return format(number.normalize(), "f")

"""How old the catalogue is and, where AWS can be asked, what differs."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta

import msgspec

from pipeline.cost.catalogue import MAX_AGE_DAYS, Catalogue, Row, first_day
from pipeline.cost.price_list.listed import PriceSource
from pipeline.cost.price_list.lookup import (
    Failure,
    KeptByHand,
    look_up,
    reason_kept_by_hand,
)
from pipeline.cost.price_list.refresh import PriceChange, price_changes


class ServiceAge(msgspec.Struct, frozen=True, kw_only=True):
    """The age of one service's rows.

    Attributes:
        service: AWS's code.
        rows: how many.
        from_aws: how many of them were read from AWS itself.
        oldest: day of the oldest price.
        newest: day of the newest price.
        old: number of rows beyond the age.
    """

    service: str
    rows: int
    from_aws: int
    oldest: date
    newest: date
    old: int


class CheckResult(msgspec.Struct, frozen=True, kw_only=True):
    """The catalogue's state.

    Attributes:
        today: the day it was looked at.
        max_age_days: the age beyond which a row is old.
        services: the ages by service, in order of their codes.
        kept: rows that are kept by hand.
        compared: whether AWS was asked.
        changes: prices that AWS lists otherwise.
        failures: rows that AWS no longer lists, or not as one price.
    """

    today: date
    max_age_days: int
    services: tuple[ServiceAge, ...]
    kept: tuple[KeptByHand, ...]
    compared: bool = False
    changes: tuple[PriceChange, ...] = ()
    failures: tuple[Failure, ...] = ()

    @property
    def rows(self) -> int:
        """Number of rows."""
        return sum(age.rows for age in self.services)

    @property
    def from_aws(self) -> int:
        """Number of rows that were read from AWS itself, not from a copy."""
        return sum(age.from_aws for age in self.services)

    @property
    def old(self) -> int:
        """Number of rows beyond the age."""
        return sum(age.old for age in self.services)

    @property
    def oldest(self) -> date:
        """Day of the oldest price."""
        return min(age.oldest for age in self.services)

    @property
    def newest(self) -> date:
        """Day of the newest price."""
        return max(age.newest for age in self.services)

    @property
    def ok(self) -> bool:
        """Whether no row is old and nothing differs."""
        return not (self.old or self.changes or self.failures)


def check(
    catalogue: Catalogue,
    *,
    today: date,
    source: PriceSource | None = None,
    max_age_days: int = MAX_AGE_DAYS,
) -> CheckResult:
    """Look at the catalogue's age and, with a source, at what AWS lists now.

    Args:
        catalogue: as it stands.
        today: the day that ages count to.
        source: where the prices are read; without one nothing is read.
        max_age_days: the age beyond which a row is old.

    Raises:
        PipelineError: a list could not be read.
    """
    by_service: dict[str, list[Row]] = defaultdict(list)
    for row in catalogue.rows:
        by_service[row.service].append(row)
    before = today - timedelta(days=max_age_days)
    services = tuple(_age(name, rows, before) for name, rows in sorted(by_service.items()))
    if source is None:
        kept = tuple(
            KeptByHand(row=row, why=why)
            for row in catalogue.rows
            if (why := reason_kept_by_hand(row))
        )
        return CheckResult(today=today, max_age_days=max_age_days, services=services, kept=kept)
    looked = look_up(catalogue.rows, source=source, today=today)
    return CheckResult(
        today=today,
        max_age_days=max_age_days,
        services=services,
        kept=looked.kept,
        compared=True,
        changes=price_changes(looked.found),
        failures=looked.failures,
    )


def _age(service: str, rows: list[Row], before: date) -> ServiceAge:
    days = [first_day(row.as_of) for row in rows]
    return ServiceAge(
        service=service,
        rows=len(rows),
        from_aws=sum(row.from_aws == "yes" for row in rows),
        oldest=min(days),
        newest=max(days),
        old=sum(day < before for day in days),
    )

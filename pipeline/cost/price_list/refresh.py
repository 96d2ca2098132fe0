"""Rewrites the catalogue's prices from AWS's Price List: all of them, or none."""

from __future__ import annotations

import dataclasses
from datetime import date
from decimal import Decimal
from pathlib import Path

import msgspec

from pipeline.cost.catalogue import Catalogue, Row
from pipeline.cost.price_list.listed import PriceSource
from pipeline.cost.price_list.lookup import Failure, Found, KeptByHand, look_up
from pipeline.errors import PipelineError, Status


class PriceChange(msgspec.Struct, frozen=True, kw_only=True):
    """A row whose price AWS changed.

    Attributes:
        row: as it stood in the catalogue.
        usd: the new price, of the row's unit.
    """

    row: Row
    usd: Decimal

    @property
    def percent(self) -> Decimal | None:
        """How much dearer (or, negative, cheaper); ``None`` where it cost nothing before."""
        return (self.usd - self.row.usd) / self.row.usd * 100 if self.row.usd else None


class Refreshed(msgspec.Struct, frozen=True, kw_only=True):
    """A catalogue with today's prices.

    Attributes:
        catalogue: with new ``usd``, ``source`` and ``as_of`` in every row that was found; the
            others are as they were.
        found: number of rows that were found.
        changes: those of them whose price is another now.
        failures: rows that were not found.
        kept: rows that are kept by hand.
    """

    catalogue: Catalogue
    found: int
    changes: tuple[PriceChange, ...]
    failures: tuple[Failure, ...]
    kept: tuple[KeptByHand, ...]


def refresh(catalogue: Catalogue, *, source: PriceSource, today: date) -> Refreshed:
    """Find the current price of every row; nothing is written.

    Args:
        catalogue: as it stands.
        source: where the prices are read.
        today: to notice a list from the future.

    Raises:
        PipelineError: a list could not be read.
    """
    looked = look_up(catalogue.rows, source=source, today=today)
    renewed = {_place(found.row): _renew(found) for found in looked.found}
    rows = (renewed.get(_place(row), row) for row in catalogue.rows)
    return Refreshed(
        catalogue=Catalogue(rows),
        found=len(looked.found),
        changes=price_changes(looked.found),
        failures=looked.failures,
        kept=looked.kept,
    )


def replace(path: Path, refreshed: Refreshed, *, keep_going: bool = False) -> None:
    """Replace the catalogue's file in one step, so that nobody reads half of it.

    Args:
        path: the catalogue's file.
        refreshed: what goes there.
        keep_going: also where rows were not found; they stay as they are.

    Raises:
        PipelineError: rows were not found, or the file cannot be written; it is as it was.
    """
    if refreshed.failures and not keep_going:
        rows = (
            "1 row was" if len(refreshed.failures) == 1 else f"{len(refreshed.failures)} rows were"
        )
        raise PipelineError(
            f"{path}: {rows} not found in AWS's Price List and nothing was written; mend the rows "
            "that are named above, or keep their old prices with --keep-going"
        )
    draft = path.with_name(f".{path.name}.new")
    try:
        refreshed.catalogue.write(draft)
        draft.replace(path)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise PipelineError(
            f"{path}: cannot be written: {error.strerror}; mend its folder's rights or room",
            Status.BAD_SETTINGS,
        ) from None


def price_changes(found: tuple[Found, ...]) -> tuple[PriceChange, ...]:
    """Those rows whose listed price is not the catalogue's."""
    return tuple(
        PriceChange(row=each.row, usd=each.usd) for each in found if each.usd != each.row.usd
    )


def _renew(found: Found) -> Row:
    return dataclasses.replace(
        found.row,
        usd=found.usd,
        source=found.source,
        from_aws="yes",
        as_of=found.published.isoformat(),
    )


def _place(row: Row) -> tuple[str, str, Decimal]:
    """What tells a row from all others: a key has one row a region and tier."""
    return row.key, row.region, row.begin

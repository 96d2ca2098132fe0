"""The catalogue: on-demand list prices, each with where it comes from and when."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import astuple, dataclass, fields
from datetime import date
from decimal import Decimal
from pathlib import Path

from pipeline.errors import PipelineError, Status

DEFAULT = Path(__file__).with_name("catalogue.csv")
"""The project's own catalogue."""

GLOBAL = "global"
"""In place of a region, where AWS has one price for all."""

MAX_AGE_DAYS = 180
"""A price that was not looked at for half a year is old."""

_PLAIN = re.compile(r"[0-9]+(\.[0-9]+)?")
_MONTH = re.compile(r"[0-9]{4}-[0-9]{2}")


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One row of the file: one tier of one price.

    Attributes:
        key: the project's own name of the price, such as ``rds.instance.db.t4g.micro``.
        region: a region's code, or ``global``.
        service: AWS's code of the service in its Price List.
        usagetype: AWS's usage type, whole.
        operation: AWS's operation; may be empty.
        description: for a reader.
        unit: unit of our price, such as ``Hrs``, ``GB`` or ``1M requests``.
        per: how many of AWS's units one of ours is.
        begin: where the tier begins, in our units; 0 for the first.
        end: where it ends and the next one begins; ``None`` for the last, which has no end.
        usd: USD for one of our units.
        source: where the price was read.
        from_aws: ``yes`` where that is AWS's own list, ``no`` where it is somebody's copy of it.
        as_of: when it was valid, as ``YYYY-MM-DD`` or ``YYYY-MM``.
        note: what a reader must know; may be empty.
    """

    key: str
    region: str
    service: str
    usagetype: str
    operation: str
    description: str
    unit: str
    per: Decimal
    begin: Decimal
    end: Decimal | None
    usd: Decimal
    source: str
    from_aws: str
    as_of: str
    note: str = ""


COLUMNS = tuple(field.name for field in fields(Row))
"""The file's columns, in the order in which they are written."""

_MAY_BE_EMPTY = ("operation", "end", "note")


@dataclass(frozen=True, slots=True)
class Tier:
    """A part of a price.

    Attributes:
        begin: the quantity above which it counts, in the price's units.
        usd: USD a unit.
    """

    begin: Decimal
    usd: Decimal


@dataclass(frozen=True, kw_only=True, slots=True)
class Price:
    """What one thing costs in one region.

    Attributes:
        key: its name in the catalogue.
        unit: what one is.
        tiers: by where they begin; the first begins at 0 and the last never ends.
        oldest: when the price was valid, as the row says it; of its tiers the earliest.
        from_aws: every tier was read from AWS itself, none from a copy.
    """

    key: str
    unit: str
    tiers: tuple[Tier, ...]
    oldest: str
    from_aws: bool

    def cost(self, quantity: Decimal) -> Decimal:
        """USD for a quantity: each part of it at the price of the tier that it falls into."""
        if len(self.tiers) == 1:
            return quantity * self.tiers[0].usd
        ends = [tier.begin for tier in self.tiers[1:]] + [quantity]
        return sum(
            (
                (min(quantity, end) - tier.begin) * tier.usd
                for tier, end in zip(self.tiers, ends, strict=True)
                if quantity > tier.begin
            ),
            Decimal(0),
        )


class Catalogue:
    """Prices by key and region.

    Attributes:
        rows: as they were given.
        regions: the regions that have a row, without ``global``.
    """

    def __init__(self, rows: Iterable[Row], *, name: str = "catalogue") -> None:
        """Put rows together.

        Args:
            rows: in any order.
            name: how an error calls them, such as the file's path.

        Raises:
            PipelineError: there is no row, one is doubled, tiers of one price don't meet from 0
                to the open end, or have different units.
        """
        self.rows: Sequence[Row] = tuple(rows)
        if not self.rows:
            raise _bad(f"{name}: no rows; restore the file or name another one")
        self._prices = _prices(self.rows, name)
        self._taken: dict[tuple[str, str], Price] = {}
        self.regions = tuple(sorted({row.region for row in self.rows} - {GLOBAL}))

    @classmethod
    def load(cls, path: Path = DEFAULT) -> Catalogue:
        """Read a catalogue.

        Args:
            path: a CSV file with the columns of ``Row``.

        Raises:
            PipelineError: it cannot be read, or a row is wrong; the row's number is named, the
                header being row 1.
        """
        try:
            text = path.read_text(encoding="utf-8")
            lines = list(csv.reader(io.StringIO(text, newline=""), strict=True))
        except (OSError, UnicodeDecodeError, csv.Error) as error:
            reason = error.strerror if isinstance(error, OSError) else error
            raise _bad(f"{path}: cannot be read as CSV: {reason}") from None
        header = lines[0] if lines else []
        for column in COLUMNS:
            if header.count(column) != 1:
                raise _bad(f"{path}: row 1: column '{column}' is missing or doubled")
        for column in header:
            if column not in COLUMNS:
                raise _bad(f"{path}: row 1: unknown column '{column}'; remove it")
        rows = (
            _row(header, values, f"{path}: row {number}")
            for number, values in enumerate(lines[1:], 2)
        )
        return cls(rows, name=str(path))

    def price(self, key: str, region: str) -> Price:
        """The price of one thing in a region, or the one for all regions.

        Raises:
            PipelineError: the catalogue does not know the region, or has no such price there.
        """
        for place in ((key, region), (key, GLOBAL)):
            if place in self._prices:
                return self._taken.setdefault(place, self._prices[place])
        self.check_region(region)
        raise _bad(
            f"catalogue: no price '{key}' for region {region}; "
            "add the row or run 'python -m pipeline prices refresh'"
        )

    def fresh(self) -> Catalogue:
        """The same prices, of which none has been taken yet."""
        other = copy(self)
        other._taken = {}
        return other

    @property
    def taken(self) -> Mapping[tuple[str, str], Price]:
        """The prices that were asked for, by key and region or ``global``."""
        return self._taken

    def has(self, key: str, region: str) -> bool:
        """Whether ``price`` would find one."""
        return (key, region) in self._prices or (key, GLOBAL) in self._prices

    def check_region(self, region: str) -> None:
        """Refuse a region that no row is about.

        Raises:
            PipelineError: it names the regions that there are.
        """
        if region not in self.regions:
            there_are = ", ".join(self.regions) or "none"
            raise _bad(f"catalogue: no prices for region '{region}'; there are {there_are}")

    def write(self, path: Path) -> None:
        """Write the rows by key, region and tier; equal rows give equal bytes."""
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(COLUMNS)
        for row in sorted(self.rows, key=lambda row: (row.key, row.region, row.begin)):
            writer.writerow(
                "" if value is None else f"{value:f}" if isinstance(value, Decimal) else value
                for value in astuple(row)
            )
        path.write_text(text.getvalue(), encoding="utf-8", newline="")


def first_day(as_of: str) -> date:
    """The day of a row's ``as_of``; where it gives a month, its first day."""
    return date.fromisoformat(f"{as_of}-01"[:10])


def _row(header: Sequence[str], values: Sequence[str], where: str) -> Row:
    if len(values) != len(header):
        raise _bad(f"{where}: has {len(values)} fields, not {len(header)}; mend the row")
    texts = dict(zip(header, values, strict=True))
    for column, value in texts.items():
        if not value.strip() and column not in _MAY_BE_EMPTY:
            raise _bad(f"{where}: '{column}' is empty; fill it in")
    if not _is_date(texts["as_of"]):
        raise _bad(f"{where}: as_of '{texts['as_of']}' is no date; write YYYY-MM-DD or YYYY-MM")
    if texts["from_aws"] not in ("yes", "no"):
        raise _bad(f"{where}: from_aws '{texts['from_aws']}' is neither yes nor no; write one")
    end = texts.pop("end")
    numbers = {name: _number(texts.pop(name), f"{where}: {name}") for name in _NUMBERS}
    if not numbers["per"]:
        raise _bad(f"{where}: per is 0; write how many of AWS's units one of ours is")
    return Row(
        **texts,
        per=numbers["per"],
        begin=numbers["begin"],
        end=_number(end, f"{where}: end") if end else None,
        usd=numbers["usd"],
    )


_NUMBERS = ("per", "begin", "usd")


def _number(text: str, where: str) -> Decimal:
    if text.startswith("-"):
        raise _bad(f"{where} '{text}' is negative; write 0 or more")
    # Decimal itself would take NaN, Infinity, 1_000 and digits of other scripts.
    if not _PLAIN.fullmatch(text):
        raise _bad(f"{where} '{text}' is no decimal number; write it such as 0.0126")
    return Decimal(text)


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(f"{text}-01" if _MONTH.fullmatch(text) else text)
    except ValueError:
        return False
    return "-" in text and "W" not in text


def _prices(rows: Sequence[Row], name: str) -> dict[tuple[str, str], Price]:
    tiers: dict[tuple[str, str], dict[Decimal, tuple[int, Row]]] = {}
    for number, row in enumerate(rows, 2):
        same = tiers.setdefault((row.key, row.region), {})
        if row.begin in same:
            raise _bad(
                f"{name}: row {number}: '{row.key}' for {row.region} from {row.begin} "
                "is there twice; remove one"
            )
        unit = next((other.unit for _, other in same.values()), row.unit)
        if row.unit != unit:
            raise _bad(
                f"{name}: row {number}: '{row.key}' for {row.region} is priced by '{unit}' and by "
                f"'{row.unit}'; give all its tiers one unit"
            )
        same[row.begin] = (number, row)
    return {
        (key, region): Price(
            key=key,
            unit=next(row.unit for _, row in same.values()),
            tiers=tuple(_tiers([same[begin] for begin in sorted(same)], name)),
            oldest=min(row.as_of for _, row in same.values()),
            from_aws=all(row.from_aws == "yes" for _, row in same.values()),
        )
        for (key, region), same in tiers.items()
    }


def _tiers(rows: Sequence[tuple[int, Row]], name: str) -> Iterator[Tier]:
    """The tiers of one price in order: from 0 on, without a gap, the last one without an end."""
    expected: Decimal | None = Decimal(0)
    for number, row in rows:
        where = f"{name}: row {number}: '{row.key}' for {row.region}"
        if row.begin != expected:
            if not expected:
                raise _bad(f"{where} has no first tier; add the row that begins at 0")
            raise _bad(
                f"{where}: the tier begins at {row.begin:f}, and the one before it ends at "
                f"{expected:f}; make them meet, or add the tier between"
            )
        yield Tier(row.begin, row.usd)
        expected = row.end
        if expected is None and row is not rows[-1][1]:
            raise _bad(f"{where}: the tier has no end and others follow; write where it ends")
    if expected is not None:
        number, row = rows[-1]
        raise _bad(
            f"{name}: row {number}: '{row.key}' for {row.region}: its last tier ends at "
            f"{expected:f}, and what is used above has no price; add the tier that begins there"
        )


def _bad(message: str) -> PipelineError:
    return PipelineError(message, Status.BAD_SETTINGS)

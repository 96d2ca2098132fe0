"""Finds a catalogue's row among AWS's prices: the whole usagetype, the operation, the tier.

A usagetype is compared whole. ``APS1-BoxUsage:t3.micro`` is not ``APS1-HostBoxUsage:t3.micro``,
and ``Requests-Tier1`` not ``Requests-Tier10``. The prefix that stands for the region is not sure:
AWS writes ``APS1-``, ``ap-southeast-1-``, or in its oldest region nothing, and differs by product.
So the usagetype as the row has it is looked for first, and only where AWS lists none such, the same
with another such prefix or none.

The tiers of a price are compared as a whole: the catalogue's must begin and end where AWS's do, but
that a free allowance belongs to the first of them, as no free tier is subtracted here.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from enum import StrEnum
from itertools import dropwhile

from msgspec.structs import replace

from pipeline.cost.catalogue import GLOBAL, Row
from pipeline.cost.price_list.listed import ListedPrice
from pipeline.cost.price_list.units import units_agree

# Every region has three letters and a digit, but for Ireland's. No looser, or ``KMS-Keys`` would
# lose half of its name.
_CODE = r"[A-Z]{3}\d-|EU-"


class Reason(StrEnum):
    """Why no price was found for a row."""

    NOT_LISTED = "AWS does not list it"
    SEVERAL = "several prices match"
    UNIT = "the unit changed"
    ZERO = "the price is zero"
    NO_TIER = "the tier is missing"


class NoPrice(Exception):
    """A row has no one price; its text says what was found instead."""

    def __init__(self, reason: Reason, text: str) -> None:
        """Args: reason: of what kind; text: what AWS lists."""
        super().__init__(text)
        self.reason = reason
        self.text = text


def suffix(usagetype: str, region: str) -> str:
    """A usagetype without the prefix that stands for the region."""
    return re.sub(rf"^(?:{re.escape(region)}-|{_CODE})", "", usagetype, count=1)


class RowMatcher:
    """The rows of one service and region, and the prices that may be theirs.

    Only what may be a row's is kept, so that a list of any length takes little memory.
    """

    def __init__(self, rows: Sequence[Row], *, region: str) -> None:
        """Args: rows: of one service and region; region: its code, or ``global``."""
        self._region = region
        self._exact = {row.usagetype for row in rows}
        # Without a region there is no prefix that stands for it: ``DNS-Queries`` is a name.
        self._suffixes = (
            set() if region == GLOBAL else {suffix(name, region) for name in self._exact}
        )
        self._rows = rows
        self._named: dict[str, list[ListedPrice]] = defaultdict(list)
        self._alike: dict[str, list[ListedPrice]] = defaultdict(list)

    def offer(self, price: ListedPrice) -> None:
        """Keep a price if it may be a row's."""
        if price.usagetype in self._exact:
            self._named[price.usagetype].append(price)
        for name in {price.usagetype, suffix(price.usagetype, self._region)} & self._suffixes:
            self._alike[name].append(price)

    def price(self, row: Row) -> ListedPrice:
        """The one price of a row, of those that were offered.

        Raises:
            NoPrice: there is none, or not one.
        """
        prices = self._named.get(row.usagetype) or self._alike.get(
            suffix(row.usagetype, self._region)
        )
        if not prices:
            raise NoPrice(Reason.NOT_LISTED, f"no on-demand price of {row.usagetype}")
        found = _one(row, self._tiers(row, _operation(row, prices)))
        if not units_agree(row.unit, found.unit, row.per):
            raise NoPrice(
                Reason.UNIT,
                f"AWS bills by {found.unit!r}, and {row.per} of it do not make {row.unit!r}",
            )
        return found

    def _tiers(self, row: Row, prices: Sequence[ListedPrice]) -> list[ListedPrice]:
        """The row's tier of each product that costs something."""
        products: dict[str, list[ListedPrice]] = defaultdict(list)
        for price in sorted(prices, key=lambda price: price.begin):
            products[price.sku].append(price)
        paid = [tiers for tiers in products.values() if any(price.usd for price in tiers)]
        tiers_of_key = [other for other in self._rows if other.key == row.key]
        rows = [other for other in tiers_of_key if _same(other, row)]
        spans = (_span(other.begin, other.end, other.per) for other in rows)
        ours = sorted(spans, key=lambda span: span[0])
        if len(rows) == 1 < len(tiers_of_key):
            ours = [_WHOLE]  # AWS gives each tier of the key a usagetype of its own
        return [_tier(row, ours, tiers) for tiers in paid or products.values()]


Span = tuple[Decimal, Decimal | None]
"""Where a tier begins and ends, in AWS's units; the last has no end."""

_WHOLE: Span = (Decimal(0), None)


def _span(begin: Decimal, end: Decimal | None, per: Decimal | int = 1) -> Span:
    return begin * per, None if end is None else end * per


def _same(one: Row, other: Row) -> bool:
    """Whether two rows of a region are tiers of one price."""
    return (one.key, one.usagetype, one.operation) == (other.key, other.usagetype, other.operation)


def _operation(row: Row, prices: Sequence[ListedPrice]) -> Sequence[ListedPrice]:
    if not row.operation:
        return prices
    found = [price for price in prices if price.operation == row.operation]
    if not found:
        raise NoPrice(
            Reason.NOT_LISTED,
            f"{row.usagetype} has no operation {row.operation}; "
            f"AWS lists {_listing(sorted({price.operation or 'none' for price in prices}))}",
        )
    return found


def _tier(row: Row, ours: Sequence[Span], tiers: Sequence[ListedPrice]) -> ListedPrice:
    """The row's tier of one product, whose tiers must all be those of the catalogue."""
    for offered in (tiers, _without_allowance(tiers)):
        theirs = [_span(price.begin, price.end) for price in offered]
        if theirs == ours:
            own = _span(row.begin, row.end, row.per)
            return offered[ours.index(own) if own in ours else 0]
    raise NoPrice(
        Reason.NO_TIER,
        f"AWS has the tiers {_spans([_span(price.begin, price.end) for price in tiers])}, "
        f"the catalogue {_spans(ours)}; give the key AWS's tiers",
    )


def _without_allowance(tiers: Sequence[ListedPrice]) -> Sequence[ListedPrice]:
    """A free allowance is a first tier that costs nothing; what comes after it is the price."""
    paid = list(dropwhile(lambda price: not price.usd, tiers))
    return [replace(paid[0], begin=Decimal(0)), *paid[1:]] if paid else tiers


def _spans(spans: Sequence[Span]) -> str:
    return _listing(
        [
            f"{_plain(begin)} to {_plain(end)}" if end is not None else f"{_plain(begin)} on"
            for begin, end in spans
        ],
        most=8,
    )


def _one(row: Row, prices: Sequence[ListedPrice]) -> ListedPrice:
    different = {(price.usd, price.unit) for price in prices}
    if len(different) > 1:
        lines = _listing(sorted({_described(price) for price in prices}))
        raise NoPrice(Reason.SEVERAL, f"AWS lists {lines}; give the row an operation")
    if prices[0].usd == 0 and row.usd != 0:
        raise NoPrice(Reason.ZERO, f"AWS lists {row.usagetype} at 0 USD")
    return prices[0]


def _described(price: ListedPrice) -> str:
    operation = f" ({price.operation})" if price.operation else ""
    return f"{_plain(price.usd)} per {price.unit}{operation}"


def _listing(names: Sequence[str], *, most: int = 4) -> str:
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more


def _plain(number: Decimal) -> str:
    return format(number.normalize(), "f")

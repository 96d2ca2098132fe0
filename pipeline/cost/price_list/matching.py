"""Finds a catalogue's row among AWS's prices: the whole usagetype, the operation, the tier.

A usagetype is compared whole. ``APS1-BoxUsage:t3.micro`` is not ``APS1-HostBoxUsage:t3.micro``,
and ``Requests-Tier1`` not ``Requests-Tier10``. The prefix that stands for the region is not sure:
AWS writes ``APS1-``, ``ap-southeast-1-``, or in its oldest region nothing, and differs by product.
So the usagetype as the row has it is looked for first, and only where AWS lists none such, the same
with another such prefix or none.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from enum import StrEnum

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
        found = _one(row, _tiers(row, _operation(row, prices), alone=self._is_only_tier(row)))
        if not units_agree(row.unit, found.unit, row.per):
            raise NoPrice(
                Reason.UNIT,
                f"AWS bills by {found.unit!r}, and {row.per} of it do not make {row.unit!r}",
            )
        return found

    def _is_only_tier(self, row: Row) -> bool:
        """Whether the row is the catalogue's only tier."""
        return {
            other.begin
            for other in self._rows
            if (other.usagetype, other.operation) == (row.usagetype, row.operation)
        } == {0}


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


def _tiers(row: Row, prices: Sequence[ListedPrice], *, alone: bool) -> list[ListedPrice]:
    """The row's tier of each product."""
    if not alone:
        begin = row.begin * row.per
        found = [price for price in prices if price.begin == begin]
        if not found:
            starts = _listing([_plain(begin) for begin in sorted({p.begin for p in prices})])
            raise NoPrice(Reason.NO_TIER, f"no tier begins at {_plain(begin)}; AWS has {starts}")
        return found
    products = defaultdict(list)
    for price in prices:
        products[price.sku].append(price)
    # A free allowance is a first tier that costs nothing; what comes after it is the price.
    paid = [
        min(tiers, key=lambda price: price.begin)
        for tiers in ([p for p in of_one if p.usd] for of_one in products.values())
        if tiers
    ]
    return paid or list(prices)


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

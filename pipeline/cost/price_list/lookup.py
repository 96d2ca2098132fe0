"""Looks up the catalogue's rows in AWS's Price List."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

import msgspec

from pipeline.cost.catalogue import Row
from pipeline.cost.price_list.listed import ListedPrice, NotOffered, PriceSource
from pipeline.cost.price_list.matching import NoPrice, Reason, RowMatcher
from pipeline.errors import PipelineError

_USAGETYPE = re.compile(r"[A-Za-z0-9][\w.:/-]*")
_MARKETPLACE = re.compile(r"(?:^|-)MP:")


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """A row and the price that AWS lists for it.

    Attributes:
        row: as it stands in the catalogue.
        usd: the listed price, of the row's unit.
        source: the list and its version.
        published: day on which AWS published it.
    """

    row: Row
    usd: Decimal
    source: str
    published: date


class Failure(msgspec.Struct, frozen=True, kw_only=True):
    """A row for which no price was found.

    Attributes:
        row: as it stands in the catalogue.
        reason: of what kind.
        text: what AWS lists instead.
    """

    row: Row
    reason: Reason
    text: str


class KeptByHand(msgspec.Struct, frozen=True, kw_only=True):
    """A row that people keep by hand, because the Price List cannot have it.

    Attributes:
        row: as it stands in the catalogue.
        why: one line.
    """

    row: Row
    why: str


class Lookup(msgspec.Struct, frozen=True, kw_only=True):
    """What was found; each row is in one of the three."""

    found: tuple[Found, ...]
    failures: tuple[Failure, ...]
    kept: tuple[KeptByHand, ...]


def reason_kept_by_hand(row: Row) -> str:
    """Why a row cannot be in the Price List; empty where it can.

    The row's usagetype tells: it is a name or a remark and no usagetype (``(fargate-spot feed)``,
    ``Claude 3 Haiku``), or one of a Marketplace product (``APS1-MP:…``), which many products
    share, told apart by their names alone.
    """
    if not _USAGETYPE.fullmatch(row.usagetype):
        return "its usagetype is none of AWS's"
    if _MARKETPLACE.search(row.usagetype):
        return "Marketplace products share its usagetype"
    return ""


def look_up(rows: Sequence[Row], *, source: PriceSource, today: date) -> Lookup:
    """Find every row's current price; each service's list is read once a region.

    Args:
        rows: of the catalogue.
        source: where the prices are read.
        today: to notice a list from the future.

    Raises:
        PipelineError: a list could not be read.
    """
    kept = tuple(KeptByHand(row=row, why=why) for row in rows if (why := reason_kept_by_hand(row)))
    lists: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows:
        if not reason_kept_by_hand(row):
            lists[row.service, row.region].append(row)
    found: list[Found] = []
    failures: list[Failure] = []
    for (service, region), wanting in sorted(lists.items()):
        for result in _in_list(wanting, service, region, source, today):
            if isinstance(result, Found):
                found.append(result)
            else:
                failures.append(result)
    return Lookup(found=tuple(found), failures=tuple(failures), kept=kept)


def _in_list(
    rows: Sequence[Row], service: str, region: str, source: PriceSource, today: date
) -> list[Found | Failure]:
    wanted = RowMatcher(rows, region=region)
    try:
        for price in source.prices(service, region, {row.usagetype for row in rows}):
            _expect_past(price, service, region, today)
            wanted.offer(price)
    except NotOffered as error:
        return [Failure(row=row, reason=Reason.NOT_LISTED, text=str(error)) for row in rows]
    return [_result(row, wanted) for row in rows]


def _result(row: Row, wanted: RowMatcher) -> Found | Failure:
    try:
        price = wanted.price(row)
    except NoPrice as error:
        return Failure(row=row, reason=error.reason, text=error.text)
    return Found(row=row, usd=_exact(price, row), source=price.source, published=price.published)


def _exact(price: ListedPrice, row: Row) -> Decimal:
    """USD of our unit, without the zeros that AWS pads with and without an exponent."""
    return Decimal(format((price.usd * row.per).normalize(), "f"))


def _expect_past(price: ListedPrice, service: str, region: str, today: date) -> None:
    # AWS dates in UTC: its day may be one ahead of ours.
    if price.published > today + timedelta(days=1):
        raise PipelineError(
            f"prices of {service} in {region}: published on {price.published}, after today "
            f"({today}); check this machine's clock"
        )

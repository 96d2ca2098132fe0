"""What AWS's Price List says, one price at a time, wherever it was read."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Protocol

import msgspec

from pipeline.errors import PipelineError


class ListedPrice(msgspec.Struct, frozen=True, kw_only=True):
    """One tier of one product's on-demand price in USD.

    Attributes:
        sku: AWS's id of the product; a product has one price a tier.
        usagetype: with AWS's prefix, such as ``APS1-BoxUsage:t3.micro``.
        operation: such as ``RunInstances:0010``; empty where AWS gives none.
        unit: AWS's, such as ``Hrs``.
        begin: where the tier starts, in AWS's units.
        end: where it ends; ``None`` for the last, which has no end.
        usd: a unit.
        published: day on which AWS published the list.
        source: the list and its version, for a reader.
    """

    sku: str
    usagetype: str
    operation: str
    unit: str
    begin: Decimal
    end: Decimal | None
    usd: Decimal
    published: date
    source: str


class PriceSource(Protocol):
    """Where AWS's prices are read."""

    def prices(
        self, service: str, region: str, usagetypes: Collection[str]
    ) -> Iterator[ListedPrice]:
        """On-demand prices in USD of a service in a region.

        Args:
            service: AWS's code of the service, such as ``AmazonRDS``.
            region: its code, or ``global``.
            usagetypes: those that are wanted, with or without a prefix. A source may give others
                too; it gives none of these only if AWS does not list it.

        Raises:
            NotOffered: AWS has no list for that service and region.
            PipelineError: the list could not be read.
        """
        ...


def number(text: str) -> Decimal:
    """A price or a tier's start as AWS writes it.

    Raises:
        ValueError: it is no number, or none that a price can be.
    """
    try:
        value = Decimal(text)
        if 0 <= value < _TOO_MUCH:
            return value
    except InvalidOperation:
        pass
    raise ValueError(f"{text!r} is no price and no quantity")


_TOO_MUCH = 10**18


def end_of_tier(text: str) -> Decimal | None:
    """A tier's end as AWS writes it; ``None`` where it has none.

    Raises:
        ValueError: it is neither a number nor AWS's word for no end.
    """
    return None if text in ("", "Inf") else number(text)


class NotOffered(PipelineError):
    """AWS has no price list for a service in a region."""

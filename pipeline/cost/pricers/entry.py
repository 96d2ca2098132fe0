"""What the pricers of this folder share: their form, and small arithmetic on units."""

from __future__ import annotations

from decimal import ROUND_CEILING, Decimal
from typing import Any, NamedTuple

from pipeline.cost.pricing import Pricer, Pricing, Subject, Unknown

THOUSANDTH = Decimal("0.001")
TEN_THOUSANDTH = Decimal("0.0001")
HUNDRED_THOUSANDTH = Decimal("0.00001")
MILLIONTH = Decimal("0.000001")
"""Scales from one request, event or token to the catalogue's units."""

MIB_PER_GIB = Decimal(1024)


class Entry(NamedTuple):
    """How one resource type is priced.

    Attributes:
        pricer: yields the lines of one resource.
        usage_keys: every key of the usage file that it reads; ``*`` stands for any name.
    """

    pricer: Pricer
    usage_keys: frozenset[str] = frozenset()


def chosen(subject: Subject, attribute: str, default: Any) -> Any:
    """A value that AWS chooses by itself where the configuration names none.

    Terraform reports such an attribute as known only after the apply. That is the default, unless
    the configuration refers to another resource there: then it is really unknown.

    Args:
        subject: the resource.
        attribute: a top-level attribute that is optional and computed.
        default: what AWS chooses.

    Raises:
        Unknown: the configuration sets it from something that is not known yet.
    """
    try:
        return subject.get(attribute, default)
    except Unknown:
        if subject.references.get(attribute):
            raise
        return default


def steps(size: Decimal | None, step: int) -> Decimal:
    """How many units AWS counts for one request or message.

    Args:
        size: its average size, in KB; ``None`` where nobody stated it: then it counts once.
        step: the size that counts as one, in KB.
    """
    if size is None:
        return Decimal(1)
    return max(Decimal(1), (size / step).to_integral_value(ROUND_CEILING))


def stated(subject: Subject, pricing: Pricing, usage_key: str, default: Decimal) -> Decimal:
    """A factor from the usage file, or what holds where nobody stated it."""
    value = pricing.stated(subject, usage_key)
    return default if value is None else value

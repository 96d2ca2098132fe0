"""What the pricers of this folder share: their form, and small arithmetic on units."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import ROUND_CEILING, Decimal
from types import MappingProxyType
from typing import Any, NamedTuple

from pipeline.cost.model import CostLine
from pipeline.cost.pricing import Pricer, Pricing, Subject, Unknown
from pipeline.errors import PipelineError, Status

THOUSANDTH = Decimal("0.001")
TEN_THOUSANDTH = Decimal("0.0001")
HUNDRED_THOUSANDTH = Decimal("0.00001")
MILLIONTH = Decimal("0.000001")
"""Scales from one request, event or token to the catalogue's units."""

MIB_PER_GIB = Decimal(1024)


class Unpriced(NamedTuple):
    """An argument that costs money for which there is no price here.

    Attributes:
        why: what is billed, for a reader.
        fine: values with which nothing is billed, beside unset, false, 0 and empty ones.
    """

    why: str
    fine: tuple[Any, ...] = ()


class Entry(NamedTuple):
    """How one resource type is priced, with a decision on everything that can be written in it.

    An argument of the provider's schema that the pricer does not read is in ``free`` or
    ``unpriced``, or its name is one of ``arguments.NEVER_BILLED``; a block's decision holds for
    all that is in it.

    Attributes:
        pricer: yields the lines of one resource.
        usage_keys: every key of the usage file that it reads; ``*`` stands for any name.
        free: argument, such as ``metadata_options`` or ``root_block_device.encrypted``, to why it
            costs nothing here, with a source where AWS's bill is not plain.
        unpriced: argument to what it would cost. Where it is set, the estimate names it as loudly
            as a type that it does not know.
        other_usage_keys: keys of Infracost's usage file for what is not priced here, with the
            reason: they are accepted, and named where they are stated.
    """

    pricer: Pricer
    usage_keys: frozenset[str] = frozenset()
    free: Mapping[str, str] = MappingProxyType({})
    unpriced: Mapping[str, Unpriced] = MappingProxyType({})
    other_usage_keys: Mapping[str, str] = MappingProxyType({})


def nothing(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    """The pricer of what costs nothing by itself, though what it describes or sets may."""
    del subject, pricing
    yield from ()


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


def is_set(subject: Subject, path: str) -> bool:
    """Whether an argument is written, also where its value is known only after the apply."""
    try:
        return bool(subject.get(path))
    except Unknown:
        return True


def refuse_regions(pricing: Pricing, what: str, regions: Iterable[str]) -> None:
    """Name the regions of a resource's copies that have no prices.

    Args:
        pricing: prices.
        what: of which copies, such as ``replicas``.
        regions: where they are.

    Raises:
        PipelineError: there are such regions.
    """
    unknown = [region for region in regions if region not in pricing.catalogue.regions]
    if unknown:
        raise PipelineError(
            f"catalogue: {what} in {', '.join(unknown)} have no prices; "
            f"there are those of {', '.join(pricing.catalogue.regions)}",
            Status.UNPRICED,
        )


def items(subject: Subject, path: str) -> list[Any]:
    """What a list of a resource holds, such as its blocks of one kind; empty where it is not set.

    Args:
        subject: the resource.
        path: as for ``Subject.get``.

    Raises:
        Unknown: it is known only after the apply.
        PipelineError: it is no list.
    """
    value = subject.get(path) or []
    if not isinstance(value, list | tuple):
        raise PipelineError(
            f"{subject.address}: {path} is no list in the plan; plan again", Status.BAD_PLAN
        )
    return list(value)

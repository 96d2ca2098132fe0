"""Adds up what resources cost: in all, by module and by tag."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from itertools import chain

from pipeline.cost.model import (
    Amount,
    AmountChange,
    CostLine,
    Estimate,
    Kind,
    MissingPrice,
    ResourceCost,
)
from pipeline.plan.secrets import mask_text


def amount(lines: Iterable[CostLine]) -> Amount:
    """The sum of the lines that have an amount, fixed and usage apart."""
    fixed = usage = Decimal(0)
    for line in lines:
        if line.monthly is None:
            continue
        if line.kind is Kind.FIXED:
            fixed += line.monthly
        else:
            usage += line.monthly
    return Amount(fixed=fixed, usage=usage)


def together(estimates: Sequence[Estimate]) -> Estimate:
    """What several stacks cost together; each stack's modules and tags stay its own."""
    ages = [each.price_age_days for each in estimates if each.price_age_days is not None]
    return Estimate(
        total=sum((each.total for each in estimates), AmountChange()),
        resources=tuple(chain.from_iterable(each.resources for each in estimates)),
        free=sum(each.free for each in estimates),
        unpriced=unpriced(
            (each.type, each.why, address)
            for estimate in estimates
            for each in estimate.unpriced
            for address in each.addresses
        ),
        unknown=tuple(chain.from_iterable(each.unknown for each in estimates)),
        unstated=tuple(chain.from_iterable(each.unstated for each in estimates)),
        prices=sum(each.prices for each in estimates),
        prices_from_aws=sum(each.prices_from_aws for each in estimates),
        price_age_days=max(ages, default=None),
    )


def unpriced(found: Iterable[tuple[str, str, str]]) -> tuple[MissingPrice, ...]:
    """What has no price, put together by type and reason.

    Args:
        found: type, reason and address of each.
    """
    grouped: dict[tuple[str, str], list[str]] = {}
    for name, why, address in found:
        grouped.setdefault((name, why), []).append(address)
    return tuple(
        MissingPrice(type=name, why=why, addresses=tuple(addresses))
        for (name, why), addresses in sorted(grouped.items())
    )


class Totals:
    """Sums that grow with each resource."""

    def __init__(self, tags: Iterable[str]) -> None:
        """Args: tags: names of the tags to add up by."""
        self._tags = tuple(tags)
        self._total = AmountChange()
        self._by_module: dict[str, AmountChange] = {}
        self._by_tag: dict[str, AmountChange] = {}

    def add(
        self, resource: ResourceCost, before: Mapping[str, str], after: Mapping[str, str]
    ) -> None:
        """Add one resource.

        Args:
            resource: what it costs.
            before: the tags that it has.
            after: the tags that it will have. A cost counts for the tag of its own side.
        """
        cost = resource.cost
        self._total += cost
        _grow(self._by_module, resource.module, cost)
        for tag in self._tags:
            if tag in before:
                _grow(self._by_tag, _label(tag, before), AmountChange(before=cost.before))
            if tag in after:
                _grow(self._by_tag, _label(tag, after), AmountChange(after=cost.after))

    @property
    def total(self) -> AmountChange:
        """Of all resources."""
        return self._total

    @property
    def by_module(self) -> dict[str, AmountChange]:
        """By construct or module, in alphabetical order."""
        return dict(sorted(self._by_module.items()))

    @property
    def by_tag(self) -> dict[str, AmountChange]:
        """By ``Key=value``, in alphabetical order."""
        return dict(sorted(self._by_tag.items()))


def _label(tag: str, tags: Mapping[str, str]) -> str:
    """A tag and its value, which somebody may have put a secret into."""
    return f"{tag}={mask_text(str(tags[tag]))}"


def _grow(sums: dict[str, AmountChange], name: str, more: AmountChange) -> None:
    known = sums.get(name)
    sums[name] = more if known is None else known + more

"""Prices single resources with the real catalogue, and writes down what a pricer asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from pipeline.cost.catalogue import Catalogue, Price
from pipeline.cost.model import CostLine
from pipeline.cost.pricers import ENTRIES
from pipeline.cost.pricing import Pricing, Subject

REGION = "ap-southeast-1"


class TracedCatalogue(Catalogue):
    """The project's catalogue; ``asked`` holds the keys that were looked up."""

    asked: set[str]

    def price(self, key: str, region: str) -> Price:
        self.asked.add(key)
        return super().price(key, region)


CATALOGUE = TracedCatalogue(Catalogue.load().rows)
CATALOGUE.asked = set()


class TracedPricing(Pricing):
    """Usage is a mapping of the first resource; ``read`` holds the usage keys asked for it."""

    def __init__(
        self, subjects: tuple[Subject, ...], usage: Mapping[str, str], region: str = REGION
    ) -> None:
        super().__init__(subjects, region=region, catalogue=CATALOGUE)
        self.of, self.stated_usage = subjects[0].address, usage
        self.read: set[str] = set()

    def stated(self, subject: Subject, usage_key: str) -> Decimal | None:
        assert subject.address == self.of, "a pricer reads its own resource's usage"
        self.read.add(usage_key)
        value = self.stated_usage.get(usage_key)
        return None if value is None else Decimal(value)

    def stated_word(self, subject: Subject, usage_key: str) -> str:
        assert subject.address == self.of, "a pricer reads its own resource's usage"
        self.read.add(usage_key)
        return self.stated_usage.get(usage_key, "")


def resource(
    address: str,
    values: Mapping[str, Any] | None = None,
    *,
    unknown: Mapping[str, Any] | None = None,
    references: Mapping[str, tuple[str, ...]] | None = None,
) -> Subject:
    """One resource; its type is the first part of its address."""
    return Subject(
        address=address,
        type=address.partition(".")[0],
        values=values or {},
        unknown=unknown or {},
        references=references or {},
    )


@dataclass(frozen=True, kw_only=True)
class Case:
    """One resource to price.

    Attributes:
        name: id of the test.
        of: the resource.
        beside: other resources of the plan.
        usage: stated usage of ``of``.
        region: whose prices are taken.
        monthly: what is billed to USD a month, worked out by hand; ``None`` if not known.
    """

    name: str
    of: Subject
    beside: tuple[Subject, ...] = ()
    usage: Mapping[str, str] = field(default_factory=dict)
    region: str = REGION
    monthly: Mapping[str, str | None] = field(default_factory=dict)

    def pricing(self) -> TracedPricing:
        return TracedPricing((self.of, *self.beside), self.usage, self.region)

    def lines(self) -> list[CostLine]:
        return list(priced(self.of, self.pricing()))


def priced(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    """The lines of one resource."""
    yield from ENTRIES[subject.type].pricer(subject, pricing)


def monthly(lines: list[CostLine]) -> dict[str, str | None]:
    """What is billed to its amount, written plainly."""
    return {
        line.what: None if line.monthly is None else f"{line.monthly.normalize():f}"
        for line in lines
    }

"""What tokens cost: the catalogue's prices, and no price for what it does not have."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from pipeline.cost.catalogue import Catalogue
from usage.models import Model

_MILLION = Decimal(1_000_000)
_UNIT = "1M tokens"


@dataclass(frozen=True, slots=True)
class Cost:
    """Money, as far as it is known.

    Attributes:
        usd: what has a price.
        unknown: kinds of tokens that were used and have no price.
    """

    usd: Decimal = Decimal(0)
    unknown: frozenset[str] = frozenset()

    def __add__(self, other: Cost) -> Cost:
        """Both; what is unknown in one is unknown in the sum."""
        return Cost(self.usd + other.usd, self.unknown | other.unknown)


def cost(model: Model, tokens: Mapping[str, int], *, catalogue: Catalogue, region: str) -> Cost:
    """What a model's tokens cost at list prices.

    Args:
        model: whose.
        tokens: kind, of ``measures.TOKENS``, to number.
        catalogue: prices.
        region: where it was called.
    """
    usd, unknown = Decimal(0), set()
    for kind, number in tokens.items():
        if not number:
            continue
        key = f"bedrock.{model.priced_as}.{kind}"
        if model.priced_as is None or not catalogue.has(key, region):
            unknown.add(kind)
            continue
        price = catalogue.price(key, region)
        if price.unit != _UNIT:
            unknown.add(kind)
            continue
        usd += price.cost(Decimal(number) / _MILLION)
    return Cost(usd, frozenset(unknown))

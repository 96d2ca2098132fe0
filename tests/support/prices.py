"""What the pipeline's estimate of a synthesised stack would not be able to price."""

from __future__ import annotations

from pipeline.cost.catalogue import Catalogue
from pipeline.cost.pricers import FREE, PRICERS
from pipeline.cost.pricing import Pricing
from tests.pipeline.cost.pricers.stacks import subjects
from tests.support.stacks import Stack

CATALOGUE = Catalogue.load()


def unpriced(stack: Stack, region: str) -> list[str]:
    """Types that nobody prices; a price that is missing raises what the pipeline would report."""
    everything = subjects(stack)
    pricing = Pricing(everything, region=region, catalogue=CATALOGUE)
    for subject in everything:
        if subject.type in PRICERS:
            for _ in PRICERS[subject.type](subject, pricing):
                pass
    return sorted({subject.type for subject in everything} - set(PRICERS) - set(FREE))

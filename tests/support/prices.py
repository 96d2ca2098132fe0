"""What the pipeline's estimate of a synthesised stack would not be able to price."""

from __future__ import annotations

from pipeline.cost.catalogue import Catalogue
from pipeline.cost.pricers import ENTRIES, free_reason
from pipeline.cost.pricing import Pricing
from tests.pipeline.cost.pricers.stacks import subjects
from tests.support.stacks import Stack

CATALOGUE = Catalogue.load()


def unpriced(stack: Stack, region: str) -> list[str]:
    """Types that nobody prices; a price that is missing raises what the pipeline would report."""
    everything = subjects(stack)
    pricing = Pricing(everything, region=region, catalogue=CATALOGUE)
    for subject in everything:
        if subject.type in ENTRIES:
            for _ in ENTRIES[subject.type].pricer(subject, pricing):
                pass
    unknown = {subject.type for subject in everything} - ENTRIES.keys()
    return sorted(name for name in unknown if not free_reason(name))

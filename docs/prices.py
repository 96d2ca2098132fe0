"""How many resource types the estimate knows, and where its prices come from."""

from __future__ import annotations

from pipeline.cost.catalogue import Catalogue
from pipeline.cost.pricers import ENTRIES, FREE, FREE_UNLESS
from pipeline.schema import types


def coverage() -> str:
    """A list in Markdown."""
    every = types()
    priced, free = every & ENTRIES.keys(), every & FREE.keys()
    rows = Catalogue.load().rows
    from_aws = sum(row.from_aws == "yes" for row in rows)
    return (
        f"* Of the AWS provider's {len(every):,} resource types **{len(priced)} are priced, "
        f"{len(free)} cost nothing, {len(every) - len(priced) - len(free)} are unknown**.\n"
        f"* {len(FREE_UNLESS)} of the free ones cost something with some argument, and are free "
        "without it only.\n"
        f"* The catalogue has {len(rows):,} rows: {from_aws:,} read from AWS itself, "
        f"{len(rows) - from_aws:,} from public copies of its list; the oldest of "
        f"{min(row.as_of for row in rows)}.\n"
    )

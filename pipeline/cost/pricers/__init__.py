"""How every resource type is priced: a pricer, or a reason why it is free.

A type that is in neither is unknown to the estimator, and never free.
"""

from __future__ import annotations

from collections.abc import Mapping

from pipeline.cost.pricers import (
    api,
    aurora,
    compute,
    database,
    delivery,
    edge,
    functions,
    messaging,
    monitoring,
    network,
    people,
    security,
    storage,
)
from pipeline.cost.pricers.entry import Entry
from pipeline.cost.pricers.free import FREE
from pipeline.cost.pricing import Pricer

__all__ = ["FREE", "PRICERS", "USAGE_KEYS"]

_ENTRIES: dict[str, Entry] = {
    **api.ENTRIES,
    **aurora.ENTRIES,
    **compute.ENTRIES,
    **database.ENTRIES,
    **delivery.ENTRIES,
    **edge.ENTRIES,
    **functions.ENTRIES,
    **messaging.ENTRIES,
    **monitoring.ENTRIES,
    **network.ENTRIES,
    **people.ENTRIES,
    **security.ENTRIES,
    **storage.ENTRIES,
}

PRICERS: Mapping[str, Pricer] = {name: entry.pricer for name, entry in _ENTRIES.items()}
"""Resource type to what yields its lines."""

USAGE_KEYS: Mapping[str, frozenset[str]] = {
    name: entry.usage_keys for name, entry in _ENTRIES.items()
}
"""Resource type to every key of the usage file that its pricer reads; ``*`` is any name."""

"""How every resource type is priced: a pricer, or a reason why it is free.

A type that is in neither is unknown to the estimator, and never free.
"""

from __future__ import annotations

from collections.abc import Mapping

from pipeline.cost.pricers import (
    api,
    aurora,
    backups,
    buckets,
    containers,
    database,
    delivery,
    disks,
    dns,
    edge,
    files,
    functions,
    gateways,
    groups,
    instances,
    kubernetes,
    load_balancers,
    messaging,
    monitoring,
    network,
    people,
    scaling,
    security,
    storage,
)
from pipeline.cost.pricers.entry import Entry
from pipeline.cost.pricers.free import FREE, FREE_UNLESS, free_reason

__all__ = ["ENTRIES", "FREE", "FREE_UNLESS", "USAGE_KEYS", "Entry", "free_reason"]

ENTRIES: Mapping[str, Entry] = {
    **api.ENTRIES,
    **aurora.ENTRIES,
    **backups.ENTRIES,
    **buckets.ENTRIES,
    **containers.ENTRIES,
    **database.ENTRIES,
    **delivery.ENTRIES,
    **disks.ENTRIES,
    **dns.ENTRIES,
    **edge.ENTRIES,
    **files.ENTRIES,
    **functions.ENTRIES,
    **gateways.ENTRIES,
    **groups.ENTRIES,
    **instances.ENTRIES,
    **kubernetes.ENTRIES,
    **load_balancers.ENTRIES,
    **messaging.ENTRIES,
    **monitoring.ENTRIES,
    **network.ENTRIES,
    **people.ENTRIES,
    **scaling.ENTRIES,
    **security.ENTRIES,
    **storage.ENTRIES,
}

"""Resource type to how it is priced."""

USAGE_KEYS: Mapping[str, frozenset[str]] = {
    name: entry.usage_keys | entry.other_usage_keys.keys() for name, entry in ENTRIES.items()
}
"""Resource type to every key of the usage file that it takes; ``*`` is any name."""

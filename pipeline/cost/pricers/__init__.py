"""How every resource type is priced: a pricer, or a reason why it is free.

A type that is in neither is unknown to the estimator, and never free.
"""

from __future__ import annotations

from collections.abc import Mapping

from pipeline.cost.pricers import (
    analytics,
    api,
    aurora,
    backups,
    buckets,
    caches,
    containers,
    cost_management,
    database,
    delivery,
    detection,
    disks,
    dns,
    dynamodb,
    edge,
    events,
    files,
    firewall,
    functions,
    gateways,
    governance,
    groups,
    images,
    instances,
    kafka,
    kubernetes,
    load_balancers,
    messaging,
    monitoring,
    network,
    people,
    scaling,
    search,
    security,
    streams,
)
from pipeline.cost.pricers.entry import Entry
from pipeline.cost.pricers.free import FREE, FREE_UNLESS, free_reason

__all__ = ["ENTRIES", "FREE", "FREE_UNLESS", "USAGE_KEYS", "Entry", "free_reason"]

ENTRIES: Mapping[str, Entry] = {
    **analytics.ENTRIES,
    **api.ENTRIES,
    **aurora.ENTRIES,
    **backups.ENTRIES,
    **buckets.ENTRIES,
    **caches.ENTRIES,
    **containers.ENTRIES,
    **database.ENTRIES,
    **delivery.ENTRIES,
    **detection.ENTRIES,
    **disks.ENTRIES,
    **dns.ENTRIES,
    **dynamodb.ENTRIES,
    **edge.ENTRIES,
    **events.ENTRIES,
    **files.ENTRIES,
    **firewall.ENTRIES,
    **functions.ENTRIES,
    **gateways.ENTRIES,
    **cost_management.ENTRIES,
    **governance.ENTRIES,
    **groups.ENTRIES,
    **images.ENTRIES,
    **instances.ENTRIES,
    **kafka.ENTRIES,
    **kubernetes.ENTRIES,
    **load_balancers.ENTRIES,
    **messaging.ENTRIES,
    **monitoring.ENTRIES,
    **network.ENTRIES,
    **people.ENTRIES,
    **scaling.ENTRIES,
    **search.ENTRIES,
    **security.ENTRIES,
    **streams.ENTRIES,
}
"""Resource type to how it is priced."""

USAGE_KEYS: Mapping[str, frozenset[str]] = {
    name: entry.usage_keys | entry.other_usage_keys.keys() for name, entry in ENTRIES.items()
}
"""Resource type to every key of the usage file that it takes; ``*`` is any name."""

"""ElastiCache: clusters of Memcached, Redis OSS and Valkey, and replication groups."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from pipeline.cost.model import CostLine
from pipeline.cost.pricers.database import RESERVED
from pipeline.cost.pricers.entry import Entry, Unpriced
from pipeline.cost.pricing import HOURS, Pricing, Subject, Unknown

SNAPSHOT = "snapshot_storage_size_gb"
_OLD = ("2.", "3.", "4.", "5.")
"""Versions of Redis OSS that are billed Extended Support since 2026-02-01.

Source: https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/extended-support.html
"""


def cluster(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    """An ``aws_elasticache_cluster``: its nodes; in a replication group it is one more node."""
    nodes = subject.number("num_cache_nodes", 1)
    of = subject
    if subject.get("replication_group_id", ""):
        group = pricing.related(
            subject, "replication_group_id", "aws_elasticache_replication_group"
        )
        if group is None:
            # The group's engine and node type make the price, and it is not in this plan.
            raise Unknown("replication_group_id", subject.address)
        of = group
    yield from _nodes(of, pricing, nodes)
    yield from _snapshots(subject, pricing)


def replication_group(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    """An ``aws_elasticache_replication_group``: its nodes, those of all shards together."""
    shards = subject.get("num_node_groups")
    replicas = subject.get("replicas_per_node_group")
    if shards is None and replicas is None:
        nodes = subject.number("num_cache_clusters", 1)
    else:
        nodes = subject.number("num_node_groups", 1) * (
            1 + subject.number("replicas_per_node_group", 0)
        )
    yield from _nodes(subject, pricing, nodes)
    yield from _snapshots(subject, pricing)


def _nodes(subject: Subject, pricing: Pricing, nodes: Decimal) -> Iterator[CostLine]:
    kind = subject.get("node_type")
    if kind is None:
        # A global datastore decides, whose node type is set elsewhere.
        raise Unknown("node_type", subject.address)
    default = "redis" if subject.type == "aws_elasticache_replication_group" else None
    engine = subject.get("engine", default)
    if engine is None:
        raise Unknown("engine", subject.address)
    what = f"node {kind}, {engine}" if nodes == 1 else f"{nodes:f} nodes {kind}, {engine}"
    yield pricing.fixed(what, f"elasticache.{engine}.{kind}", nodes * HOURS)
    if engine == "redis" and str(subject.get("engine_version", "")).startswith(_OLD):
        key = f"elasticache.extended_support.{kind}"
        yield pricing.fixed("Extended Support", key, nodes * HOURS)


def _snapshots(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    """Snapshots above the one that is free.

    Source: https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/backups.html
    """
    if subject.number("snapshot_retention_limit", 0) > 1:
        yield pricing.used(subject, "snapshots above the free one", "elasticache.backup", SNAPSHOT)


_SETTING = "a setting of the engine or of the network costs nothing"
_STARTS = "it is what the nodes start with"
_FREE = {
    **dict.fromkeys(
        (
            "ip_discovery",
            "network_type",
            "parameter_group_name",
            "subnet_group_name",
            "transit_encryption_enabled",
        ),
        _SETTING,
    ),
    **dict.fromkeys(("snapshot_arns", "snapshot_name"), _STARTS),
    **dict.fromkeys(
        ("auto_minor_version_upgrade", "maintenance_window", "snapshot_window"),
        "it is when AWS does what costs nothing itself",
    ),
    "log_delivery_configuration": "the log group or the delivery stream is billed",
    "notification_topic_arn": "the topic is billed",
}

ENTRIES: dict[str, Entry] = {
    "aws_elasticache_cluster": Entry(
        cluster,
        frozenset({SNAPSHOT}),
        free={
            **_FREE,
            "az_mode": "what passes between zones is billed by EC2's transfer",
            "cluster_id": "it is a name",
            "preferred_availability_zones": "every zone of a region has its price",
        },
        unpriced={
            "outpost_mode": Unpriced("nodes on an Outpost"),
            "preferred_outpost_arn": Unpriced("nodes on an Outpost"),
        },
        other_usage_keys=RESERVED,
    ),
    "aws_elasticache_replication_group": Entry(
        replication_group,
        frozenset({SNAPSHOT}),
        free={
            **_FREE,
            **dict.fromkeys(
                (
                    "at_rest_encryption_enabled",
                    "auth_token",
                    "auth_token_update_strategy",
                    "automatic_failover_enabled",
                    "cluster_mode",
                    "multi_az_enabled",
                    "security_group_names",
                    "transit_encryption_mode",
                    "user_group_ids",
                ),
                _SETTING,
            ),
            "data_tiering_enabled": "the price of its node types holds their disks",
            "global_replication_group_id": "what passes between regions is billed as transfer",
            "preferred_cache_cluster_azs": "every zone of a region has its price",
            "replication_group_id": "it is a name",
        },
        other_usage_keys=RESERVED,
    ),
}

"""MSK and MQ: brokers of Kafka, ActiveMQ and RabbitMQ."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from pipeline.cost.model import CostLine
from pipeline.cost.pricers.entry import Entry, Unpriced
from pipeline.cost.pricing import HOURS, Pricing, Subject, Unknown

_BROKERS = "broker_node_group_info.0"
_DISK = f"{_BROKERS}.storage_info.0.ebs_storage_info.0"
_CONNECTIONS = f"{_BROKERS}.connectivity_info.0.vpc_connectivity.0.client_authentication.0"
STORAGE = "storage_size_gb"
_DEPLOYMENTS = {
    "SINGLE_INSTANCE": ("", 1),
    "ACTIVE_STANDBY_MULTI_AZ": (".multi_az", 1),
    "CLUSTER_MULTI_AZ": (".cluster", 3),
}
"""Deployment to the last part of the price's key, and to how many hold the data."""


def cluster(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    """An ``aws_msk_cluster``: its brokers and the disk of each."""
    kind = str(subject.get(f"{_BROKERS}.instance_type"))
    count = subject.number("number_of_broker_nodes", 1)
    yield pricing.fixed(f"{count:f} brokers {kind}", f"msk.broker.{kind}", count * HOURS)
    if subject.get(f"{_DISK}.volume_size") is None:
        raise Unknown(f"{_DISK}.volume_size", subject.address)
    size = subject.number(f"{_DISK}.volume_size", 0)
    yield pricing.fixed("storage", "msk.storage", size * count)
    throughput = f"{_DISK}.provisioned_throughput.0"
    if subject.get(f"{throughput}.enabled", False):
        mibps = subject.number(f"{throughput}.volume_throughput", 0)
        yield pricing.fixed("throughput of the disks", "msk.throughput", mibps * count)
    public = f"{_BROKERS}.connectivity_info.0.public_access.0.type"
    if subject.get(public, "DISABLED") != "DISABLED":
        yield pricing.fixed("public IPv4 addresses", "ipv4.in_use", count * HOURS)
    ways = ("sasl.0.iam", "sasl.0.scram", "tls")
    if schemes := sum(bool(subject.get(f"{_CONNECTIONS}.{way}", False)) for way in ways):
        note = f"{schemes} way(s) to sign in"
        yield pricing.fixed(
            "private connections", "msk.private_connection", schemes * HOURS, note=note
        )


def broker(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    """An ``aws_mq_broker``: its instances, and what it holds."""
    engine = str(subject.get("engine_type")).lower()
    kind = str(subject.get("host_instance_type"))
    mode = str(subject.get("deployment_mode", "SINGLE_INSTANCE"))
    suffix, holders = _DEPLOYMENTS.get(mode, (f".{mode.lower()}", 1))
    yield pricing.fixed(f"broker {kind}", f"mq.{engine}.{kind}{suffix}", HOURS)
    if subject.get("publicly_accessible", False):
        yield pricing.fixed("public IPv4 addresses", "ipv4.in_use", holders * HOURS)
    # Source: the provider's documentation of aws_mq_broker
    disk = str(subject.get("storage_type", "ebs" if engine == "rabbitmq" else "efs")).lower()
    yield pricing.used(
        subject, f"storage, {disk}", f"mq.storage.{disk}", STORAGE, scale=Decimal(holders)
    )


_SETTING = "a setting of the engine or of the network costs nothing"

ENTRIES: dict[str, Entry] = {
    "aws_msk_cluster": Entry(
        cluster,
        free={
            **dict.fromkeys(
                (
                    "broker_node_group_info.az_distribution",
                    "broker_node_group_info.client_subnets",
                    "client_authentication",
                    "cluster_name",
                    "configuration_info",
                    "encryption_info",
                    "kafka_version",
                ),
                _SETTING,
            ),
            "logging_info": "the log group, the delivery stream or the bucket is billed",
            "open_monitoring": "Prometheus reads it, and CloudWatch does not bill that",
        },
        unpriced={
            "enhanced_monitoring": Unpriced("metrics of brokers and topics", ("DEFAULT",)),
            "storage_mode": Unpriced("tiered storage", ("LOCAL",)),
        },
    ),
    "aws_mq_broker": Entry(
        broker,
        frozenset({STORAGE}),
        free={
            **dict.fromkeys(
                (
                    "authentication_strategy",
                    "broker_name",
                    "configuration",
                    "data_replication_primary_broker_arn",
                    "encryption_options",
                    "engine_version",
                    "ldap_server_metadata",
                    "subnet_ids",
                    "user",
                ),
                _SETTING,
            ),
            **dict.fromkeys(
                ("auto_minor_version_upgrade", "maintenance_window_start_time"),
                "it is when AWS does what costs nothing itself",
            ),
            "logs": "CloudWatch bills the log group that they go to",
        },
        unpriced={
            "data_replication_mode": Unpriced("data replicated to another region", ("NONE",))
        },
    ),
}

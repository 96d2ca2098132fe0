"""DynamoDB: tables, their replicas in other regions, and changes sent to a stream."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from pipeline.cost.model import CostLine
from pipeline.cost.pricers.entry import MILLIONTH, Entry, items, refuse_regions
from pipeline.cost.pricing import HOURS, Pricing, Subject, Unknown

STORAGE = "storage_gb"
READS, WRITES = "monthly_read_request_units", "monthly_write_request_units"
PITR = "pitr_backup_storage_gb"
BACKUP, RESTORED = "on_demand_backup_storage_gb", "monthly_data_restored_gb"
STREAM_READS = "monthly_streams_read_request_units"
CHANGES = "monthly_change_data_capture_units"
_INFREQUENT = "STANDARD_INFREQUENT_ACCESS"


def table(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    """An ``aws_dynamodb_table``: on demand or by capacity, what it holds, and its replicas.

    Each replica takes every write once more, and holds the table once more, at the prices of its
    own region; those in regions without prices have no lines, and the estimate names the regions.
    """
    family = _family(subject.get("table_class", "STANDARD"))
    replicas = _replicas(subject)
    replicated = ".replicated" if replicas else ""
    if _is_on_demand(subject):
        key = f"{family}{replicated}.write"
        yield pricing.used(subject, "write units", key, WRITES, scale=MILLIONTH)
        yield pricing.used(subject, "read units", f"{family}.read", READS, scale=MILLIONTH)
    else:
        yield from _provisioned(subject, pricing, family, replicated)
    yield pricing.used(subject, "storage", f"{family}.storage", STORAGE)
    if subject.get("point_in_time_recovery.0.enabled", False):
        yield pricing.used(subject, "point-in-time recovery", "dynamodb.pitr", PITR)
    for what, key, usage_key in (
        ("backups on demand", "dynamodb.backup", BACKUP),
        ("data restored", "dynamodb.restore", RESTORED),
    ):
        if pricing.stated(subject, usage_key) is not None:
            yield pricing.used(subject, what, key, usage_key)
    # What functions and replicas read of a stream costs nothing.
    # Source: https://aws.amazon.com/dynamodb/pricing/on-demand/
    if subject.get("stream_enabled", False) and pricing.stated(subject, STREAM_READS) is not None:
        key = "dynamodb.stream.read"
        yield pricing.used(subject, "stream reads", key, STREAM_READS, scale=MILLIONTH)
    for position, region in enumerate(replicas):
        kept = subject.get(f"replica.{position}.point_in_time_recovery", False)
        if region in pricing.catalogue.regions:
            there = pricing.at(region)
            yield from _replica(subject, subject, there, family, region, kept=bool(kept))
    refuse_regions(pricing, "replicas", replicas)


def table_replica(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    """An ``aws_dynamodb_table_replica``: the table that it copies decides how it is billed."""
    of = pricing.related(subject, "global_table_arn", "aws_dynamodb_table")
    if of is None:
        raise Unknown("global_table_arn", subject.address)
    own_class = of.get("table_class", "STANDARD")
    family = _family(subject.get("table_class_override", own_class))
    kept = bool(subject.get("point_in_time_recovery", False))
    yield from _replica(subject, of, pricing, family, pricing.region, kept=kept)


def _replica(
    subject: Subject, of: Subject, pricing: Pricing, family: str, region: str, *, kept: bool
) -> Iterator[CostLine]:
    """What one replica is billed.

    Args:
        subject: whose usage counts.
        of: the table that is copied.
        pricing: the prices of the replica's region.
        family: first part of the prices' keys.
        region: for a reader.
        kept: it has point-in-time recovery.
    """
    if _is_on_demand(of):
        key = f"{family}.replicated.write"
        what = f"replicated writes in {region}"
        yield pricing.used(subject, what, key, WRITES, scale=MILLIONTH)
    else:
        yield from _provisioned(of, pricing, family, ".replicated", f" in {region}")
    yield pricing.used(subject, f"storage in {region}", f"{family}.storage", STORAGE)
    if kept:
        what = f"point-in-time recovery in {region}"
        yield pricing.used(subject, what, "dynamodb.pitr", PITR)


def _provisioned(
    subject: Subject, pricing: Pricing, family: str, replicated: str, where: str = ""
) -> Iterator[CostLine]:
    yield pricing.fixed(
        f"write capacity{where}",
        f"{family}{replicated}.wcu",
        _capacity(subject, "write_capacity") * HOURS,
    )
    # A replica has the table's read capacity, unless it is scaled by itself.
    yield pricing.fixed(
        f"read capacity{where}", f"{family}.rcu", _capacity(subject, "read_capacity") * HOURS
    )


def _is_on_demand(subject: Subject) -> bool:
    return bool(subject.get("billing_mode", "PROVISIONED") == "PAY_PER_REQUEST")


def _family(table_class: object) -> str:
    return "dynamodb.ia" if table_class == _INFREQUENT else "dynamodb"


def _replicas(subject: Subject) -> list[str]:
    """The regions of its replicas."""
    count = len(items(subject, "replica"))
    return [str(subject.get(f"replica.{position}.region_name")) for position in range(count)]


def _capacity(subject: Subject, attribute: str) -> Decimal:
    """The table's capacity and that of its global secondary indexes."""
    indexes = len(items(subject, "global_secondary_index"))
    return subject.number(attribute, 0) + sum(
        (
            subject.number(f"global_secondary_index.{position}.{attribute}", 0)
            for position in range(indexes)
        ),
        Decimal(0),
    )


def changes(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    """An ``aws_dynamodb_kinesis_streaming_destination``: changes sent to a Kinesis stream."""
    yield pricing.used(subject, "changes", "dynamodb.cdc.kinesis", CHANGES, scale=MILLIONTH)


_KEYS = "keys, indexes and attributes are billed by what is written and held"

ENTRIES: dict[str, Entry] = {
    "aws_dynamodb_table": Entry(
        table,
        frozenset({READS, WRITES, STORAGE, PITR, BACKUP, RESTORED, STREAM_READS}),
        free={
            **dict.fromkeys(
                (
                    "attribute",
                    "global_secondary_index.hash_key",
                    "global_secondary_index.name",
                    "global_secondary_index.non_key_attributes",
                    "global_secondary_index.projection_type",
                    "global_secondary_index.range_key",
                    "hash_key",
                    "local_secondary_index",
                    "name",
                    "range_key",
                ),
                _KEYS,
            ),
            "deletion_protection_enabled": "it decides what may be deleted",
            "global_secondary_index.on_demand_throughput": "it is a limit",
            "import_table": "an import is billed once, by what is read",
            "on_demand_throughput": "it is a limit",
            "point_in_time_recovery.recovery_period_in_days": "the size of the table is billed: "
            "https://aws.amazon.com/dynamodb/pricing/on-demand/",
            **dict.fromkeys(
                (
                    "restore_date_time",
                    "restore_source_name",
                    "restore_source_table_arn",
                    "restore_to_latest_time",
                ),
                "a restore is billed once, by what is restored",
            ),
            "server_side_encryption.enabled": "the key is billed, as aws_kms_key",
            "stream_view_type": "reads of a stream are billed, and not what is in it",
            "ttl": "deletions by time to live cost nothing: "
            "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/TTL.html",
        },
    ),
    "aws_dynamodb_table_replica": Entry(
        table_replica,
        frozenset({WRITES, STORAGE, PITR}),
        free={"deletion_protection_enabled": "it decides what may be deleted"},
    ),
    "aws_dynamodb_kinesis_streaming_destination": Entry(
        changes,
        frozenset({CHANGES}),
        free={
            "approximate_creation_date_time_precision": "it is a format",
            "stream_arn": "the stream is billed itself",
            "table_name": "it is where the changes come from",
        },
    ),
}

"""S3 buckets, DynamoDB tables, image repositories and EBS volumes."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from pipeline.cost.model import CostLine
from pipeline.cost.pricers.entry import MILLIONTH, THOUSANDTH, Entry
from pipeline.cost.pricing import HOURS, Pricing, Subject

STORAGE = "storage_gb"
READS, WRITES = "monthly_read_request_units", "monthly_write_request_units"
PITR = "pitr_backup_storage_gb"
_TIER_1 = "standard.monthly_tier_1_requests"
_TIER_2 = "standard.monthly_tier_2_requests"
_STANDARD = "standard.storage_gb"
_INFREQUENT = "standard_infrequent_access.storage_gb"
_INCLUDED_IOPS, _INCLUDED_MIBPS = 3000, 125
"""What gp3 includes. Source: https://aws.amazon.com/ebs/pricing/"""


def bucket(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    """An ``aws_s3_bucket``: what it holds, and the requests."""
    yield pricing.used(subject, "storage, Standard", "s3.storage.standard", _STANDARD)
    if pricing.stated(subject, _INFREQUENT) is not None:
        key = "s3.storage.standard_ia"
        yield pricing.used(subject, "storage, Infrequent Access", key, _INFREQUENT)
    yield pricing.used(
        subject, "PUT, COPY, POST, LIST requests", "s3.request.tier1", _TIER_1, scale=THOUSANDTH
    )
    yield pricing.used(
        subject, "GET and other requests", "s3.request.tier2", _TIER_2, scale=THOUSANDTH
    )


def table(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    """An ``aws_dynamodb_table``: on demand or by capacity, what it holds, and its backups."""
    if subject.get("billing_mode", "PROVISIONED") == "PAY_PER_REQUEST":
        yield pricing.used(subject, "write units", "dynamodb.write", WRITES, scale=MILLIONTH)
        yield pricing.used(subject, "read units", "dynamodb.read", READS, scale=MILLIONTH)
    else:
        yield pricing.fixed(
            "write capacity", "dynamodb.wcu", _capacity(subject, "write_capacity") * HOURS
        )
        yield pricing.fixed(
            "read capacity", "dynamodb.rcu", _capacity(subject, "read_capacity") * HOURS
        )
    yield pricing.used(subject, "storage", "dynamodb.storage", STORAGE)
    if subject.get("point_in_time_recovery.0.enabled", False):
        yield pricing.used(subject, "point-in-time recovery", "dynamodb.pitr", PITR)


def _capacity(subject: Subject, attribute: str) -> Decimal:
    """The table's capacity and that of its global secondary indexes."""
    indexes = len(subject.get("global_secondary_index", []))
    return subject.number(attribute, 0) + sum(
        (
            subject.number(f"global_secondary_index.{position}.{attribute}", 0)
            for position in range(indexes)
        ),
        Decimal(0),
    )


def repository(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    """An ``aws_ecr_repository``."""
    yield pricing.used(subject, "images", "ecr.storage", STORAGE)


def volume(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    """An ``aws_ebs_volume``."""
    kind = str(subject.get("type", "gp2"))
    size = Decimal(str(subject.get("size", 0)))
    iops = Decimal(str(subject.get("iops", 0)))
    throughput = Decimal(str(subject.get("throughput", 0)))
    yield from disk(pricing, kind=kind, size=size, iops=iops, throughput=throughput)


def disk(
    pricing: Pricing, *, kind: str, size: Decimal, iops: Decimal, throughput: Decimal
) -> Iterator[CostLine]:
    """One EBS disk.

    Args:
        pricing: prices.
        kind: such as ``gp3``.
        size: GiB.
        iops: as asked for; 0 for what is included.
        throughput: MiB a second; 0 for what is included.
    """
    yield pricing.fixed(f"storage {kind}", f"ebs.{kind}", size)
    if kind != "gp3":
        return
    if iops > _INCLUDED_IOPS:
        yield pricing.fixed("IOPS above the included", "ebs.gp3.iops", iops - _INCLUDED_IOPS)
    if throughput > _INCLUDED_MIBPS:
        yield pricing.fixed(
            "throughput above the included", "ebs.gp3.throughput", throughput - _INCLUDED_MIBPS
        )


ENTRIES: dict[str, Entry] = {
    "aws_s3_bucket": Entry(bucket, frozenset({_STANDARD, _INFREQUENT, _TIER_1, _TIER_2})),
    "aws_dynamodb_table": Entry(table, frozenset({READS, WRITES, STORAGE, PITR})),
    "aws_ecr_repository": Entry(repository, frozenset({STORAGE})),
    "aws_ebs_volume": Entry(volume),
}

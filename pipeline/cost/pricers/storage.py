"""DynamoDB tables and image repositories."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from pipeline.cost.model import CostLine
from pipeline.cost.pricers.entry import MILLIONTH, Entry
from pipeline.cost.pricing import HOURS, Pricing, Subject

STORAGE = "storage_gb"
READS, WRITES = "monthly_read_request_units", "monthly_write_request_units"
PITR = "pitr_backup_storage_gb"


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


ENTRIES: dict[str, Entry] = {
    "aws_dynamodb_table": Entry(table, frozenset({READS, WRITES, STORAGE, PITR})),
    "aws_ecr_repository": Entry(
        repository,
        frozenset({STORAGE}),
        free={
            "encryption_configuration": "the key is billed, as an aws_kms_key",
            "image_scanning_configuration": "basic scans cost nothing: "
            "https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-scanning.html",
            "image_tag_mutability": "it decides whether a tag can be moved",
        },
    ),
}

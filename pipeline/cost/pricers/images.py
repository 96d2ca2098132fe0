"""Image repositories."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.cost.model import CostLine
from pipeline.cost.pricers.entry import Entry
from pipeline.cost.pricing import Pricing, Subject

STORAGE = "storage_gb"


def repository(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    """An ``aws_ecr_repository``."""
    yield pricing.used(subject, "images", "ecr.storage", STORAGE)


ENTRIES: dict[str, Entry] = {
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

"""S3 buckets in every storage class."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import NamedTuple

from pipeline.cost.model import CostLine
from pipeline.cost.pricers.entry import THOUSANDTH, Entry, Unpriced
from pipeline.cost.pricing import Pricing, Subject


class _Line(NamedTuple):
    """What is billed, its price, and the usage key's units in the price's."""

    what: str
    key: str
    scale: Decimal = Decimal(1)


_STANDARD = {
    "standard.storage_gb": _Line("storage, Standard", "s3.storage.standard"),
    "standard.monthly_tier_1_requests": _Line(
        "PUT, COPY, POST, LIST requests", "s3.request.tier1", THOUSANDTH
    ),
    "standard.monthly_tier_2_requests": _Line(
        "GET and other requests", "s3.request.tier2", THOUSANDTH
    ),
}
"""What every bucket is billed by, whether it is stated or not."""

_INFREQUENT = {
    "standard_infrequent_access": ("Infrequent Access", "standard_ia"),
    "one_zone_infrequent_access": ("One Zone Infrequent Access", "one_zone_ia"),
}
_ARCHIVES = {
    "glacier_flexible_retrieval": ("Glacier Flexible Retrieval", "glacier"),
    "glacier_deep_archive": ("Glacier Deep Archive", "deep_archive"),
}
_RETRIEVALS = {
    "glacier_flexible_retrieval": ("standard", "expedited"),
    "glacier_deep_archive": ("standard", "bulk"),
}
_INTELLIGENT = "intelligent_tiering"


def _infrequent() -> Iterator[tuple[str, _Line]]:
    for name, (title, key) in _INFREQUENT.items():
        yield f"{name}.storage_gb", _Line(f"storage, {title}", f"s3.storage.{key}")
        for tier in (1, 2):
            yield (
                f"{name}.monthly_tier_{tier}_requests",
                _Line(
                    f"requests of tier {tier}, {title}", f"s3.request.tier{tier}.{key}", THOUSANDTH
                ),
            )
        yield (
            f"{name}.monthly_data_retrieval_gb",
            _Line(f"retrieval, {title}", f"s3.retrieval.{key}"),
        )


def _archives() -> Iterator[tuple[str, _Line]]:
    for name, (title, key) in _ARCHIVES.items():
        yield f"{name}.storage_gb", _Line(f"storage, {title}", f"s3.storage.{key}")
        # A transition into an archive is billed as a request of the first tier.
        for usage, what, tier in (
            ("monthly_tier_1_requests", "requests of tier 1", "tier1"),
            ("monthly_tier_2_requests", "requests of tier 2", "tier2"),
            ("monthly_lifecycle_transition_requests", "transitions", "tier1"),
        ):
            price = f"s3.request.{tier}.{key}" if tier == "tier1" else "s3.request.tier2"
            yield f"{name}.{usage}", _Line(f"{what}, {title}", price, THOUSANDTH)
        for speed in _RETRIEVALS[name]:
            yield (
                f"{name}.monthly_{speed}_data_retrieval_requests",
                _Line(
                    f"{speed} retrieval requests, {title}",
                    f"s3.retrieval_request.{key}.{speed}",
                    THOUSANDTH,
                ),
            )
            yield (
                f"{name}.monthly_{speed}_data_retrieval_gb",
                _Line(f"{speed} retrieval, {title}", f"s3.retrieval.{key}.{speed}"),
            )


def _intelligent() -> Iterator[tuple[str, _Line]]:
    title = "Intelligent-Tiering"
    for usage, tier, key in (
        ("frequent_access", "frequent", "s3.storage.standard"),
        ("infrequent_access", "infrequent", "s3.storage.intelligent_tiering.infrequent"),
        ("archive_access", "archive", "s3.storage.intelligent_tiering.archive"),
        ("deep_archive_access", "deep archive", "s3.storage.intelligent_tiering.deep_archive"),
    ):
        # Its frequent access costs what Standard does: https://aws.amazon.com/s3/pricing/
        yield f"{_INTELLIGENT}.{usage}_storage_gb", _Line(f"storage, {title}, {tier}", key)
    for usage, what, key in (
        ("monitored_objects", "monitored objects", "s3.monitor.intelligent_tiering"),
        ("monthly_tier_1_requests", "requests of tier 1", "s3.request.tier1"),
        ("monthly_tier_2_requests", "requests of tier 2", "s3.request.tier2"),
        (
            "monthly_lifecycle_transition_requests",
            "transitions",
            "s3.transition.intelligent_tiering",
        ),
    ):
        yield f"{_INTELLIGENT}.{usage}", _Line(f"{what}, {title}", key, THOUSANDTH)


_OTHER: Mapping[str, _Line] = {
    **dict((*_infrequent(), *_archives(), *_intelligent())),
    "standard_infrequent_access.monthly_lifecycle_transition_requests": _Line(
        "transitions, Infrequent Access", "s3.transition.standard_ia", THOUSANDTH
    ),
    # This project's own key.
    "glacier_instant_retrieval.storage_gb": _Line(
        "storage, Glacier Instant Retrieval", "s3.storage.glacier_instant"
    ),
}
"""What a bucket is billed by where its usage states it."""


def bucket(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    """An ``aws_s3_bucket``: what it holds in each class, and the requests."""
    for usage_key, line in _STANDARD.items():
        yield pricing.used(subject, line.what, line.key, usage_key, scale=line.scale)
    yield from _stated(subject, pricing, _OTHER)


def lifecycle(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    """A bucket's rules: they cost nothing, but Infracost's files state the bucket's usage here."""
    yield from _stated(subject, pricing, {**_STANDARD, **_OTHER})


def _stated(subject: Subject, pricing: Pricing, lines: Mapping[str, _Line]) -> Iterator[CostLine]:
    for usage_key, line in lines.items():
        if pricing.stated(subject, usage_key) is not None:
            yield pricing.used(subject, line.what, line.key, usage_key, scale=line.scale)


_HELD = "what it leaves in each class is stated as usage"
_SELECT = "S3 Select has no price here"
_EARLY = "what is deleted early is billed once, as if it were kept"
_SPEEDS = {"glacier_flexible_retrieval": ("standard_", "bulk_", "expedited_")}
_NOT_PRICED = {
    f"{name}.monthly_{speed}select_data_{what}_gb": _SELECT
    for name in ("standard", _INTELLIGENT, *_INFREQUENT, "glacier_flexible_retrieval")
    for speed in _SPEEDS.get(name, ("",))
    for what in ("scanned", "returned")
} | {
    f"{_INTELLIGENT}.early_delete_gb": _EARLY,
    "glacier_deep_archive.early_delete_gb": _EARLY,
    "glacier_flexible_retrieval.early_delete_gb": _EARLY,
    "object_tags": "tags of objects have no price here",
    "one_zone_infrequent_access.monthly_lifecycle_transition_requests": "no price is known",
}
_KEYS = frozenset({*_STANDARD, *_OTHER})

ENTRIES: dict[str, Entry] = {
    "aws_s3_bucket": Entry(
        bucket,
        _KEYS,
        free={
            "acl": "permissions cost nothing",
            "bucket": "names are for people",
            "cors_rule": "permissions cost nothing",
            "grant": "permissions cost nothing",
            "lifecycle_rule": _HELD,
            "logging": "the bucket that holds the logs is billed",
            "object_lock_configuration": _HELD,
            "object_lock_enabled": _HELD,
            "request_payer": "it can only make this cheaper",
            "server_side_encryption_configuration": "the key is billed, as an aws_kms_key",
            "versioning": _HELD,
            "website": "what is read is stated as usage",
        },
        unpriced={
            "acceleration_status": Unpriced("transfer acceleration, by the GB", ("Suspended",)),
            "replication_configuration": Unpriced("copies: their requests and their traffic"),
        },
        other_usage_keys=_NOT_PRICED,
    ),
    "aws_s3_bucket_lifecycle_configuration": Entry(
        lifecycle,
        _KEYS,
        free={
            "bucket": "the bucket is billed",
            "expected_bucket_owner": "permissions cost nothing",
            "rule": _HELD,
            "transition_default_minimum_object_size": _HELD,
        },
        other_usage_keys=_NOT_PRICED,
    ),
}

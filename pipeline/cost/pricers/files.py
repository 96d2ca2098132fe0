"""EFS file systems."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from pipeline.cost.model import CostLine
from pipeline.cost.pricers.entry import Entry, items
from pipeline.cost.pricing import Pricing, Subject

STORED, INFREQUENT, ARCHIVED = (
    "storage_gb",
    "infrequent_access_storage_gb",
    "archive_storage_gb",
)
_IA_READ, _IA_WRITE = (
    "monthly_infrequent_access_read_gb",
    "monthly_infrequent_access_write_gb",
)
_ARCHIVE_READ, _ARCHIVE_WRITE = "monthly_archive_read_gb", "monthly_archive_write_gb"
_READ, _WRITE = "monthly_elastic_read_gb", "monthly_elastic_write_gb"
"""This project's own keys, but for those of infrequent access."""

_GB_PER_MIBPS = 20
"""GB in Standard that come with one MiB a second.

Source: https://docs.aws.amazon.com/efs/latest/ug/performance.html#provisioned-throughput
"""


def file_system(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    """An ``aws_efs_file_system``: what it holds in each class, and its throughput."""
    one_zone = bool(subject.get("availability_zone_name"))
    mode = str(subject.get("throughput_mode", "bursting"))
    standard = "one_zone" if one_zone else "standard"
    yield pricing.used(subject, f"storage, {standard}", f"efs.storage.{standard}", STORED)
    moves = _moves(subject)
    infrequent = "one_zone_ia" if one_zone else "ia.elastic" if mode == "elastic" else "ia"
    cold = (
        ("storage, infrequent access", f"efs.storage.{infrequent}", INFREQUENT),
        ("read from infrequent access", "efs.ia.access", _IA_READ),
        ("written to infrequent access", "efs.ia.access", _IA_WRITE),
    )
    archive = (
        ("storage, archive", "efs.storage.archive", ARCHIVED),
        ("read from the archive", "efs.archive.access", _ARCHIVE_READ),
        ("written to the archive", "efs.archive.access", _ARCHIVE_WRITE),
    )
    for wanted, lines in (("transition_to_ia", cold), ("transition_to_archive", archive)):
        for what, key, usage_key in lines:
            if wanted in moves or pricing.stated(subject, usage_key) is not None:
                yield pricing.used(subject, what, key, usage_key)
    if mode == "elastic":
        yield pricing.used(subject, "data read", "efs.elastic.read", _READ)
        yield pricing.used(subject, "data written", "efs.elastic.write", _WRITE)
    elif mode == "provisioned":
        yield _provisioned(subject, pricing)


def _moves(subject: Subject) -> set[str]:
    """To which classes files move by themselves."""
    policies = range(len(items(subject, "lifecycle_policy")))
    return {
        name
        for position in policies
        for name in ("transition_to_ia", "transition_to_archive")
        if subject.get(f"lifecycle_policy.{position}.{name}")
    }


def _provisioned(subject: Subject, pricing: Pricing) -> CostLine:
    wanted = subject.number("provisioned_throughput_in_mibps", 0)
    stored = pricing.stated(subject, STORED) or Decimal(0)
    billed = max(Decimal(0), wanted - stored / _GB_PER_MIBPS)
    note = "" if stored else "at most: some comes with what is stored"
    return pricing.fixed("provisioned throughput", "efs.throughput.provisioned", billed, note=note)


ENTRIES: dict[str, Entry] = {
    "aws_efs_file_system": Entry(
        file_system,
        frozenset(
            {
                *(STORED, INFREQUENT, ARCHIVED, _IA_READ, _IA_WRITE),
                *(_ARCHIVE_READ, _ARCHIVE_WRITE, _READ, _WRITE),
            }
        ),
        free={
            "creation_token": "names are for people",
            "lifecycle_policy.transition_to_primary_storage_class": "what is read again is stated "
            "as usage",
            "performance_mode": "both modes have one price: https://aws.amazon.com/efs/pricing/",
            "protection": "a replica is billed as a file system of its own",
        },
    ),
}

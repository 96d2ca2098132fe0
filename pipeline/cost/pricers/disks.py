"""EBS disks, wherever they are written down, and their snapshots."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from pipeline.cost.model import CostLine
from pipeline.cost.pricers.entry import MILLIONTH, THOUSANDTH, Entry, Unpriced
from pipeline.cost.pricing import HOURS, Pricing, Subject, Unknown

IO = "monthly_standard_io_requests"
_INCLUDED_IOPS, _INCLUDED_MIBPS = 3000, 125
"""What gp3 includes. Source: https://aws.amazon.com/ebs/pricing/"""

DEFAULT_KIND = "gp2"
"""What AWS takes where nobody says.

Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVolume.html
"""

_REQUESTS = {f"monthly_{name}_block_requests": name for name in ("list", "get", "put")}
_RESTORE = "fast_snapshot_restore_hours"
_OUTPOST = Unpriced("what is on an Outpost is paid with its rack")


def volume(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    """An ``aws_ebs_volume``; it is billed while it exists, attached or not."""
    yield from disk(subject, pricing, "", kind="type", size="size")


def disk(
    subject: Subject,
    pricing: Pricing,
    path: str,
    *,
    kind: str = "volume_type",
    size: str = "volume_size",
    default_kind: str = DEFAULT_KIND,
    of: Subject | None = None,
    device: str = "",
) -> Iterator[CostLine]:
    """One EBS disk.

    Args:
        subject: the resource that has it.
        pricing: prices.
        path: the block that describes it with a dot at its end, such as ``root_block_device.0.``.
        kind: name of the argument with its kind.
        size: name of the argument with its GiB.
        default_kind: where the kind is not set.
        of: the resource whose usage states its requests; the same by default.
        device: what it is called where there are several.

    Raises:
        Unknown: its size is not written: the image or the snapshot decides.
    """
    name = str(subject.get(f"{path}{kind}", default_kind))
    where = f", {device}" if device else ""
    iops = subject.number(f"{path}iops", 0)
    throughput = subject.number(f"{path}throughput", 0)
    if name == "gp3":
        iops, throughput = iops - _INCLUDED_IOPS, throughput - _INCLUDED_MIBPS
        if iops > 0:
            yield pricing.fixed(f"IOPS above the included{where}", "ebs.gp3.iops", iops)
        if throughput > 0:
            what = f"throughput above the included{where}"
            yield pricing.fixed(what, "ebs.gp3.throughput", throughput)
    elif name in ("io1", "io2"):
        # Tiers count for each disk by itself: https://aws.amazon.com/ebs/pricing/
        yield pricing.fixed(f"IOPS {name}{where}", f"ebs.{name}.iops", iops)
    elif name == "standard":
        yield pricing.used(
            of or subject, f"I/O requests{where}", "ebs.standard.io", IO, scale=MILLIONTH
        )
    if subject.get(f"{path}{size}") is None:
        raise Unknown(f"{path}{size}", subject.address)
    yield pricing.fixed(f"storage {name}{where}", f"ebs.{name}", subject.number(f"{path}{size}", 0))


def snapshot(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    """An ``aws_ebs_snapshot``: at most as much as its disk holds, since empty blocks are left out.

    Source: https://docs.aws.amazon.com/ebs/latest/userguide/ebs-snapshots.html
    """
    for usage_key, name in _REQUESTS.items():
        if pricing.stated(subject, usage_key) is not None:
            what, key = f"{name.upper()} block requests", f"ebs.snapshot.api.{name}"
            yield pricing.used(subject, what, key, usage_key, scale=THOUSANDTH)
    if pricing.stated(subject, _RESTORE) is not None:
        yield pricing.used(subject, "fast restore", "ebs.snapshot.fast_restore", _RESTORE)
    of = pricing.related(subject, "volume_id", "aws_ebs_volume")
    yield _stored(subject, pricing, of, "volume_id")


def copy(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    """An ``aws_ebs_snapshot_copy``: a snapshot of its own."""
    source = pricing.related(subject, "source_snapshot_id", "aws_ebs_snapshot")
    of = source and pricing.related(source, "volume_id", "aws_ebs_volume")
    yield _stored(subject, pricing, of, "source_snapshot_id")


def _stored(subject: Subject, pricing: Pricing, of: Subject | None, named: str) -> CostLine:
    try:
        size = subject.number("volume_size", 0)  # what AWS says of one that is there
    except Unknown:
        size = Decimal(0)
    if not size and of is not None:
        size = of.number("size", 0)
    if not size:
        raise Unknown(named, subject.address)
    archived = subject.get("storage_tier", "standard") == "archive"
    key = "ebs.snapshot.archive" if archived else "ebs.snapshot"
    return pricing.fixed("storage", key, size, note="at most: the whole disk")


def fast_restore(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    """An ``aws_ebs_fast_snapshot_restore``: by the hour in its zone."""
    del subject
    yield pricing.fixed("fast restore", "ebs.snapshot.fast_restore", HOURS)


_COPIED = {
    "permanent_restore": "the standard tier is then stored, which the line says",
    "temporary_restore_days": "retrieval from the archive is billed once, not by the month",
}

ENTRIES: dict[str, Entry] = {
    "aws_ebs_volume": Entry(
        volume,
        frozenset({IO}),
        free={
            "final_snapshot": "it costs from the day on that the disk is gone",
            "multi_attach_enabled": "no fee: https://docs.aws.amazon.com/ebs/latest/userguide/"
            "ebs-volumes-multi.html",
            "snapshot_id": "what a disk begins with has no price; the disk has",
        },
        unpriced={"outpost_arn": _OUTPOST},
    ),
    "aws_ebs_fast_snapshot_restore": Entry(
        fast_restore, free={"snapshot_id": "the snapshot is billed by itself"}
    ),
    "aws_ebs_snapshot": Entry(
        snapshot,
        frozenset({*_REQUESTS, _RESTORE}),
        free=_COPIED,
        unpriced={"outpost_arn": _OUTPOST},
    ),
    "aws_ebs_snapshot_copy": Entry(
        copy,
        free={
            **_COPIED,
            "source_region": "what goes between regions is billed once, not by the month",
        },
        unpriced={"completion_duration_minutes": Unpriced("a time-based copy, by the GB")},
    ),
}

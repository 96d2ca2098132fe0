"""AWS Backup."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.cost.model import CostLine
from pipeline.cost.pricers.entry import Entry
from pipeline.cost.pricing import Pricing, Subject

_DISKS = "monthly_ebs_snapshot_gb"
_OTHERS = {
    "monthly_rds_snapshot_gb": ("snapshots of RDS", "rds.backup"),
    "monthly_aurora_snapshot_gb": ("snapshots of Aurora", "aurora.backup"),
    "monthly_efs_warm_backup_gb": ("backups of EFS, warm", "backup.efs.warm"),
    "monthly_efs_cold_backup_gb": ("backups of EFS, cold", "backup.efs.cold"),
    "monthly_efs_warm_restore_gb": ("restores of EFS, warm", "backup.efs.restore.warm"),
    "monthly_efs_cold_restore_gb": ("restores of EFS, cold", "backup.efs.restore.cold"),
    "monthly_efs_item_restore_requests": ("restores of items", "backup.efs.restore.item"),
}
_NO_PRICE = "no price is known"


def vault(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    """An ``aws_backup_vault``: what it holds, at the prices of each service's own backups.

    Source: https://aws.amazon.com/backup/pricing/
    """
    stated = [key for key in _OTHERS if pricing.stated(subject, key) is not None]
    if not stated or pricing.stated(subject, _DISKS) is not None:
        yield pricing.used(subject, "snapshots of disks", "ebs.snapshot", _DISKS)
    for usage_key in stated:
        what, key = _OTHERS[usage_key]
        yield pricing.used(subject, what, key, usage_key)


ENTRIES: dict[str, Entry] = {
    "aws_backup_vault": Entry(
        vault,
        frozenset({_DISKS, *_OTHERS}),
        other_usage_keys=dict.fromkeys(
            (
                "monthly_dynamodb_backup_gb",
                "monthly_dynamodb_restore_gb",
                "monthly_fsx_lustre_backup_gb",
                "monthly_fsx_windows_backup_gb",
            ),
            _NO_PRICE,
        ),
    ),
}

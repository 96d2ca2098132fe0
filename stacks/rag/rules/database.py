"""Rules of the instance: its storage, its version and what guards it."""

from __future__ import annotations

from collections.abc import Iterator

from services.rag.contract import RDS_AUTHORITIES
from stacks.rag.settings import LARGEST_STORAGE_GIB, RagSettings
from stacks.settings import EnvironmentSettings

GUARDED_BACKUP_DAYS = 14


def _storage(rag: RagSettings, _: EnvironmentSettings) -> Iterator[str]:
    """AWS asks for a ceiling at least 10 % above the storage, and advises 26 %.

    Source: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PIOPS.Autoscaling.html
    """
    database = rag.database
    least = -(-database.storage_gib * 110 // 100)
    if least > LARGEST_STORAGE_GIB:
        yield (
            f"database.storage_gib={database.storage_gib}: leaves no room to grow by 10 % below "
            f"the {LARGEST_STORAGE_GIB} GiB that RDS can have; lower it to "
            f"{LARGEST_STORAGE_GIB * 100 // 110}"
        )
    elif database.max_storage_gib < least:
        yield (
            f"database.max_storage_gib={database.max_storage_gib}: must exceed "
            f"database.storage_gib={database.storage_gib} by 10 % at least; raise it to {least}"
        )


def _guards(rag: RagSettings, environment: EnvironmentSettings) -> Iterator[str]:
    if not environment.guarded:
        return
    database = rag.database
    if not database.deletion_protection:
        yield (
            "database.deletion_protection=False: a guarded environment must not lose its database "
            "by mistake; set it to True (docs/runbooks/destroy.md says how it is destroyed on "
            "purpose)"
        )
    if database.backup_retention_days < GUARDED_BACKUP_DAYS:
        yield (
            f"database.backup_retention_days={database.backup_retention_days}: a guarded "
            f"environment keeps at least {GUARDED_BACKUP_DAYS} days of backups; raise it"
        )
    for field in ("final_snapshot", "multi_az"):
        if not getattr(database, field):
            yield f"database.{field}=False: a guarded environment demands it; set it to True"
    if database.apply_immediately and not database.allow_major_upgrade:
        yield (
            "database.apply_immediately=True: a guarded environment must not restart in the middle "
            "of the day; set it to False"
        )


def _major_upgrade(rag: RagSettings, _: EnvironmentSettings) -> Iterator[str]:
    """In a maintenance window RDS would still use the old parameter group when it is deleted."""
    database = rag.database
    if database.allow_major_upgrade and not database.apply_immediately:
        yield (
            "database.apply_immediately=False: with major_upgrade_to="
            f"{database.major_upgrade_to} AWS must upgrade at once, not in its window; set it to "
            "True for the upgrade, or remove major_upgrade_to if it is done "
            "(docs/runbooks/postgresql-upgrade.md)"
        )
    if database.major_upgrade_to and database.major_upgrade_to < database.major_version:
        yield (
            f"database.major_upgrade_to={database.major_upgrade_to}: RDS cannot go back from "
            f"engine_version={database.engine_version}; remove it "
            "(docs/runbooks/postgresql-upgrade.md says how to restore a snapshot)"
        )


def _authorities(rag: RagSettings, environment: EnvironmentSettings) -> Iterator[str]:
    """Without a proxy the function checks the instance's own certificate, which is the region's."""
    if environment.region not in RDS_AUTHORITIES:
        yield (
            f"database.proxy={'None' if rag.database.proxy is None else 'set'}: services/rag has no "
            f"certificates of RDS in {environment.region}; add its bundle to RDS_AUTHORITIES in "
            "services/rag/contract/certificates.py"
        )


RULES = (_storage, _guards, _major_upgrade, _authorities)

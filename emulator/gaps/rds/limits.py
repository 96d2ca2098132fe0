"""What RDS accepts as the size and the backups of a PostgreSQL instance."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from moto.rds.exceptions import InvalidParameterCombination, InvalidParameterValue

_CLASS: Final = re.compile(
    r"db\.[cmrtxz][1-9][a-z]{0,5}\.(micro|small|medium|large|[1-9]?[0-9]?xlarge)"
)
"""The shape only: a list of all classes would refuse AWS's next ones."""

_BACKUP_DAYS: Final = range(36)
_SMALLEST_STEP: Final = 1.1
_FEWEST_GIB: Final = {"gp2": 20, "gp3": 20, "io1": 100, "io2": 100, "standard": 10}


def check(asked: Mapping[str, Any]) -> None:
    """Refuses values that no instance may have.

    Args:
        asked: parameters of the request, by moto's names; those left out are not looked at.

    Raises:
        InvalidParameterValue: as AWS does.
    """
    instance_class = asked.get("db_instance_class")
    if instance_class is not None and not _CLASS.fullmatch(instance_class):
        raise InvalidParameterValue(f"Invalid DB Instance class: {instance_class}")
    days = asked.get("backup_retention_period")
    if days is not None and days not in _BACKUP_DAYS:
        raise InvalidParameterValue(
            f"Invalid backup retention period: {days}. Retention period must be between 0 and "
            f"{max(_BACKUP_DAYS)}."
        )


def check_storage(storage_type: str, storage: int, limit: int | None, *, before: int) -> None:
    """Refuses storage that shrinks or is too small, and a limit that leaves no room.

    Args:
        storage_type: such as `gp3`.
        storage: GiB that are asked for.
        limit: up to which storage grows by itself; None for an instance whose storage does not.
        before: GiB of the instance; 0 for a new one.

    Raises:
        InvalidParameterCombination: as AWS does.
    """
    if storage < max(before, _FEWEST_GIB.get(storage_type, 0)):
        raise InvalidParameterCombination(
            f"Invalid storage size for engine name postgres and storage type {storage_type}: "
            f"{storage}"
        )
    if limit is None:
        return
    if limit <= storage:
        raise InvalidParameterCombination("Max storage size must be greater than storage size")
    if limit < storage * _SMALLEST_STEP:
        raise InvalidParameterCombination(
            "The maximum allocated storage must be increased by at least 10 percent."
        )

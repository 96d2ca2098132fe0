"""Versions of PostgreSQL on RDS, and the parameter groups that fit them."""

from __future__ import annotations

from typing import Any, Final

from moto.rds.exceptions import InvalidParameterCombination
from moto.rds.models import DBInstance, RDSBackend

NEWEST_MINOR: Final = {16: 15, 17: 11, 18: 6}
"""Source: https://docs.aws.amazon.com/AmazonRDS/latest/PostgreSQLReleaseNotes/postgresql-versions.html"""

_DEFAULT_MAJOR: Final = 17


def resolve(version: str | None, current: str | None = None) -> str:
    """Gives the version that an instance gets, as AWS does where only the major version is named.

    Args:
        version: such as `17` or `17.6`; AWS's default without one.
        current: the instance's version; its major version alone asks for no change.

    Raises:
        InvalidParameterCombination: if AWS has no such version.
    """
    version = version or str(_DEFAULT_MAJOR)
    if current and version == str(major(current)):
        return current
    newest = NEWEST_MINOR.get(major(version))
    minor = version.partition(".")[2]
    if major(version) > max(NEWEST_MINOR) or (newest and minor and int(minor) > newest):
        raise InvalidParameterCombination(f"Cannot find version {version} for postgres")
    return version if minor or newest is None else f"{version}.{newest}"


def major(version: str) -> int:
    """Gives the major version: 17 of `17.6`."""
    return int(version.partition(".")[0])


def check_upgrade(instance: DBInstance, wanted: str, *, allowed: bool) -> None:
    """Refuses a downgrade, and a new major version that was not asked for on purpose.

    Args:
        instance: as it is.
        wanted: the whole version that it is to have.
        allowed: whether `AllowMajorVersionUpgrade` was set.

    Raises:
        InvalidParameterCombination: as AWS does.
    """
    if _ordered(wanted) < _ordered(instance.engine_version):
        raise InvalidParameterCombination(
            f"Cannot upgrade postgres from {instance.engine_version} to {wanted}"
        )
    if major(wanted) > major(instance.engine_version) and not allowed:
        raise InvalidParameterCombination(
            "The AllowMajorVersionUpgrade flag must be present when upgrading to a new major "
            "version."
        )


def check_group(backend: RDSBackend, group: str | None, version: str) -> None:
    """Refuses a parameter group of another major version.

    Args:
        backend: that has the groups.
        group: its name; None for AWS's default, which always fits.
        version: that the instance is to have.

    Raises:
        InvalidParameterCombination: as AWS does.
    """
    needed = f"postgres{major(version)}"
    family = _family(backend, group)
    if family not in (None, needed):
        raise InvalidParameterCombination(
            f"The parameter group {group} with DBParameterGroupFamily {family} can't be used for "
            f"this instance. Use a parameter group with DBParameterGroupFamily {needed}."
        )


def check_upgraded_group(instance: DBInstance, wanted: str) -> None:
    """Refuses to take a parameter group of one's own along to a new major version.

    Args:
        instance: as it is.
        wanted: the version that it is to have; the request names no group.

    Raises:
        InvalidParameterCombination: as AWS does.
    """
    group = instance.db_parameter_group_name
    if major(wanted) > major(instance.engine_version) and group and not _is_default(group):
        raise InvalidParameterCombination(
            f"The current DB instance parameter group {group} is custom. You must explicitly "
            "specify a new DB instance parameter group, either default or custom, for the engine "
            "version upgrade."
        )


def _ordered(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))


def _family(backend: RDSBackend, group: str | None) -> Any:
    if group is None or _is_default(group):
        return group and group.removeprefix("default.")
    found = backend.db_parameter_groups.get(group)
    return found and found.family  # a missing one is refused by moto


def _is_default(group: str) -> bool:
    return group.startswith("default.")

"""RDS: instances that are restored from a snapshot or to a point in time, with the data of then.

Sources: https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_RestoreDBInstanceToPointInTime.html
and https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_RestoreDBInstanceFromDBSnapshot.html
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from moto.rds.exceptions import (
    DBInstanceNotFoundError,
    InvalidParameterCombination,
    InvalidParameterValue,
    RDSClientError,
)
from moto.rds.models import DBInstance, DBSnapshot, RDSBackend

from emulator.gaps.rds import power
from emulator.gaps.registry import Gap, replace
from emulator.postgres_copies import Copy, TooEarly

_TAKEN_OVER = (
    "allocated_storage",
    "auto_minor_version_upgrade",
    "backup_retention_period",
    "ca_certificate_identifier",
    "db_instance_class",
    "db_name",
    "engine",
    "engine_version",
    "iops",
    "kms_key_id",
    "license_model",
    "master_username",
    "port",
    "preferred_backup_window",
    "preferred_maintenance_window",
    "storage_encrypted",
    "storage_throughput",
    "storage_type",
)
"""What a restored instance has of its source. The rest is AWS's default unless the request says more:
default groups, no protection, no tokens, no exported logs, and a password that RDS does not manage.
"""

_OF_THE_REQUEST = (
    "db_snapshot_identifier",
    "restore_time",
    "source_db_instance_identifier",
    "target_db_instance_identifier",
    "use_latest_restorable_time",
)
"""Parameters that say what is restored, and nothing about the new instance."""

_KEPT = "restored_data"


def data(instance: DBInstance) -> Copy | None:
    """Gives the data that an instance begins with; None for an empty one."""
    found: Copy | None = vars(instance).get(_KEPT)
    return found


def _snapshots() -> None:
    @replace(RDSBackend, "create_db_snapshot")
    def _(
        original: Callable[..., DBSnapshot],
        self: RDSBackend,
        db_instance_identifier: str,
        *args: Any,
        **arguments: Any,
    ) -> DBSnapshot:
        snapshot = original(self, db_instance_identifier, *args, **arguments)
        vars(snapshot)[_KEPT] = _copy(self.databases[db_instance_identifier])
        return snapshot

    @replace(RDSBackend, "copy_db_snapshot")
    def _(original: Callable[..., DBSnapshot], self: RDSBackend, **arguments: Any) -> DBSnapshot:
        copied = original(self, **arguments)
        source = self.get_db_snapshot(arguments["source_db_snapshot_identifier"])
        vars(copied)[_KEPT] = vars(source)[_KEPT]
        return copied


def _restores() -> None:
    @replace(RDSBackend, "restore_db_instance_from_db_snapshot")
    def _(
        _original: Callable[..., DBInstance],
        self: RDSBackend,
        from_snapshot_id: str,
        overrides: Mapping[str, Any],
    ) -> DBInstance:
        if from_snapshot_id.startswith("arn:"):
            from_snapshot_id = self.extract_snapshot_name_from_arn(from_snapshot_id)
        [snapshot] = self.describe_db_snapshots(None, from_snapshot_id)
        asked = {"tags": snapshot.database.tags, **overrides}
        source = {**_settings(snapshot.database), "kms_key_id": snapshot.kms_key_id}
        return _restored(self, source, asked, vars(snapshot)[_KEPT])

    @replace(RDSBackend, "restore_db_instance_to_point_in_time")
    def _(
        _original: Callable[..., DBInstance],
        self: RDSBackend,
        source_db_identifier: str | None,
        target_db_identifier: str,
        overrides: Mapping[str, Any],
    ) -> DBInstance:
        if source_db_identifier is None:
            raise DBInstanceNotFoundError("SourceDBInstanceIdentifier")  # no others are kept here
        [instance] = self.describe_db_instances(source_db_identifier)
        copy = _copy(instance, _time(instance, overrides))
        asked = {**overrides, "db_instance_identifier": target_db_identifier}
        return _restored(self, _settings(instance), asked, copy)


def _settings(instance: DBInstance) -> dict[str, Any]:
    settings = {name: getattr(instance, name) for name in _TAKEN_OVER}
    settings["master_user_password"] = vars(instance).get("_master_user_password")
    return settings


def _restored(
    backend: RDSBackend, source: dict[str, Any], asked: Mapping[str, Any], copy: Copy | None
) -> DBInstance:
    more = {name: value for name, value in asked.items() if name not in _OF_THE_REQUEST}
    if more.get("allocated_storage", source["allocated_storage"]) < source["allocated_storage"]:
        raise InvalidParameterValue(
            "The allocated storage size can't be less than the source snapshot or backup size."
        )
    instance = backend.create_db_instance({**source, **more})
    # Its first backup was made with it.
    for has in (instance, *backend.describe_db_snapshots(instance.db_instance_identifier)):
        vars(has)[_KEPT] = copy
    return instance


def _time(instance: DBInstance, asked: Mapping[str, Any]) -> datetime | None:
    """Gives the time that is asked for; None for the latest."""
    wanted, latest = asked.get("restore_time"), asked.get("use_latest_restorable_time")
    if bool(wanted) == bool(latest):
        raise InvalidParameterCombination(
            "Exactly one of RestoreTime and UseLatestRestorableTime must be specified."
        )
    if not instance.backup_retention_period:
        raise RDSClientError(
            "PointInTimeRestoreNotEnabled",
            f"Point in time restore is not enabled for {instance.db_instance_identifier}.",
        )
    if latest or wanted is None:
        return None
    time = wanted if isinstance(wanted, datetime) else datetime.fromisoformat(wanted)
    time = time if time.tzinfo else time.replace(tzinfo=UTC)
    if time >= datetime.now(UTC):
        raise InvalidParameterValue(f"The restore time {time} is not before the latest one.")
    return time


def _copy(instance: DBInstance, time: datetime | None = None) -> Copy | None:
    """Copies an instance's data; raises the service's error if those of that time are not kept."""
    machine = power.machine(instance)
    if machine is None:
        return data(instance)  # as it began: nobody has connected to it yet
    if time is None:
        return machine.copy(None)
    earliest = machine.earliest
    try:
        if time >= earliest and machine.running:
            return machine.copy(time)
    except TooEarly:
        earliest = datetime.now(UTC)
    raise RDSClientError(
        "InvalidRestoreFault",
        f"The emulator restores {instance.db_instance_identifier} to times from {earliest} on, and "
        "only while it runs.",
    )


def _fill() -> None:
    _snapshots()
    _restores()


GAPS = (
    Gap(
        service="rds",
        name="restores",
        moto="restores all settings of the source and no data, whatever the time",
        aws="restores the data of a snapshot, which outlives its instance, or of a time; for what "
        "the request does not say, its defaults",
        fill=_fill,
    ),
)

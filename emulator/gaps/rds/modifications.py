"""RDS: what may be changed of an instance, and when it changes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from moto.rds.exceptions import DBInstanceAlreadyExists, InvalidParameterCombination
from moto.rds.models import DBInstance, RDSBackend

from emulator.gaps.rds import limits, versions
from emulator.gaps.registry import Gap, add_property, replace

_WAITING: Final = {
    "allocated_storage": "AllocatedStorage",
    "ca_certificate_identifier": "CACertificateIdentifier",
    "db_instance_class": "DBInstanceClass",
    "db_subnet_group_name": "DBSubnetGroupName",
    "enable_iam_database_authentication": "IAMDatabaseAuthenticationEnabled",
    "engine_version": "EngineVersion",
    "iops": "Iops",
    "license_model": "LicenseModel",
    "multi_az": "MultiAZ",
    "new_db_instance_identifier": "DBInstanceIdentifier",
    "storage_throughput": "StorageThroughput",
    "storage_type": "StorageType",
}
"""What waits for the maintenance window unless it is to be applied immediately, with its name in
PendingModifiedValues. Everything else changes at once.

Source: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ModifyInstance.Settings.html
"""

_GROUP = "db_parameter_group_name"
_HIDDEN = {
    "db_subnet_group_name": "_db_subnet_group_name",
    "new_db_instance_identifier": "db_instance_identifier",
}
"""Parameters whose value moto keeps under another name."""


def _new_instances() -> None:
    @replace(RDSBackend, "create_db_instance")
    def _(original: Callable[..., DBInstance], self: RDSBackend, asked: Any) -> DBInstance:
        if asked["engine"] == "postgres" and not asked.get("db_cluster_identifier"):
            asked["engine_version"] = versions.resolve(asked.get("engine_version"))
            versions.check_group(self, asked.get(_GROUP), asked["engine_version"])
            limits.check(asked)
            if asked.get("allocated_storage"):
                limits.check_storage(
                    asked.get("storage_type", "gp2"),
                    asked["allocated_storage"],
                    asked.get("max_allocated_storage"),
                    before=0,
                )
        return original(self, asked)


def _modifications() -> None:
    @add_property(DBInstance, "pending_modified_values")
    def _(self: DBInstance) -> dict[str, Any]:
        return {_WAITING[name]: _waiting(self)[name] for name in _WAITING if name in _waiting(self)}

    @replace(RDSBackend, "modify_db_instance")
    def _(
        original: Callable[..., DBInstance],
        self: RDSBackend,
        db_instance_identifier: str,
        request: Mapping[str, Any],
    ) -> DBInstance:
        [instance] = self.describe_db_instances(db_instance_identifier)
        if instance.engine != "postgres" or instance.db_cluster_identifier:
            return original(self, db_instance_identifier, request)
        # Waiting changes are applied with the next change that is applied immediately.
        asked = {**_waiting(instance), **dict(request)}
        _check(self, instance, asked)
        later = {} if asked.get("apply_immediately") else _later(instance, asked)
        now = {name: value for name, value in asked.items() if name not in later}
        changed = original(self, db_instance_identifier, now)
        vars(instance)["waiting_changes"] = later
        return changed


def _waiting(instance: DBInstance) -> dict[str, Any]:
    waiting: dict[str, Any] = vars(instance).get("waiting_changes", {})
    return waiting


def _later(instance: DBInstance, asked: dict[str, Any]) -> dict[str, Any]:
    """Gives those of the changes that are asked for that wait for the maintenance window."""
    later = {
        name: asked[name]
        for name in _WAITING
        if name in asked and asked[name] != getattr(instance, _HIDDEN.get(name, name))
    }
    version = later.get("engine_version", instance.engine_version)
    if _GROUP in asked and versions.major(version) > versions.major(instance.engine_version):
        later[_GROUP] = asked[_GROUP]  # fits the new version only
    return later


def _check(backend: RDSBackend, instance: DBInstance, asked: dict[str, Any]) -> None:
    """Refuses what AWS refuses, before anything has changed; completes what AWS completes."""
    version = versions.resolve(
        asked.get("engine_version", instance.engine_version), instance.engine_version
    )
    versions.check_upgrade(
        instance, version, allowed=bool(asked.get("allow_major_version_upgrade"))
    )
    if _GROUP in asked:
        versions.check_group(backend, asked[_GROUP], version)
    else:
        versions.check_upgraded_group(instance, version)
    if "engine_version" in asked:
        asked["engine_version"] = version
    limits.check(asked)
    _check_storage(instance, asked)
    renamed = asked.get("new_db_instance_identifier")
    if renamed not in (None, instance.db_instance_identifier) and renamed in backend.databases:
        raise DBInstanceAlreadyExists


def _check_storage(instance: DBInstance, asked: dict[str, Any]) -> None:
    if not {"allocated_storage", "max_allocated_storage"} & asked.keys():
        return
    storage = asked.get("allocated_storage", instance.allocated_storage)
    limit = asked.get("max_allocated_storage")
    limits.check_storage(
        asked.get("storage_type", instance.storage_type),
        storage,
        # A limit equal to the storage switches storage autoscaling off.
        None if limit == storage else limit or instance.max_allocated_storage,
        before=instance.allocated_storage,
    )


def _master_secrets() -> None:
    @replace(DBInstance, "update")
    def _(
        original: Callable[..., None],
        self: DBInstance,
        manage_master_user_password: bool | None = None,
        **more: Any,
    ) -> None:
        managed = manage_master_user_password and self.manage_master_user_password
        original(
            self,
            manage_master_user_password=None if managed else manage_master_user_password,
            **more,
        )


def _final_snapshots() -> None:
    @replace(RDSBackend, "delete_db_instance")
    def _(
        original: Callable[..., DBInstance],
        self: RDSBackend,
        db_instance_identifier: str,
        final_db_snapshot_identifier: str | None = None,
        skip_final_snapshot: bool | None = False,
        **more: Any,
    ) -> DBInstance:
        [instance] = self.describe_db_instances(db_instance_identifier)
        wanted = not skip_final_snapshot and instance.db_cluster_identifier is None
        if wanted and not final_db_snapshot_identifier:
            raise InvalidParameterCombination(
                "FinalDBSnapshotIdentifier is required unless SkipFinalSnapshot is specified."
            )
        return original(
            self, db_instance_identifier, final_db_snapshot_identifier, skip_final_snapshot, **more
        )


GAPS = (
    Gap(
        service="rds",
        name="instance-limits",
        moto="creates an instance of any class, version, storage and parameter group",
        aws="refuses classes, versions and sizes that it lacks, and groups of another version",
        fill=_new_instances,
    ),
    Gap(
        service="rds",
        name="modifications",
        moto="changes anything at once, downgrades and smaller storage included",
        aws="refuses those and an accidental major version; a change that interrupts waits for the "
        "maintenance window, unless it is to be applied immediately",
        fill=_modifications,
    ),
    Gap(
        service="rds",
        name="kept-master-secret",
        moto="makes another secret when RDS is told to manage a password that it manages already",
        aws="keeps the secret; telling it turns the management on where it was off",
        fill=_master_secrets,
    ),
    Gap(
        service="rds",
        name="final-snapshots",
        moto="deletes an instance without a snapshot if the caller forgot to name one",
        aws="refuses to, unless told to skip it",
        fill=_final_snapshots,
    ),
)

"""Aurora: clusters, instances and serverless capacity, for MySQL and PostgreSQL.

Both engines have one price of everything. Source: https://aws.amazon.com/rds/aurora/pricing/
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from pipeline.cost.model import CostLine
from pipeline.cost.pricers.database import (
    COMMON_FREE,
    CREDITS,
    DOMAIN,
    INSIGHTS_REQUESTS,
    MONITORING,
    RESERVED,
    SNAPSHOT,
    enhanced_monitoring,
    insights,
    public_address,
)
from pipeline.cost.pricers.entry import MILLIONTH, Entry, Unpriced, stated
from pipeline.cost.pricers.extended_support import charged_today
from pipeline.cost.pricers.vcpus import vcpus
from pipeline.cost.pricing import HOURS, Pricing, Subject

SERVERLESS = "db.serverless"
_IO_OPTIMIZED = "aurora-iopt1"
_SECONDS = HOURS * 3600
_ENGINES = ("aurora-mysql", "aurora-postgresql")

STORAGE, BACKUP, EXPORT = "storage_gb", "backup_snapshot_size_gb", "snapshot_export_size_gb"
CAPACITY = "capacity_units_per_hr"
STATEMENTS, RECORDS = "average_statements_per_hr", "change_records_per_statement"
WINDOW = "backtrack_window_hrs"
REPLICATED = "monthly_replicated_write"
_SMALLEST_V1 = 1
"""Source: the provider's documentation of aws_rds_cluster."""


def cluster(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    """An ``aws_rds_cluster``: what all its instances share; capacity of Serverless v1.

    A Multi-AZ cluster of RDS has no price in the catalogue, and the estimate names it.
    """
    engine = str(subject.get("engine"))
    if member := subject.get("db_cluster_instance_class", ""):
        yield pricing.fixed(f"three instances {member}", f"rds.{engine}.cluster.{member}", HOURS)
    family = _family(engine)
    if subject.get("engine_mode", "provisioned") == "serverless":
        yield _serverless_v1(subject, pricing, family)
    optimized = _optimized(subject)
    yield pricing.used(subject, "storage", f"{family}.storage{optimized}", STORAGE)
    if not optimized:
        for direction in ("read", "write"):
            yield pricing.used(
                subject,
                f"{direction} requests to the storage",
                f"{family}.io",
                f"{direction}_requests_per_sec",
                scale=_SECONDS * MILLIONTH,
            )
    yield from _backups(subject, pricing, family)
    yield from _backtrack(subject, pricing, family)
    if subject.get("global_cluster_identifier", ""):
        key = f"{family}.global.replicated_write"
        yield pricing.used(
            subject, "writes replicated to it or from it", key, REPLICATED, scale=MILLIONTH
        )
    if subject.get("manage_master_user_password", False):
        yield pricing.fixed("secret of the master password", "secret.month", Decimal(1))


def _serverless_v1(subject: Subject, pricing: Pricing, family: str) -> CostLine:
    least = subject.number("scaling_configuration.0.min_capacity", _SMALLEST_V1)
    pauses = subject.get("scaling_configuration.0.auto_pause", True)
    return pricing.used(
        subject,
        "capacity units, Serverless v1",
        f"{family}.serverless_v1",
        CAPACITY,
        scale=HOURS,
        default=least,
        note="without a stated usage the least capacity"
        + (", though it may pause" if pauses else ""),
    )


def _backups(subject: Subject, pricing: Pricing, family: str) -> Iterator[CostLine]:
    """Snapshots of each day that is kept; one day's is free.

    Source: https://github.com/infracost/infracost ``internal/resources/aws/rds_cluster.go``
    """
    days = subject.number("backup_retention_period", 1)
    if days > 1:
        yield pricing.used(
            subject,
            "backup storage above the free",
            f"{family}.backup",
            BACKUP,
            scale=days - 1,
            note=f"{days:f} days are kept, of which one is free",
        )
    if pricing.stated(subject, EXPORT) is not None:
        yield pricing.used(subject, "snapshots exported to S3", "rds.snapshot_export", EXPORT)


def _backtrack(subject: Subject, pricing: Pricing, family: str) -> Iterator[CostLine]:
    """Changes that are kept for going back: each is billed for every hour that it is kept."""
    hours = subject.number("backtrack_window", 0) / 3600
    if not hours:
        return
    records = pricing.stated(subject, RECORDS)
    yield pricing.used(
        subject,
        "changes kept for backtrack",
        f"{family}.backtrack",
        STATEMENTS if records is not None else RECORDS,
        scale=(records or Decimal(0)) * stated(subject, pricing, WINDOW, hours) * HOURS * MILLIONTH,
    )


def instance(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    """An ``aws_rds_cluster_instance``: an instance by the hour, or capacity units."""
    parent = pricing.related(subject, "cluster_identifier", "aws_rds_cluster")
    engine = str(subject.get("engine"))
    family = _family(engine)
    optimized = _optimized(parent) if parent is not None else ""
    instance_class = str(subject.get("instance_class"))
    if instance_class == SERVERLESS:
        key = f"{family}.serverless{optimized}"
        yield _by_capacity(subject, pricing, parent, "capacity units", key)
    else:
        yield pricing.fixed(
            f"instance {instance_class}", f"{family}.instance.{instance_class}{optimized}", HOURS
        )
        if pricing.stated(subject, CREDITS) is not None:
            scale, key = Decimal(vcpus(instance_class)), f"{family}.cpu_credits"
            yield pricing.used(subject, "CPU credits", key, CREDITS, scale=scale)
    yield from public_address(subject, pricing)
    yield from enhanced_monitoring(subject, pricing)
    yield from insights(subject, pricing, instance_class, parent=parent)
    version = str(subject.get("engine_version", ""))
    if parent is not None:
        version = version or str(parent.get("engine_version", ""))
    charge = charged_today(parent or subject, engine, version)
    if charge and instance_class == SERVERLESS:
        key = f"aurora.extended_support.acu.{charge}"
        yield _by_capacity(subject, pricing, parent, f"Extended Support of {engine} {version}", key)
    elif charge:
        yield pricing.fixed(
            f"Extended Support of {engine} {version}",
            f"rds.extended_support.{charge}",
            vcpus(instance_class) * HOURS,
        )


def _by_capacity(
    subject: Subject, pricing: Pricing, parent: Subject | None, what: str, key: str
) -> CostLine:
    least = Decimal(0)
    if parent is not None:
        least = parent.number("serverlessv2_scaling_configuration.0.min_capacity", least)
    return pricing.used(
        subject,
        what,
        key,
        CAPACITY,
        scale=HOURS,
        default=least,
        note="without a stated usage the least capacity",
    )


def snapshot(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    """An ``aws_db_cluster_snapshot``: kept until somebody deletes it."""
    yield pricing.used(subject, "snapshot", "aurora.backup", SNAPSHOT)


def _family(engine: str) -> str:
    # Another engine has other prices: its key is not in the catalogue, and the estimate says so.
    return "aurora" if engine in _ENGINES else f"rds.{engine}"


def _optimized(subject: Subject) -> str:
    return ".io_optimized" if subject.get("storage_type", "") == _IO_OPTIMIZED else ""


_SETTING = "a setting of the engine or of the network costs nothing"
_STARTS = "it is what the cluster starts with"
_UPDATES = "it is when AWS does what costs nothing itself"

ENTRIES: dict[str, Entry] = {
    "aws_rds_cluster": Entry(
        cluster,
        frozenset(
            {
                STORAGE,
                "read_requests_per_sec",
                "write_requests_per_sec",
                BACKUP,
                EXPORT,
                CAPACITY,
                STATEMENTS,
                RECORDS,
                WINDOW,
                REPLICATED,
            }
        ),
        free={
            **{name: why for name, why in COMMON_FREE.items() if name != "backup_retention_period"},
            **dict.fromkeys(
                (
                    "ca_certificate_identifier",
                    "cluster_identifier",
                    "cluster_identifier_prefix",
                    "cluster_members",
                    "database_name",
                    "db_cluster_parameter_group_name",
                    "db_instance_parameter_group_name",
                    "db_system_id",
                    "enable_global_write_forwarding",
                    "enable_local_write_forwarding",
                ),
                _SETTING,
            ),
            **dict.fromkeys(("domain", "domain_iam_role_name"), DOMAIN),
            **dict.fromkeys(("preferred_backup_window", "preferred_maintenance_window"), _UPDATES),
            **dict.fromkeys(
                (
                    "master_password",
                    "master_password_wo",
                    "master_password_wo_version",
                    "master_username",
                ),
                "it is a credential of the engine",
            ),
            "iam_roles": "permissions cost nothing",
            "master_user_secret_kms_key_id": "the key is billed, as aws_kms_key",
            "monitoring_interval": "the instances' own interval is priced with them",
            "replication_source_identifier": _STARTS,
            "source_region": _STARTS,
            "serverlessv2_scaling_configuration": "the instances are billed by their capacity",
            **dict.fromkeys(
                (
                    "scaling_configuration.max_capacity",
                    "scaling_configuration.seconds_before_timeout",
                    "scaling_configuration.seconds_until_auto_pause",
                    "scaling_configuration.timeout_action",
                ),
                "the least capacity is priced, or what the usage states",
            ),
            **dict.fromkeys(
                (
                    "database_insights_mode",
                    "engine_lifecycle_support",
                    "engine_version",
                    "performance_insights_enabled",
                    "performance_insights_retention_period",
                ),
                "it is priced with each of the cluster's instances",
            ),
        },
        unpriced={
            "allocated_storage": Unpriced("storage of a Multi-AZ cluster", (1,)),
            "cluster_scalability_type": Unpriced(
                "the capacity of an unlimited cluster", ("standard",)
            ),
            "enable_http_endpoint": Unpriced("requests to the Data API"),
            "iops": Unpriced("provisioned IOPS of a Multi-AZ cluster"),
        },
    ),
    "aws_rds_cluster_instance": Entry(
        instance,
        frozenset({CAPACITY, CREDITS, MONITORING, INSIGHTS_REQUESTS}),
        free={
            **dict.fromkeys(
                (
                    "ca_cert_identifier",
                    "db_parameter_group_name",
                    "identifier",
                    "promotion_tier",
                ),
                _SETTING,
            ),
            **dict.fromkeys(
                (
                    "auto_minor_version_upgrade",
                    "preferred_backup_window",
                    "preferred_maintenance_window",
                ),
                _UPDATES,
            ),
            "custom_iam_instance_profile": "permissions cost nothing",
        },
        other_usage_keys={**RESERVED, "vcpu_count": "the class tells its vCPUs"},
    ),
    "aws_db_cluster_snapshot": Entry(
        snapshot,
        frozenset({SNAPSHOT}),
        free={
            "db_cluster_identifier": "it is what is copied",
            "db_cluster_snapshot_identifier": "it is a name",
            "shared_accounts": "who shares it pays for no copy",
        },
    ),
}

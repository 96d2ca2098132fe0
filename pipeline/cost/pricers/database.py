"""RDS: instances of every engine, their snapshots, and RDS Proxy."""

from __future__ import annotations

import math
from collections.abc import Iterator
from decimal import Decimal

from pipeline.cost.model import CostLine
from pipeline.cost.pricers.entry import MILLIONTH, THOUSANDTH, Entry, Unpriced
from pipeline.cost.pricers.extended_support import charged_today
from pipeline.cost.pricers.vcpus import vcpus
from pipeline.cost.pricing import HOURS, Pricing, Subject, Unknown

FEWEST_PROXY_VCPUS = 2
"""RDS Proxy bills at least these. Source: https://aws.amazon.com/rds/proxy/pricing/"""

FEWEST_PROXY_ACUS = 8
"""The same for Aurora Serverless v2."""

FREE_INSIGHTS_DAYS = 7
_DAYS_OF_ADVANCED = 465
"""What Database Insights Advanced includes of Performance Insights. Source:
https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_DatabaseInsights.Considerations.html
"""
_DAYS_OF_A_MONTH = 31
"""Retention is stated in months of 31 days, or as 731 days for two years."""

BACKUP, MONITORING = "additional_backup_storage_gb", "monthly_enhanced_monitoring_gb"
SNAPSHOT = "backup_storage_gb"
CREDITS = "monthly_cpu_credit_hrs"
INSIGHTS_REQUESTS = "monthly_additional_performance_insights_requests"
_IO_REQUESTS = "monthly_standard_io_requests"

RESERVED = dict.fromkeys(
    ("reserved_instance_term", "reserved_instance_payment_option"),
    "it is priced on demand, as no reservation is in the plan",
)
"""Infracost's keys for reserved instances and nodes."""

_LARGE_GP3_GIB = {"oracle": 200}
"""Engine to the size from which gp3 stripes four volumes and includes more; else 400 GiB.

SQL Server never does. Source:
https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Storage.html
"""
_GP3_IOPS = {False: 3000, True: 12000}
_GP3_MIBPS = {False: 125, True: 500}

_STORAGE = {"standard": "magnetic"}
"""``storage_type`` to its name in the catalogue, where they differ."""

_BYOL = "bring-your-own-license"


def instance(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    """An ``aws_db_instance``: the instance, its storage, and what it writes elsewhere.

    A replica takes from the instance that it copies what it does not state itself.
    """
    source = pricing.related(subject, "replicate_source_db", "aws_db_instance")
    instance_class = str(subject.get("instance_class"))
    engine = str(_own_or_copied(subject, source, "engine"))
    multi_az = ".multi_az" if subject.get("multi_az", False) else ""
    yield pricing.fixed(
        f"instance {instance_class}{', Multi-AZ' if multi_az else ''}",
        f"{_family(subject, engine)}.instance.{instance_class}{multi_az}",
        HOURS,
    )
    yield from public_address(subject, pricing)
    if subject.get("manage_master_user_password", False):
        yield pricing.fixed("secret of the master password", "secret.month", Decimal(1))
    yield from _storage(subject, pricing, source, engine, multi_az)
    yield pricing.used(
        subject, "backup storage above the size of the database", "rds.backup", BACKUP
    )
    yield from enhanced_monitoring(subject, pricing)
    if pricing.stated(subject, CREDITS) is not None:
        cpus = vcpus(instance_class)
        yield pricing.used(subject, "CPU credits", "rds.cpu_credits", CREDITS, scale=Decimal(cpus))
    yield from insights(subject, pricing, instance_class)
    version = str(_own_or_copied(subject, source, "engine_version", ""))
    if charge := charged_today(subject, engine, version):
        cpus = vcpus(instance_class) * (2 if multi_az else 1)
        yield pricing.fixed(
            f"Extended Support of {engine} {version}",
            f"rds.extended_support.{charge}",
            cpus * HOURS,
            note="the standby counts as well" if multi_az else "",
        )


def public_address(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    """The address of what is ``publicly_accessible``.

    Source: https://aws.amazon.com/blogs/aws/new-aws-public-ipv4-address-charge-public-ip-insights/
    """
    if subject.get("publicly_accessible", False):
        yield pricing.fixed("public IPv4 address", "ipv4.in_use", HOURS)


def _own_or_copied(
    subject: Subject, source: Subject | None, path: str, default: str | None = None
) -> object:
    """An attribute that the instance takes from what it is made of, where it has none itself."""
    value = subject.get(path)
    if value is None and source is not None:
        value = source.get(path)
    if value is not None:
        return value
    if default is None:
        # A snapshot, or an instance that is not in this plan, decides.
        raise Unknown(path, subject.address)
    return default


def _family(subject: Subject, engine: str) -> str:
    """The first part of the price's key: an engine without prices has no such key."""
    if engine == "postgres":
        return "rds"
    # Of the licences that an engine can have, the catalogue holds the one that is included.
    own = engine == "oracle-se2" and subject.get("license_model", "") == _BYOL
    return f"rds.{engine}.byol" if own else f"rds.{engine}"


def _storage(
    subject: Subject, pricing: Pricing, source: Subject | None, engine: str, multi_az: str
) -> Iterator[CostLine]:
    kind = str(subject.get("storage_type", "")) or _default_storage(subject)
    kind = _STORAGE.get(kind, kind)
    _own_or_copied(subject, source, "allocated_storage")
    of = subject if source is None or subject.get("allocated_storage") is not None else source
    size = of.number("allocated_storage", 0)
    grows = subject.number("max_allocated_storage", Decimal(0))
    note = f"may grow to {grows:f} GB by itself" if grows > size else ""
    yield pricing.fixed(f"storage {kind}", f"rds.storage.{kind}{multi_az}", size, note=note)
    if kind == "magnetic":
        yield pricing.used(
            subject, "requests to the storage", "rds.io.magnetic", _IO_REQUESTS, scale=MILLIONTH
        )
    elif kind in ("io1", "io2"):
        iops = subject.number("iops", 0)
        yield pricing.fixed("provisioned IOPS", f"rds.iops.{kind}{multi_az}", iops)
    elif kind == "gp3":
        family = engine.partition("-")[0]
        large = family != "sqlserver" and size >= _LARGE_GP3_GIB.get(family, 400)
        iops = subject.number("iops", 0) - _GP3_IOPS[large]
        if iops > 0:
            yield pricing.fixed("IOPS above the included", f"rds.iops.gp3{multi_az}", iops)
        throughput = subject.number("storage_throughput", 0) - _GP3_MIBPS[large]
        if throughput > 0:
            key = f"rds.throughput.gp3{multi_az}"
            yield pricing.fixed("throughput above the included", key, throughput)


def _default_storage(subject: Subject) -> str:
    """What the provider takes where none is written.

    Source: the provider's documentation of aws_db_instance
    """
    return "io1" if subject.number("iops", 0) else "gp2"


def enhanced_monitoring(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    """What an instance with ``monitoring_interval`` writes to the log group RDSOSMetrics."""
    if subject.number("monitoring_interval", Decimal(0)) > 0:
        yield pricing.used(
            subject,
            "Enhanced Monitoring, as log data",
            "logs.ingest.standard",
            MONITORING,
            note="goes to the account's log group RDSOSMetrics",
        )


def insights(
    subject: Subject, pricing: Pricing, instance_class: str, *, parent: Subject | None = None
) -> Iterator[CostLine]:
    """Performance Insights kept longer than what is free, and Database Insights Advanced.

    Args:
        subject: an instance.
        pricing: prices and usage.
        instance_class: its class, which decides the vCPUs.
        parent: the cluster that it is in, whose settings hold for all its instances.
    """
    days = int(subject.number("performance_insights_retention_period", 0))
    enabled = subject.get("performance_insights_enabled", False)
    if parent is not None and not enabled:
        enabled = parent.get("performance_insights_enabled", False)
        days = int(parent.number("performance_insights_retention_period", 0))
    mode_of = subject if parent is None else parent
    advanced = mode_of.get("database_insights_mode", "standard") == "advanced"
    if enabled and days > (_DAYS_OF_ADVANCED if advanced else FREE_INSIGHTS_DAYS):
        cpus, months = vcpus(instance_class), math.ceil(days / _DAYS_OF_A_MONTH)
        yield pricing.fixed(
            "Performance Insights, first month", "rds.insights.first_month", Decimal(cpus)
        )
        yield pricing.fixed(
            "Performance Insights, further months",
            "rds.insights.further_month",
            Decimal(cpus * (months - 1)),
        )
    if pricing.stated(subject, INSIGHTS_REQUESTS) is not None:
        yield pricing.used(
            subject,
            "requests to Performance Insights above the free",
            "rds.insights.api",
            INSIGHTS_REQUESTS,
            scale=THOUSANDTH,
        )
    if advanced:
        yield pricing.fixed(
            "Database Insights Advanced", "rds.database_insights", vcpus(instance_class) * HOURS
        )


def snapshot(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    """An ``aws_db_snapshot``: kept until somebody deletes it."""
    yield pricing.used(subject, "snapshot", "rds.backup", SNAPSHOT)


def proxy(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    """An ``aws_db_proxy``: by the vCPUs of the database behind it."""
    targets = pricing.referring(subject, "aws_db_proxy_target", "db_proxy_name")
    cpus, serverless = 0, False
    for target in targets:
        database = pricing.related(target, "db_instance_identifier", "aws_db_instance")
        if database is not None:
            cpus += vcpus(str(database.get("instance_class")))
        for member in _members(target, pricing):
            if member == "db.serverless":
                serverless = True
            else:
                cpus += vcpus(member)
    if serverless:
        yield pricing.used(
            subject,
            "proxy of a serverless database",
            "rds.proxy.serverless",
            "capacity_units_per_hr",
            scale=HOURS,
            default=Decimal(FEWEST_PROXY_ACUS),
            note=f"at least {FEWEST_PROXY_ACUS} capacity units are billed",
        )
        return
    billed = max(cpus, FEWEST_PROXY_VCPUS)
    note = f"{billed} vCPU of the database behind it"
    if not cpus:
        note = f"no database found behind it: the least that is billed, {billed} vCPU"
    yield pricing.fixed("proxy", "rds.proxy", billed * HOURS, note=note)


def _members(target: Subject, pricing: Pricing) -> Iterator[str]:
    cluster = pricing.related(target, "db_cluster_identifier", "aws_rds_cluster")
    if cluster is None:
        return
    for member in pricing.referring(cluster, "aws_rds_cluster_instance", "cluster_identifier"):
        yield str(member.get("instance_class"))


_SETTING = "a setting of the engine or of the network costs nothing"
_UPDATES = "AWS does not bill what an update needs meanwhile, except a blue/green copy"
DOMAIN = "the directory is billed, and not who signs in with it"
COMMON_FREE = {
    "allow_major_version_upgrade": "an upgrade itself costs nothing",
    "backup_retention_period": "the size of the database is free; the usage states what is above",
    "delete_automated_backups": "it only ends storage",
    "enabled_cloudwatch_logs_exports": "CloudWatch bills the log group that they go to",
    "iam_database_authentication_enabled": "permissions cost nothing",
    "network_type": _SETTING,
    "snapshot_identifier": "it is what the database starts with",
    "restore_to_point_in_time": "it is what the database starts with",
    "s3_import": "it is what the database starts with",
}
"""Free in instances and in clusters."""

ENTRIES: dict[str, Entry] = {
    "aws_db_instance": Entry(
        instance,
        frozenset({BACKUP, MONITORING, CREDITS, INSIGHTS_REQUESTS, _IO_REQUESTS}),
        free={
            **COMMON_FREE,
            **dict.fromkeys(
                (
                    "ca_cert_identifier",
                    "character_set_name",
                    "db_name",
                    "identifier",
                    "nchar_character_set_name",
                    "option_group_name",
                    "parameter_group_name",
                    "replica_mode",
                    "timezone",
                ),
                _SETTING,
            ),
            **dict.fromkeys(
                ("domain", "domain_auth_secret_arn", "domain_dns_ips", "domain_fqdn", "domain_ou"),
                DOMAIN,
            ),
            **dict.fromkeys(
                ("domain_iam_role_name", "custom_iam_instance_profile"), "permissions cost nothing"
            ),
            **dict.fromkeys(
                ("auto_minor_version_upgrade", "backup_window", "maintenance_window"), _UPDATES
            ),
            "blue_green_update": "its copy is billed for the time of an update only",
            "master_user_secret_kms_key_id": "the key is billed, as aws_kms_key",
            **dict.fromkeys(
                ("password", "password_wo", "password_wo_version", "username"),
                "it is a credential of the engine",
            ),
            "upgrade_storage_config": "it is for the start of a replica",
        },
        unpriced={
            "backup_target": Unpriced("backups on an Outpost", ("region",)),
            "customer_owned_ip_enabled": Unpriced("an instance on an Outpost"),
            "dedicated_log_volume": Unpriced("a volume of 1,000 GiB for the logs"),
        },
        other_usage_keys=RESERVED,
    ),
    "aws_db_snapshot": Entry(
        snapshot,
        frozenset({SNAPSHOT}),
        free={
            "db_instance_identifier": "it is what is copied",
            "db_snapshot_identifier": "it is a name",
            "shared_accounts": "who shares it pays for no copy",
        },
    ),
    "aws_db_proxy": Entry(
        proxy,
        frozenset({"capacity_units_per_hr"}),
        free={
            "auth": "the secret is billed, and not its use",
            "debug_logging": "CloudWatch bills the log group that it goes to",
            **dict.fromkeys(
                (
                    "engine_family",
                    "idle_client_timeout",
                    "name",
                    "require_tls",
                    "vpc_subnet_ids",
                ),
                _SETTING,
            ),
        },
    ),
}

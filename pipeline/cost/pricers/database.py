"""RDS for PostgreSQL and RDS Proxy."""

from __future__ import annotations

import math
from collections.abc import Iterator
from decimal import Decimal

from pipeline.cost.model import CostLine
from pipeline.cost.pricers.entry import Entry
from pipeline.cost.pricers.vcpus import vcpus
from pipeline.cost.pricing import HOURS, Pricing, Subject

FEWEST_PROXY_VCPUS = 2
"""RDS Proxy bills at least these. Source: https://aws.amazon.com/rds/proxy/pricing/"""

FEWEST_PROXY_ACUS = 8
"""The same for Aurora Serverless v2."""

FREE_INSIGHTS_DAYS = 7
_DAYS_OF_A_MONTH = 31
"""Retention is stated in months of 31 days, or as 731 days for two years."""

_LARGE_GP3_GIB = 400
"""From this size on gp3 stripes four volumes and includes more.

Source: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Storage.html
"""
_GP3_IOPS = {False: 3000, True: 12000}
_GP3_MIBPS = {False: 125, True: 500}


def instance(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    """An ``aws_db_instance``: the instance, its storage, and what it writes elsewhere."""
    instance_class = str(subject.get("instance_class"))
    engine = str(subject.get("engine", "postgres"))
    multi_az = ".multi_az" if subject.get("multi_az", False) else ""
    # Another engine has other prices: its key is not in the catalogue, and the estimate says so.
    family = "rds" if engine == "postgres" else f"rds.{engine}"
    yield pricing.fixed(
        f"instance {instance_class}{', Multi-AZ' if multi_az else ''}",
        f"{family}.instance.{instance_class}{multi_az}",
        HOURS,
    )
    if subject.get("manage_master_user_password", False):
        yield pricing.fixed("secret of the master password", "secret.month", Decimal(1))
    yield from _storage(subject, pricing, multi_az)
    yield pricing.used(
        subject,
        "backup storage above the size of the database",
        "rds.backup",
        "additional_backup_storage_gb",
    )
    yield from _monitoring(subject, pricing)
    yield from insights(subject, pricing, instance_class)


def _storage(subject: Subject, pricing: Pricing, multi_az: str) -> Iterator[CostLine]:
    kind = str(subject.get("storage_type", "gp2"))
    size = subject.number("allocated_storage", Decimal(0))
    grows = subject.number("max_allocated_storage", Decimal(0))
    note = f"may grow to {grows:f} GB by itself" if grows > size else ""
    yield pricing.fixed(f"storage {kind}", f"rds.storage.{kind}{multi_az}", size, note=note)
    if kind != "gp3":
        return
    large = size >= _LARGE_GP3_GIB
    iops = Decimal(subject.get("iops", 0) or 0) - _GP3_IOPS[large]
    if iops > 0:
        yield pricing.fixed("IOPS above the included", f"rds.iops.gp3{multi_az}", iops)
    throughput = Decimal(subject.get("storage_throughput", 0) or 0) - _GP3_MIBPS[large]
    if throughput > 0:
        key = f"rds.throughput.gp3{multi_az}"
        yield pricing.fixed("throughput above the included", key, throughput)


def _monitoring(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    if subject.number("monitoring_interval", Decimal(0)) > 0:
        yield pricing.used(
            subject,
            "Enhanced Monitoring, as log data",
            "logs.ingest.standard",
            "monthly_enhanced_monitoring_gb",
            note="goes to the account's log group RDSOSMetrics",
        )


def insights(subject: Subject, pricing: Pricing, instance_class: str) -> Iterator[CostLine]:
    """Performance Insights kept longer than what is free, and Database Insights Advanced."""
    days = int(subject.get("performance_insights_retention_period", 0) or 0)
    if subject.get("performance_insights_enabled", False) and days > FREE_INSIGHTS_DAYS:
        cpus, months = vcpus(instance_class), math.ceil(days / _DAYS_OF_A_MONTH)
        yield pricing.fixed(
            "Performance Insights, first month", "rds.insights.first_month", Decimal(cpus)
        )
        yield pricing.fixed(
            "Performance Insights, further months",
            "rds.insights.further_month",
            Decimal(cpus * (months - 1)),
        )
    if subject.get("database_insights_mode", "standard") == "advanced":
        yield pricing.fixed(
            "Database Insights Advanced", "rds.database_insights", vcpus(instance_class) * HOURS
        )


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


ENTRIES: dict[str, Entry] = {
    "aws_db_instance": Entry(
        instance,
        frozenset({"additional_backup_storage_gb", "monthly_enhanced_monitoring_gb"}),
    ),
    "aws_db_proxy": Entry(proxy, frozenset({"capacity_units_per_hr"})),
}

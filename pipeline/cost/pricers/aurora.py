"""Aurora PostgreSQL: clusters, instances and serverless capacity."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from pipeline.cost.model import CostLine
from pipeline.cost.pricers.database import insights
from pipeline.cost.pricers.entry import MILLIONTH, Entry
from pipeline.cost.pricing import HOURS, Pricing, Subject

SERVERLESS = "db.serverless"
_IO_OPTIMIZED = "aurora-iopt1"
_SECONDS = HOURS * 3600
_ENGINE = "aurora-postgresql"


def cluster(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    """An ``aws_rds_cluster``: what all its instances share."""
    family = _family(str(subject.get("engine")))
    optimized = _optimized(subject)
    yield pricing.used(subject, "storage", f"{family}.storage{optimized}", "storage_gb")
    if not optimized:
        for direction in ("read", "write"):
            yield pricing.used(
                subject,
                f"{direction} requests to the storage",
                f"{family}.io",
                f"{direction}_requests_per_sec",
                scale=_SECONDS * MILLIONTH,
            )
    yield pricing.used(
        subject, "backup storage above the free", f"{family}.backup", "backup_snapshot_size_gb"
    )
    if subject.get("manage_master_user_password", False):
        yield pricing.fixed("secret of the master password", "secret.month", Decimal(1))


def instance(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    """An ``aws_rds_cluster_instance``: an instance by the hour, or capacity units."""
    parent = pricing.related(subject, "cluster_identifier", "aws_rds_cluster")
    family = _family(str(subject.get("engine")))
    optimized = _optimized(parent) if parent is not None else ""
    instance_class = str(subject.get("instance_class"))
    if instance_class == SERVERLESS:
        least = Decimal(0)
        if parent is not None:
            least = parent.number("serverlessv2_scaling_configuration.0.min_capacity", least)
        yield pricing.used(
            subject,
            "capacity units",
            f"{family}.serverless{optimized}",
            "capacity_units_per_hr",
            scale=HOURS,
            default=least,
            note="without a stated usage the least capacity",
        )
        return
    yield pricing.fixed(
        f"instance {instance_class}", f"{family}.instance.{instance_class}{optimized}", HOURS
    )
    yield from insights(subject, pricing, instance_class)


def _family(engine: str) -> str:
    # Another engine has other prices: its key is not in the catalogue, and the estimate says so.
    return "aurora" if engine == _ENGINE else f"rds.{engine}"


def _optimized(subject: Subject) -> str:
    return ".io_optimized" if subject.get("storage_type", "") == _IO_OPTIMIZED else ""


ENTRIES: dict[str, Entry] = {
    "aws_rds_cluster": Entry(
        cluster,
        frozenset(
            {
                "storage_gb",
                "read_requests_per_sec",
                "write_requests_per_sec",
                "backup_snapshot_size_gb",
            }
        ),
    ),
    "aws_rds_cluster_instance": Entry(instance, frozenset({"capacity_units_per_hr"})),
}

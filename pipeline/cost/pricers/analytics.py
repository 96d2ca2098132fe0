"""Glue, Athena and Redshift."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from pipeline.cost.model import CostLine
from pipeline.cost.pricers.database import RESERVED, public_address
from pipeline.cost.pricers.entry import HUNDRED_THOUSANDTH, MILLIONTH, Entry, Unpriced
from pipeline.cost.pricing import HOURS, Pricing, Subject

RUN = "monthly_hours"
OBJECTS, REQUESTS = "monthly_objects", "monthly_requests"
SCANNED, SPARK = "monthly_data_scanned_tb", "monthly_spark_dpu_hours"
MANAGED, BACKUP = "managed_storage_gb", "backup_storage_gb"
CONCURRENCY, SPECTRUM = "excess_concurrency_scaling_secs", "spectrum_data_scanned_tb"

_DPUS = {
    "G.025X": Decimal("0.25"),
    "Standard": Decimal(1),
    "G.1X": Decimal(1),
    "G.2X": Decimal(2),
    "G.4X": Decimal(4),
    "G.8X": Decimal(8),
    "Z.2X": Decimal(2),
}
"""DPUs of a worker; those of other types have prices of their own.

Source: https://docs.aws.amazon.com/glue/latest/dg/add-job.html
"""
_DEFAULT_DPUS = {"pythonshell": Decimal("0.0625")}
"""What a job has that states none; else 10. Source:
https://docs.aws.amazon.com/glue/latest/webapi/API_CreateJob.html
"""


def job(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    """An ``aws_glue_job``: DPUs for as long as it runs."""
    command = str(subject.get("command.0.name", "glueetl"))
    worker = str(subject.get("worker_type", ""))
    if worker:
        dpus = _DPUS.get(worker, Decimal(1)) * subject.number("number_of_workers", 0)
    else:
        dpus = subject.number("max_capacity", _DEFAULT_DPUS.get(command, Decimal(10)))
    flex = subject.get("execution_class", "STANDARD") == "FLEX"
    key = "glue.dpu.flex" if flex else "glue.dpu.ray" if command == "glueray" else "glue.dpu"
    if worker and worker not in _DPUS:
        key = f"glue.worker.{worker}"
    yield pricing.used(subject, f"{dpus:f} DPUs", key, RUN, scale=dpus)


def crawler(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    """An ``aws_glue_crawler``: the usage states the hours of all its DPUs."""
    yield pricing.used(
        subject, "DPU-hours", "glue.crawler", RUN, note="10 minutes a run at least are billed"
    )


def catalog_database(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    """An ``aws_glue_catalog_database``: objects and requests above the free million of each."""
    key = "glue.catalog.object"
    yield pricing.used(subject, "objects", key, OBJECTS, scale=HUNDRED_THOUSANDTH)
    yield pricing.used(subject, "requests", "glue.catalog.request", REQUESTS, scale=MILLIONTH)


def workgroup(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    """An ``aws_athena_workgroup``: what its queries read, or DPU-hours of Spark."""
    engine = "configuration.0.engine_version.0.selected_engine_version"
    if str(subject.get(engine, "AUTO")).startswith("PySpark"):
        yield pricing.used(subject, "Spark", "athena.spark_dpu", SPARK)
    elif not subject.get("configuration.0.requester_pays_enabled", False):
        yield pricing.used(subject, "data scanned", "athena.scan", SCANNED)
    else:
        yield pricing.used(
            subject,
            "data scanned",
            "athena.scan",
            SCANNED,
            note="the requester pays for what is read of S3, and not for the query",
        )


def capacity(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    """An ``aws_athena_capacity_reservation``."""
    dpus = subject.number("target_dpus", 0)
    yield pricing.fixed(f"{dpus:f} DPUs", "athena.provisioned_dpu", dpus * HOURS)


def warehouse(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    """An ``aws_redshift_cluster``: its nodes, and what it holds and reads elsewhere."""
    kind = str(subject.get("node_type"))
    nodes, key = subject.number("number_of_nodes", 1), f"redshift.node.{kind}"
    yield pricing.fixed(f"{nodes:f} node(s) {kind}", key, nodes * HOURS)
    if kind.startswith("ra3"):
        yield pricing.used(subject, "managed storage", "redshift.storage.managed", MANAGED)
    if pricing.stated(subject, CONCURRENCY) is not None:
        scale = nodes / 3600
        yield pricing.used(subject, "concurrency scaling", key, CONCURRENCY, scale=scale)
    if pricing.stated(subject, SPECTRUM) is not None:
        yield pricing.used(subject, "data that Spectrum scans", "redshift.spectrum", SPECTRUM)
    yield pricing.used(subject, "backup storage", "redshift.backup", BACKUP)
    yield from public_address(subject, pricing)
    if subject.get("manage_master_password", False):
        yield pricing.fixed("secret of the master password", "secret.month", 1)


_SETTING = "a setting of the engine or of the network costs nothing"
_SCRIPT = "the job is billed by its DPUs and the time that it runs"
_CRAWLS = "the crawler is billed by the time that it runs"

ENTRIES: dict[str, Entry] = {
    "aws_athena_capacity_reservation": Entry(capacity, free={"name": "it is a name"}),
    "aws_athena_workgroup": Entry(
        workgroup,
        frozenset({SCANNED, SPARK}),
        free={
            **dict.fromkeys(
                (
                    "configuration.bytes_scanned_cutoff_per_query",
                    "configuration.enforce_workgroup_configuration",
                    "configuration.execution_role",
                    "name",
                    "state",
                ),
                _SETTING,
            ),
            "configuration.publish_cloudwatch_metrics_enabled": "metrics of AWS's services under "
            "AWS/ cost nothing: https://docs.aws.amazon.com/athena/latest/ug/query-metrics-viewing.html",
            "configuration.result_configuration": "the bucket is billed",
        },
    ),
    "aws_glue_catalog_database": Entry(
        catalog_database,
        frozenset({OBJECTS, REQUESTS}),
        free=dict.fromkeys(
            (
                "catalog_id",
                "create_table_default_permission",
                "federated_database",
                "location_uri",
                "name",
                "parameters",
                "target_database",
            ),
            "the catalogue is billed by its objects and requests",
        ),
    ),
    "aws_glue_crawler": Entry(
        crawler,
        frozenset({RUN}),
        free=dict.fromkeys(
            (
                "catalog_target",
                "classifiers",
                "configuration",
                "database_name",
                "delta_target",
                "dynamodb_target",
                "hudi_target",
                "iceberg_target",
                "jdbc_target",
                "lake_formation_configuration",
                "lineage_configuration",
                "mongodb_target",
                "name",
                "recrawl_policy",
                "s3_target",
                "schedule",
                "schema_change_policy",
                "security_configuration",
                "table_prefix",
            ),
            _CRAWLS,
        ),
    ),
    "aws_glue_job": Entry(
        job,
        frozenset({RUN}),
        free=dict.fromkeys(
            (
                "command.python_version",
                "command.runtime",
                "command.script_location",
                "connections",
                "default_arguments",
                "execution_property",
                "glue_version",
                "job_run_queuing_enabled",
                "maintenance_window",
                "max_retries",
                "name",
                "non_overridable_arguments",
                "notification_property",
                "security_configuration",
                "source_control_details",
                "timeout",
            ),
            _SCRIPT,
        ),
    ),
    "aws_redshift_cluster": Entry(
        warehouse,
        frozenset({MANAGED, BACKUP, CONCURRENCY, SPECTRUM}),
        free={
            **dict.fromkeys(
                (
                    "aqua_configuration_status",
                    "availability_zone_relocation_enabled",
                    "cluster_identifier",
                    "cluster_parameter_group_name",
                    "cluster_public_key",
                    "cluster_revision_number",
                    "cluster_subnet_group_name",
                    "cluster_type",
                    "cluster_version",
                    "database_name",
                    "default_iam_role_arn",
                    "elastic_ip",
                    "encrypted",
                    "endpoint",
                    "enhanced_vpc_routing",
                    "iam_roles",
                    "master_password",
                    "master_password_secret_kms_key_id",
                    "master_password_wo",
                    "master_password_wo_version",
                    "master_username",
                    "owner_account",
                ),
                _SETTING,
            ),
            **dict.fromkeys(
                (
                    "allow_version_upgrade",
                    "maintenance_track_name",
                    "preferred_maintenance_window",
                ),
                "it is when AWS does what costs nothing itself",
            ),
            **dict.fromkeys(
                ("snapshot_arn", "snapshot_cluster_identifier", "snapshot_identifier"),
                "it is what the cluster starts with",
            ),
            **dict.fromkeys(
                ("automated_snapshot_retention_period", "manual_snapshot_retention_period"),
                "the usage states the backup storage",
            ),
            "logging": "the bucket or the log group is billed",
        },
        unpriced={
            "multi_az": Unpriced("nodes in a second zone"),
            "snapshot_copy": Unpriced("copies of snapshots in another region"),
        },
        other_usage_keys=RESERVED,
    ),
}

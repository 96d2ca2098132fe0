"""RDS of every engine, Aurora and DynamoDB, priced by hand; us-east-1 unless a case says it."""

from __future__ import annotations

from typing import Any

from tests.pipeline.cost.pricers.support import REGION, Case, resource

HOME, EAST = REGION, "us-east-1"
POSTGRES = {
    "engine": "postgres",
    "instance_class": "db.t3.large",
    "allocated_storage": 20,
    "storage_type": "gp2",
    "multi_az": False,
}
NO_BACKUP = {"additional_backup_storage_gb": "0"}
FREE_BACKUP = {"backup storage above the size of the database": "0"}
AURORA = {"engine": "aurora-mysql", "engine_mode": "provisioned"}
QUIET = {"storage_gb": "0", "read_requests_per_sec": "0", "write_requests_per_sec": "0"}
QUIET_LINES = {
    "storage": "0",
    "read requests to the storage": "0",
    "write requests to the storage": "0",
}


def database(name: str, changes: dict[str, Any], lines: dict[str, str], **more: Any) -> Case:
    return Case(
        name=name,
        of=resource("aws_db_instance.d", {**POSTGRES, **changes}),
        usage={**NO_BACKUP, **more.pop("usage", {})},
        monthly={**lines, **FREE_BACKUP},
        region=more.pop("region", EAST),
        **more,
    )


def cluster(name: str, values: dict[str, Any], usage: dict[str, str], lines: Any) -> Case:
    return Case(
        name=name,
        of=resource("aws_rds_cluster.c", values),
        usage={**QUIET, **usage},
        monthly={**QUIET_LINES, **lines},
        region=EAST,
    )


def member(name: str, values: dict[str, Any], parent: dict[str, Any], **more: Any) -> Case:
    return Case(
        name=name,
        of=resource(
            "aws_rds_cluster_instance.i",
            {"engine": "aurora-mysql", **values},
            references={"cluster_identifier": ("aws_rds_cluster.c",)},
        ),
        beside=(resource("aws_rds_cluster.c", {**AURORA, **parent}),),
        **{"region": EAST, **more},
    )


TABLE = {
    "billing_mode": "PROVISIONED",
    "read_capacity": 30,
    "write_capacity": 20,
    "replica": [{"region_name": HOME, "point_in_time_recovery": True}],
}
ON_DEMAND = {
    "billing_mode": "PAY_PER_REQUEST",
    "table_class": "STANDARD",
    "stream_enabled": True,
    "replica": [{"region_name": HOME}],
}

CASES = (
    database(
        "rds-without-a-word-on-multi-az",
        {"instance_class": "db.r6g.large", "storage_type": "gp3", "allocated_storage": 500},
        # 730 x 0.225, and 500 x 0.115
        {"instance db.r6g.large": "164.25", "storage gp3": "57.5"},
    ),
    database(
        "rds-mysql",
        {"engine": "mysql", "engine_version": "8.4.5"},
        {"instance db.t3.large": "99.28", "storage gp2": "2.3"},  # 730 x 0.136, 20 x 0.115
    ),
    database(
        "rds-mysql-multi-az",
        {"engine": "mysql", "multi_az": True},
        # 730 x 0.272, 20 x 0.23
        {"instance db.t3.large, Multi-AZ": "198.56", "storage gp2": "4.6"},
    ),
    database(
        "rds-mariadb-of-any-age",
        {"engine": "mariadb", "engine_version": "10.4"},
        {"instance db.t3.large": "99.28", "storage gp2": "2.3"},
    ),
    database(
        "rds-sql-server-never-stripes-its-disks",
        {
            "engine": "sqlserver-ex",
            "license_model": "license-included",
            "storage_type": "gp3",
            "allocated_storage": 500,
            "iops": 4000,
            "storage_throughput": 225,
        },
        {
            "instance db.t3.large": "118.26",  # 730 x 0.162
            "storage gp3": "57.5",  # 500 x 0.115
            "IOPS above the included": "20",  # (4000 - 3000) x 0.02
            "throughput above the included": "8",  # (225 - 125) x 0.08
        },
    ),
    database(
        "rds-oracle-stripes-its-disks-early",
        {
            "engine": "oracle-se2",
            "license_model": "license-included",
            "storage_type": "gp3",
            "allocated_storage": 200,
            "iops": 12000,
        },
        {"instance db.t3.large": "219", "storage gp3": "23"},  # 730 x 0.30, 200 x 0.115
    ),
    database(
        "rds-provisioned-iops-multi-az",
        {"storage_type": "io1", "allocated_storage": 100, "iops": 3000, "multi_az": True},
        {
            "instance db.t3.large, Multi-AZ": "211.7",  # 730 x 0.29
            "storage io1": "25",  # 100 x 0.25
            "provisioned IOPS": "600",  # 3000 x 0.2
        },
    ),
    *(
        database(
            f"rds-io2-{zones}",
            {
                "storage_type": "io2",
                "allocated_storage": 100,
                "iops": 3000,
                "multi_az": zones == "multi-az",
            },
            lines,
            region=HOME,
        )
        for zones, lines in (
            (
                "single-az",
                {
                    "instance db.t3.large": "163.52",  # 730 x 0.224
                    "storage io2": "13.8",  # 100 x 0.138
                    "provisioned IOPS": "330",  # 3000 x 0.11
                },
            ),
            (
                "multi-az",
                {
                    "instance db.t3.large, Multi-AZ": "327.04",  # 730 x 0.448
                    "storage io2": "27.6",  # 100 x 0.276
                    "provisioned IOPS": "660",  # 3000 x 0.22
                },
            ),
        )
    ),
    database(
        "rds-iops-without-a-kind-of-storage-are-io1",
        {"storage_type": None, "allocated_storage": 100, "iops": 1000},
        {
            "instance db.t3.large": "105.85",  # 730 x 0.145
            "storage io1": "12.5",  # 100 x 0.125
            "provisioned IOPS": "100",  # 1000 x 0.1
        },
    ),
    *(
        database(
            f"rds-throughput-of-gp3-{zones}",
            {
                "storage_type": "gp3",
                "allocated_storage": 400,
                "storage_throughput": 600,
                "multi_az": zones == "multi-az",
            },
            lines,
            region=HOME,
        )
        for zones, lines in (
            (
                "single-az",
                {
                    "instance db.t3.large": "163.52",  # 730 x 0.224
                    "storage gp3": "55.2",  # 400 x 0.138
                    "throughput above the included": "9.6",  # (600 - 500) x 0.096
                },
            ),
            (
                "multi-az",
                {
                    "instance db.t3.large, Multi-AZ": "327.04",  # 730 x 0.448
                    "storage gp3": "110.4",
                    "throughput above the included": "19.2",
                },
            ),
        )
    ),
    database(
        "rds-magnetic",
        {"storage_type": "standard", "allocated_storage": 100},
        {
            "instance db.t3.large": "105.85",
            "storage magnetic": "10",  # 100 x 0.10
            "requests to the storage": "0.5",  # 5 million x 0.10
        },
        usage={"monthly_standard_io_requests": "5000000"},
    ),
    database(
        "rds-magnetic-multi-az",
        {"storage_type": "standard", "allocated_storage": 100, "multi_az": True},
        {
            "instance db.t3.large, Multi-AZ": "211.7",
            "storage magnetic": "20",  # 100 x 0.20
            "requests to the storage": "0",
        },
        usage={"monthly_standard_io_requests": "0"},
    ),
    database(
        "rds-postgres-11-in-extended-support",
        {"engine_version": "11.22", "multi_az": True},
        {
            "instance db.t3.large, Multi-AZ": "211.7",
            "storage gp2": "4.6",
            # 2 vCPU of each of two instances x 730 x 0.20, year 3 since 2026-04
            "Extended Support of postgres 11.22": "584",
        },
    ),
    database(
        "rds-that-will-not-be-extended",
        {
            "engine_version": "11.22",
            "engine_lifecycle_support": "open-source-rds-extended-support-disabled",
        },
        {"instance db.t3.large": "105.85", "storage gp2": "2.3"},
    ),
    database(
        "rds-with-credits-and-requests",
        {},
        {
            "instance db.t3.large": "105.85",
            "storage gp2": "2.3",
            "CPU credits": "4.5",  # 30 hours x 2 vCPU x 0.075
            # 12.345 x 0.01
            "requests to Performance Insights above the free": "0.12345",
        },
        usage={
            "monthly_cpu_credit_hrs": "30",
            "monthly_additional_performance_insights_requests": "12345",
        },
    ),
    database(
        "rds-with-insights-that-hold-the-retention",
        {
            "performance_insights_enabled": True,
            "performance_insights_retention_period": 465,
            "database_insights_mode": "advanced",
        },
        {
            "instance db.t3.large": "163.52",
            "storage gp2": "2.76",
            "Database Insights Advanced": "18.25",  # 2 vCPU x 730 x 0.0125
        },
        region=HOME,
    ),
    database(
        "rds-with-a-public-address",
        {"publicly_accessible": True},
        # 730 x 0.005
        {"instance db.t3.large": "105.85", "public IPv4 address": "3.65", "storage gp2": "2.3"},
    ),
    Case(
        name="rds-replica-is-as-the-database-that-it-copies",
        of=resource(
            "aws_db_instance.r",
            {"instance_class": "db.t3.large", "replicate_source_db": "d"},
        ),
        beside=(
            resource(
                "aws_db_instance.d",
                {**POSTGRES, "identifier": "d", "engine": "mysql", "engine_version": "8.4"},
            ),
        ),
        usage=NO_BACKUP,
        region=EAST,
        monthly={"instance db.t3.large": "99.28", "storage gp2": "2.3", **FREE_BACKUP},
    ),
    Case(
        name="rds-snapshot",
        of=resource("aws_db_snapshot.s", {"db_instance_identifier": "d"}),
        usage={"backup_storage_gb": "100"},
        region=EAST,
        monthly={"snapshot": "9.5"},  # 100 x 0.095
    ),
    Case(
        name="aurora-snapshot",
        of=resource("aws_db_cluster_snapshot.s", {"db_cluster_identifier": "c"}),
        usage={"backup_storage_gb": "100"},
        region=EAST,
        monthly={"snapshot": "2.1"},  # 100 x 0.021
    ),
    cluster(
        "aurora-serverless-v1-at-its-least",
        {
            "engine": "aurora-postgresql",
            "engine_mode": "serverless",
            "scaling_configuration": [{"min_capacity": 8, "max_capacity": 64}],
            "storage_type": "",
        },
        {},
        {"capacity units, Serverless v1": "350.4"},  # 8 ACU x 730 x 0.06
    ),
    cluster(
        "aurora-serverless-v1-as-stated",
        {"engine": "aurora-mysql", "engine_mode": "serverless"},
        {"capacity_units_per_hr": "5"},
        {"capacity units, Serverless v1": "219"},  # 5 x 730 x 0.06
    ),
    cluster(
        "aurora-mysql-with-all-that-is-kept",
        {**AURORA, "backup_retention_period": 5, "backtrack_window": 86400},
        {
            "backup_snapshot_size_gb": "200",
            "snapshot_export_size_gb": "100",
            "average_statements_per_hr": "10000",
            "change_records_per_statement": "0.5",
        },
        {
            "backup storage above the free": "16.8",  # 4 of 5 days x 200 x 0.021
            "snapshots exported to S3": "1",  # 100 x 0.01
            # 10000 statements x 0.5 records x 24 hours kept = 120000, x 730 hours x 0.012 a million
            "changes kept for backtrack": "1.0512",
        },
    ),
    cluster(
        "aurora-backtrack-of-a-stated-window",
        {**AURORA, "backtrack_window": 86400},
        {
            "average_statements_per_hr": "10000",
            "change_records_per_statement": "0.5",
            "backtrack_window_hrs": "12",
        },
        {"changes kept for backtrack": "0.5256"},
    ),
    cluster(
        "aurora-backtrack-of-which-nothing-is-stated",
        {**AURORA, "backtrack_window": 86400},
        {},
        {"changes kept for backtrack": None},
    ),
    cluster(
        "aurora-of-a-global-cluster",
        {**AURORA, "global_cluster_identifier": "g"},
        {"monthly_replicated_write": "5000000"},
        {"writes replicated to it or from it": "1"},  # 5 x 0.20
    ),
    member(
        "aurora-mysql-instance",
        {"instance_class": "db.t3.large", "monitoring_interval": 60, "publicly_accessible": True},
        {},
        usage={"monthly_cpu_credit_hrs": "30", "monthly_enhanced_monitoring_gb": "2"},
        monthly={
            "instance db.t3.large": "119.72",  # 730 x 0.164
            "CPU credits": "5.4",  # 30 hours x 2 vCPU x 0.09
            "public IPv4 address": "3.65",
            "Enhanced Monitoring, as log data": "1",  # 2 x 0.50
        },
    ),
    member(
        "aurora-old-postgres",
        {"engine": "aurora-postgresql", "instance_class": "db.t3.large"},
        {"engine_version": "11.9", "database_insights_mode": "advanced"},
        monthly={
            "instance db.t3.large": "119.72",
            "Database Insights Advanced": "18.25",  # 2 vCPU x 730 x 0.0125
            "Extended Support of aurora-postgresql 11.9": "292",  # 2 vCPU x 730 x 0.20
        },
    ),
    member(
        "aurora-insights-of-the-cluster",
        {"instance_class": "db.t3.large"},
        {"performance_insights_enabled": True, "performance_insights_retention_period": 31},
        region=EAST,
        monthly={
            "instance db.t3.large": "119.72",
            "Performance Insights, first month": "3",  # 2 vCPU x 1.50
            "Performance Insights, further months": "0",
        },
    ),
    *(
        member(
            f"aurora-serverless-in-extended-support-{name}",
            {
                "engine": "aurora-postgresql",
                "instance_class": "db.serverless",
                "engine_version": version,
            },
            {"serverlessv2_scaling_configuration": [{"min_capacity": 2}]},
            monthly={
                "capacity units": "175.2",  # 2 ACU x 730 x 0.12
                f"Extended Support of aurora-postgresql {version}": extended,
            },
        )
        for name, version, extended in (
            ("year-3", "11.9", "248.2"),  # 2 ACU x 730 x 0.17
        )
    ),
    member(
        "aurora-mysql-2-has-no-year-3",
        {
            "instance_class": "db.serverless",
            "engine_version": "5.7.mysql_aurora.2.11.4",
        },
        {"serverlessv2_scaling_configuration": [{"min_capacity": 2}]},
        monthly={
            "capacity units": "175.2",
            # 2 ACU x 730 x 0.085
            "Extended Support of aurora-mysql 5.7.mysql_aurora.2.11.4": "124.1",
        },
    ),
    member(
        "aurora-mysql-2-by-vcpu",
        {"instance_class": "db.t3.large"},
        {"engine_version": "5.7.mysql_aurora.2.11.4"},
        monthly={
            "instance db.t3.large": "119.72",
            # 2 vCPU x 730 x 0.10
            "Extended Support of aurora-mysql 5.7.mysql_aurora.2.11.4": "146",
        },
    ),
    Case(
        name="table-with-a-replica",
        of=resource("aws_dynamodb_table.t", TABLE),
        usage={"storage_gb": "10", "pitr_backup_storage_gb": "10"},
        region=EAST,
        monthly={
            "write capacity": "9.49",  # 20 x 730 x 0.00065, replicated
            "read capacity": "2.847",  # 30 x 730 x 0.00013
            "storage": "2.5",  # 10 x 0.25
            "write capacity in ap-southeast-1": "10.804",  # 20 x 730 x 0.00074
            "read capacity in ap-southeast-1": "3.2412",  # 30 x 730 x 0.000148
            "storage in ap-southeast-1": "2.85",  # 10 x 0.285
            "point-in-time recovery in ap-southeast-1": "2.28",  # 10 x 0.228
        },
    ),
    Case(
        name="table-on-demand-with-all-that-may-be-used",
        of=resource("aws_dynamodb_table.t", ON_DEMAND),
        usage={
            "monthly_write_request_units": "2000000",
            "monthly_read_request_units": "4000000",
            "storage_gb": "10",
            "on_demand_backup_storage_gb": "10",
            "monthly_data_restored_gb": "10",
            "monthly_streams_read_request_units": "1000000",
        },
        region=EAST,
        monthly={
            "write units": "1.25",  # 2 x 0.625, replicated
            "read units": "0.5",  # 4 x 0.125
            "storage": "2.5",
            "backups on demand": "1",  # 10 x 0.10
            "data restored": "1.5",  # 10 x 0.15
            "stream reads": "0.2",
            "replicated writes in ap-southeast-1": "1.42",  # 2 x 0.71
            "storage in ap-southeast-1": "2.85",
        },
    ),
    Case(
        name="table-for-what-is-seldom-read",
        of=resource(
            "aws_dynamodb_table.t",
            {
                "table_class": "STANDARD_INFREQUENT_ACCESS",
                "read_capacity": 10,
                "write_capacity": 10,
            },
        ),
        usage={"storage_gb": "100"},
        region=EAST,
        monthly={
            "write capacity": "5.913",  # 10 x 730 x 0.00081
            "read capacity": "1.168",  # 10 x 730 x 0.00016
            "storage": "10",  # 100 x 0.10
        },
    ),
    *(
        Case(
            name=f"table-replica-{name}",
            of=resource(
                "aws_dynamodb_table_replica.r",
                {"table_class_override": "STANDARD_INFREQUENT_ACCESS", **own},
                references={"global_table_arn": ("aws_dynamodb_table.t",)},
            ),
            beside=(resource("aws_dynamodb_table.t", table),),
            usage={
                "monthly_write_request_units": "1000000",
                "storage_gb": "100",
                "pitr_backup_storage_gb": "10",
            },
            region=EAST,
            monthly=lines,
        )
        for name, own, table, lines in (
            (
                "on-demand",
                {"point_in_time_recovery": True},
                {"billing_mode": "PAY_PER_REQUEST"},
                {
                    "replicated writes in us-east-1": "0.78",
                    "storage in us-east-1": "10",  # 100 x 0.10
                    "point-in-time recovery in us-east-1": "2",  # 10 x 0.20
                },
            ),
            (
                "by-capacity",
                {},
                {"read_capacity": 10, "write_capacity": 10},
                {
                    "write capacity in us-east-1": "5.913",
                    "read capacity in us-east-1": "1.168",
                    "storage in us-east-1": "10",
                },
            ),
        )
    ),
    Case(
        name="table-changes-to-a-stream",
        of=resource("aws_dynamodb_kinesis_streaming_destination.d"),
        usage={"monthly_change_data_capture_units": "10000000"},
        region=EAST,
        monthly={"changes": "1"},  # 10 x 0.10
    ),
)

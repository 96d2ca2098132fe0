"""Databases, proxies, buckets, tables and disks, priced by hand for ap-southeast-1."""

from __future__ import annotations

from tests.pipeline.cost.pricers.support import Case, resource

SMALL = {
    "engine": "postgres",
    "instance_class": "db.t4g.micro",
    "allocated_storage": 20,
    "storage_type": "gp3",
    "multi_az": False,
}
LARGE = {
    "engine": "postgres",
    "instance_class": "db.m7g.large",
    "allocated_storage": 400,
    "max_allocated_storage": 500,
    "storage_type": "gp3",
    "iops": 13000,
    "multi_az": True,
    "manage_master_user_password": True,
    "monitoring_interval": 60,
    "performance_insights_enabled": True,
    "performance_insights_retention_period": 62,
}
PROXY = resource("aws_db_proxy.p", {"name": "p"})
TARGET = {"db_proxy_name": "p"}
CLUSTER = resource(
    "aws_rds_cluster.c",
    {
        "engine": "aurora-postgresql",
        "serverlessv2_scaling_configuration": [{"min_capacity": 0.5, "max_capacity": 4}],
        "backup_retention_period": 2,
        "manage_master_user_password": True,
    },
    references={},
)
OPTIMIZED = resource(
    "aws_rds_cluster.o",
    {
        "engine": "aurora-postgresql",
        "storage_type": "aurora-iopt1",
        "backup_retention_period": 7,
    },
)

CASES = (
    Case(
        name="rds-single-az",
        of=resource("aws_db_instance.d", SMALL),
        usage={"additional_backup_storage_gb": "10"},
        monthly={
            "instance db.t4g.micro": "18.25",  # 730 x 0.025
            "storage gp3": "2.76",  # 20 x 0.138
            "backup storage above the size of the database": "0.95",  # 10 x 0.095
        },
    ),
    Case(
        name="rds-multi-az-with-everything",
        of=resource("aws_db_instance.d", LARGE),
        usage={"additional_backup_storage_gb": "0", "monthly_enhanced_monitoring_gb": "2"},
        monthly={
            "instance db.m7g.large, Multi-AZ": "341.64",  # 730 x 0.468
            "secret of the master password": "0.4",
            "storage gp3": "110.4",  # 400 x 0.276
            "IOPS above the included": "48",  # (13000 - 12000) x 0.048
            "backup storage above the size of the database": "0",
            "Enhanced Monitoring, as log data": "1.4",  # 2 x 0.70
            "Performance Insights, first month": "3.5122",  # 2 vCPU x 1.7561
            "Performance Insights, further months": "0.1478",  # 2 vCPU x 1 x 0.0739
        },
    ),
    Case(
        name="rds-small-gp3-includes-3000-iops",
        of=resource("aws_db_instance.d", {**SMALL, "iops": 4000}),
        usage={"additional_backup_storage_gb": "0"},
        monthly={
            "instance db.t4g.micro": "18.25",
            "storage gp3": "2.76",
            "IOPS above the included": "24",  # (4000 - 3000) x 0.024
            "backup storage above the size of the database": "0",
        },
    ),
    Case(
        name="rds-gp2-multi-az",
        of=resource("aws_db_instance.d", {**SMALL, "storage_type": "gp2", "multi_az": True}),
        usage={"additional_backup_storage_gb": "0"},
        monthly={
            "instance db.t4g.micro, Multi-AZ": "37.23",  # 730 x 0.051
            "storage gp2": "5.52",  # 20 x 0.276
            "backup storage above the size of the database": "0",
        },
    ),
    Case(
        name="rds-single-az-iops-and-gp2",
        of=resource("aws_db_instance.d", {**SMALL, "storage_type": "gp2"}),
        usage={"additional_backup_storage_gb": "0"},
        monthly={
            "instance db.t4g.micro": "18.25",
            "storage gp2": "2.76",
            "backup storage above the size of the database": "0",
        },
    ),
    Case(
        name="proxy-of-the-smallest-instance",
        of=PROXY,
        beside=(
            resource("aws_db_proxy_target.t", {**TARGET, "db_instance_identifier": "d"}),
            resource("aws_db_instance.d", {**SMALL, "identifier": "d"}),
        ),
        monthly={"proxy": "26.28"},  # 2 vCPU x 730 x 0.018
    ),
    Case(
        name="proxy-of-four-vcpus",
        of=PROXY,
        beside=(
            resource("aws_db_proxy_target.t", {**TARGET, "db_instance_identifier": "d"}),
            resource("aws_db_instance.d", {"identifier": "d", "instance_class": "db.m7g.xlarge"}),
        ),
        monthly={"proxy": "52.56"},  # 4 vCPU x 730 x 0.018
    ),
    Case(
        name="proxy-without-a-target",
        of=PROXY,
        monthly={"proxy": "26.28"},
    ),
    Case(
        name="proxy-of-a-serverless-cluster",
        of=PROXY,
        beside=(
            resource(
                "aws_db_proxy_target.t",
                TARGET,
                references={"db_cluster_identifier": ("aws_rds_cluster.c",)},
            ),
            CLUSTER,
            resource(
                "aws_rds_cluster_instance.i",
                {"instance_class": "db.serverless"},
                references={"cluster_identifier": ("aws_rds_cluster.c",)},
            ),
        ),
        monthly={"proxy of a serverless database": "146"},  # 8 ACU x 730 x 0.025
    ),
    Case(
        name="aurora-cluster",
        of=CLUSTER,
        usage={
            "storage_gb": "50",
            "read_requests_per_sec": "10",
            "write_requests_per_sec": "5",
            "backup_snapshot_size_gb": "100",
        },
        monthly={
            "storage": "5.5",  # 50 x 0.11
            "read requests to the storage": "5.7816",  # 10 x 2.628 million seconds x 0.22
            "write requests to the storage": "2.8908",
            "backup storage above the free": "2.3",  # 100 x 0.023
            "secret of the master password": "0.4",
        },
    ),
    Case(
        name="aurora-io-optimized",
        of=OPTIMIZED,
        usage={"storage_gb": "50", "backup_snapshot_size_gb": "0"},
        monthly={"storage": "12.4", "backup storage above the free": "0"},  # 50 x 0.248
    ),
    Case(
        name="aurora-serverless-at-its-least",
        of=resource(
            "aws_rds_cluster_instance.i",
            {"engine": "aurora-postgresql", "instance_class": "db.serverless"},
            references={"cluster_identifier": ("aws_rds_cluster.c",)},
        ),
        beside=(CLUSTER,),
        monthly={"capacity units": "73"},  # 0.5 ACU x 730 x 0.20
    ),
    Case(
        name="aurora-instance",
        of=resource(
            "aws_rds_cluster_instance.i",
            {"engine": "aurora-postgresql", "instance_class": "db.t4g.medium"},
        ),
        monthly={"instance db.t4g.medium": "83.22"},  # 730 x 0.114
    ),
    Case(
        name="aurora-instance-io-optimized",
        of=resource(
            "aws_rds_cluster_instance.i",
            {"engine": "aurora-postgresql", "instance_class": "db.r6g.large"},
            references={"cluster_identifier": ("aws_rds_cluster.o",)},
        ),
        beside=(OPTIMIZED,),
        monthly={"instance db.r6g.large": "297.11"},  # 730 x 0.407
    ),
    Case(
        name="table-on-demand",
        of=resource(
            "aws_dynamodb_table.t",
            {"billing_mode": "PAY_PER_REQUEST", "point_in_time_recovery": [{"enabled": True}]},
        ),
        usage={
            "monthly_write_request_units": "2000000",
            "monthly_read_request_units": "4000000",
            "storage_gb": "10",
            "pitr_backup_storage_gb": "10",
        },
        monthly={
            "write units": "1.42",  # 2 x 0.71
            "read units": "0.57",  # 4 x 0.1425
            "storage": "2.85",  # 10 x 0.285
            "point-in-time recovery": "2.28",  # 10 x 0.228
        },
    ),
    Case(
        name="table-by-capacity",
        of=resource(
            "aws_dynamodb_table.t",
            {
                "read_capacity": 10,
                "write_capacity": 5,
                "global_secondary_index": [{"read_capacity": 10, "write_capacity": 5}],
            },
        ),
        usage={"storage_gb": "0"},
        monthly={
            "write capacity": "5.402",  # 10 x 730 x 0.00074
            "read capacity": "2.1608",  # 20 x 730 x 0.000148
            "storage": "0",
        },
    ),
    Case(
        name="image-repository",
        of=resource("aws_ecr_repository.r"),
        usage={"storage_gb": "3"},
        monthly={"images": "0.3"},  # 3 x 0.10
    ),
)

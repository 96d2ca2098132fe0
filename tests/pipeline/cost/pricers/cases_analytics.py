"""Caches, search, streams, brokers, Glue, Athena and Redshift, priced by hand for us-east-1."""

from __future__ import annotations

from typing import Any

from tests.pipeline.cost.pricers.support import REGION, Case, resource

EAST = "us-east-1"


def case(name: str, address: str, values: dict[str, Any], lines: Any, **more: Any) -> Case:
    return Case(
        name=name,
        of=resource(address, values),
        monthly=lines,
        **{"region": EAST, **more},
    )


DOMAIN = {
    "cluster_config": [
        {
            "instance_type": "r6g.large.search",
            "instance_count": 3,
            "dedicated_master_enabled": True,
            "dedicated_master_type": "m6g.large.search",
            "dedicated_master_count": 3,
            "warm_enabled": True,
            "warm_type": "ultrawarm1.medium.search",
            "warm_count": 2,
        }
    ],
    "ebs_options": [{"ebs_enabled": True, "volume_type": "gp2", "volume_size": 100}],
    "engine_version": "OpenSearch_2.17",
}
PARTITIONED = {
    "destination": "extended_s3",
    "extended_s3_configuration": [
        {
            "data_format_conversion_configuration": [{"enabled": True}],
            "dynamic_partitioning_configuration": [{"enabled": True}],
            "processing_configuration": [{"processors": [{"type": "Decompression"}]}],
        }
    ],
}
STREAM = resource("aws_kinesis_stream.s", {"shard_count": 4, "arn": "a"})

CASES = (
    case(
        "cache-memcached",
        "aws_elasticache_cluster.c",
        {"engine": "memcached", "node_type": "cache.m5.large", "num_cache_nodes": 2},
        {"2 nodes cache.m5.large, memcached": "227.76"},  # 2 x 730 x 0.156
    ),
    case(
        "cache-redis-with-snapshots",
        "aws_elasticache_cluster.c",
        {
            "engine": "redis",
            "engine_version": "7.1",
            "node_type": "cache.t4g.micro",
            "num_cache_nodes": 1,
            "snapshot_retention_limit": 5,
        },
        {"node cache.t4g.micro, redis": "11.68", "snapshots above the free one": "0.85"},
        usage={"snapshot_storage_size_gb": "10"},  # 730 x 0.016, 10 x 0.085
    ),
    Case(
        name="cache-that-joins-a-group",
        of=resource("aws_elasticache_cluster.c", {"replication_group_id": "g"}),
        beside=(
            resource(
                "aws_elasticache_replication_group.g",
                {"id": "g", "engine": "valkey", "node_type": "cache.t4g.micro"},
            ),
        ),
        region=EAST,
        monthly={"node cache.t4g.micro, valkey": "9.344"},  # 730 x 0.0128
    ),
    case(
        "cache-group-of-shards",
        "aws_elasticache_replication_group.g",
        {
            "engine": "valkey",
            "node_type": "cache.r7g.large",
            "num_node_groups": 3,
            "replicas_per_node_group": 2,
            "snapshot_retention_limit": 7,
        },
        # 3 x (1 + 2) nodes x 730 x 0.1752
        {"9 nodes cache.r7g.large, valkey": "1151.064", "snapshots above the free one": "8.5"},
        usage={"snapshot_storage_size_gb": "100"},
    ),
    case(
        "cache-group-without-shards",
        "aws_elasticache_replication_group.g",
        {"node_type": "cache.t4g.micro", "num_cache_clusters": 2},
        {"2 nodes cache.t4g.micro, redis": "35.04"},  # 2 x 730 x 0.024
        region=REGION,
    ),
    case(
        "search-domain",
        "aws_opensearch_domain.d",
        DOMAIN,
        {
            "3 data nodes r6g.large.search": "365.73",  # 3 x 730 x 0.167
            "storage gp2": "40.5",  # 3 x 100 x 0.135
            "3 dedicated master nodes m6g.large.search": "280.32",  # 3 x 730 x 0.128
            "2 UltraWarm nodes ultrawarm1.medium.search": "347.48",  # 2 x 730 x 0.238
        },
    ),
    case(
        "search-domain-with-provisioned-iops",
        "aws_opensearch_domain.d",
        {
            "cluster_config": [{"instance_type": "t3.small.search"}],
            "ebs_options": [
                {"ebs_enabled": True, "volume_type": "io1", "volume_size": 100, "iops": 1000}
            ],
        },
        {
            "data node t3.small.search": "26.28",  # 730 x 0.036
            "storage io1": "16.9",  # 100 x 0.169
            "provisioned IOPS": "88",  # 1000 x 0.088
        },
    ),
    case(
        "search-domain-with-more-than-gp3-includes",
        "aws_opensearch_domain.d",
        {
            "cluster_config": [{"instance_type": "m6g.large.search", "instance_count": 2}],
            "ebs_options": [
                {
                    "ebs_enabled": True,
                    "volume_type": "gp3",
                    "volume_size": 100,
                    "iops": 4000,
                    "throughput": 225,
                }
            ],
        },
        {
            "2 data nodes m6g.large.search": "186.88",  # 2 x 730 x 0.128
            "storage gp3": "24.4",  # 2 x 100 x 0.122
            "IOPS above the included": "16",  # 2 x 1000 x 0.008
            "throughput above the included": "12.8",  # 2 x 100 x 0.064
        },
    ),
    case(
        "search-domain-with-an-older-name",
        "aws_elasticsearch_domain.d",
        {
            "elasticsearch_version": "7.10",
            "cluster_config": [
                {
                    "instance_type": "t3.small.elasticsearch",
                    "instance_count": 2,
                    "dedicated_master_enabled": True,
                    "dedicated_master_type": "t3.small.elasticsearch",
                    "dedicated_master_count": 3,
                    "warm_enabled": True,
                    "warm_type": "ultrawarm1.medium.elasticsearch",
                    "warm_count": 2,
                }
            ],
            "ebs_options": [
                {
                    "ebs_enabled": True,
                    "volume_type": "standard",
                    "volume_size": 10,
                }
            ],
        },
        {
            "2 data nodes t3.small.elasticsearch": "52.56",
            "storage magnetic": "1.34",  # 2 x 10 x 0.067
            "3 dedicated master nodes t3.small.elasticsearch": "78.84",
            "2 UltraWarm nodes ultrawarm1.medium.elasticsearch": "347.48",
        },
    ),
    case(
        "stream-by-shards",
        "aws_kinesis_stream.s",
        {
            "shard_count": 4,
            "retention_period": 720,
            "shard_level_metrics": ["IncomingBytes", "OutgoingBytes"],
            "stream_mode_details": [{"stream_mode": "PROVISIONED"}],
        },
        {
            "shards": "43.8",  # 4 x 730 x 0.015
            "PUT payload units": "1.4",  # 100 x 0.014
            "data kept for 2 to 7 days": "58.4",  # 4 x 730 x 0.020
            "data kept longer": "2.3",  # 100 x 0.023
            "data read of it": "0.21",  # 10 x 0.021
            "data to consumers with a fan-out": "1.3",  # 100 x 0.013
            "consumers with a fan-out": "43.8",  # 730 hours x 4 shards x 0.015
            "metrics of each shard": "2.4",  # 4 x 2 x 0.30
        },
        usage={
            "monthly_provisioned_put_units": "100000000",
            "monthly_provisioned_long_term_retention_gb": "100",
            "monthly_provisioned_long_term_retrieval_gb": "10",
            "monthly_provisioned_efo_data_out_gb": "100",
            "monthly_provisioned_efo_consumer_hours": "730",
        },
    ),
    case(
        "stream-with-all-metrics-of-a-shard",
        "aws_kinesis_stream.s",
        {"shard_level_metrics": ["ALL"]},
        {"shards": "10.95", "PUT payload units": "0", "metrics of each shard": "2.1"},  # 7 x 0.30
        usage={"monthly_provisioned_put_units": "0"},
    ),
    case(
        "stream-on-demand",
        "aws_kinesis_stream.s",
        {"stream_mode_details": [{"stream_mode": "ON_DEMAND"}], "retention_period": 720},
        {
            "stream": "29.2",  # 730 x 0.04
            "data in": "8",  # 100 x 0.08
            "data out": "8",  # 200 x 0.04
            "data kept for 2 to 7 days": "10",  # 100 x 0.10
            "data kept longer": "2.3",  # 100 x 0.023
            "data to consumers with a fan-out": "5",  # 100 x 0.05
        },
        usage={
            "monthly_on_demand_data_in_gb": "100",
            "monthly_on_demand_data_out_gb": "200",
            "monthly_on_demand_extended_retention_gb": "100",
            "monthly_on_demand_long_term_retention_gb": "100",
            "monthly_on_demand_efo_data_out_gb": "100",
        },
    ),
    case(
        "stream-consumer",
        "aws_kinesis_stream_consumer.c",
        {"stream_arn": "a"},
        {"fan-out of each shard": "43.8"},  # 4 x 730 x 0.015
        beside=(STREAM,),
    ),
    case(
        "delivery-to-a-bucket",
        "aws_kinesis_firehose_delivery_stream.d",
        PARTITIONED,
        {
            # 512000 x 0.029 + 88000 x 0.025
            "data ingested": "17048",
            "format conversion": "10800",  # 600000 x 0.018
            "data partitioned": "12000",  # 600000 x 0.020
            "objects": "0.5",  # 100 x 0.005
            "JQ": "0.7",  # 10 x 0.07
            "decompression": "1950",  # 600000 x 0.00325
        },
        usage={
            "monthly_data_ingested_gb": "600000",
            "monthly_partitioned_objects": "100000",
            "monthly_jq_processing_hours": "10",
        },
    ),
    case(
        "delivery-into-a-vpc",
        "aws_kinesis_firehose_delivery_stream.d",
        {
            "destination": "opensearch",
            "opensearch_configuration": [{"vpc_config": [{"subnet_ids": ["a", "b"]}]}],
            "kinesis_source_configuration": [{"kinesis_stream_arn": "a"}],
        },
        {
            "data ingested": "2.9",  # 100 x 0.029
            "delivery into zones of a VPC": "14.6",  # 2 x 730 x 0.01
            "data into a VPC": "1",  # 100 x 0.01
        },
        usage={"monthly_data_ingested_gb": "100"},
    ),
    case(
        "delivery-of-kafka",
        "aws_kinesis_firehose_delivery_stream.d",
        {"destination": "extended_s3", "msk_source_configuration": [{"topic_name": "t"}]},
        {"data ingested": "5.5"},  # 100 x 0.055
        usage={"monthly_data_ingested_gb": "100"},
    ),
    case(
        "delivery-to-iceberg",
        "aws_kinesis_firehose_delivery_stream.d",
        {"destination": "iceberg"},
        {"data ingested": "4.5"},  # 100 x 0.045
        usage={"monthly_data_ingested_gb": "100"},
    ),
    case(
        "kafka",
        "aws_msk_cluster.k",
        {
            "number_of_broker_nodes": 3,
            "broker_node_group_info": [
                {
                    "instance_type": "kafka.t3.small",
                    "connectivity_info": [{"public_access": [{"type": "SERVICE_PROVIDED_EIPS"}]}],
                    "storage_info": [{"ebs_storage_info": [{"volume_size": 100}]}],
                }
            ],
        },
        {
            "3 brokers kafka.t3.small": "99.864",  # 3 x 730 x 0.0456
            "storage": "30",  # 3 x 100 x 0.10
            "public IPv4 addresses": "10.95",  # 3 x 730 x 0.005
        },
    ),
    case(
        "kafka-with-private-connections",
        "aws_msk_cluster.k",
        {
            "number_of_broker_nodes": 2,
            "broker_node_group_info": [
                {
                    "instance_type": "kafka.m5.large",
                    "connectivity_info": [
                        {
                            "vpc_connectivity": [
                                {
                                    "client_authentication": [
                                        {"sasl": [{"iam": True, "scram": True}], "tls": False}
                                    ]
                                }
                            ]
                        }
                    ],
                    "storage_info": [{"ebs_storage_info": [{"volume_size": 10}]}],
                }
            ],
        },
        {
            "2 brokers kafka.m5.large": "306.6",  # 2 x 730 x 0.21
            "storage": "2",  # 2 x 10 x 0.10
            "private connections": "32.85",  # 2 ways x 730 x 0.0225
        },
    ),
    case(
        "broker-of-activemq",
        "aws_mq_broker.b",
        {"engine_type": "ActiveMQ", "host_instance_type": "mq.t2.micro"},
        {"broker mq.t2.micro": "21.9", "storage, efs": "3"},  # 730 x 0.03, 10 x 0.30
        usage={"storage_size_gb": "10"},
    ),
    case(
        "broker-of-rabbitmq-in-three-zones",
        "aws_mq_broker.b",
        {
            "engine_type": "RabbitMQ",
            "host_instance_type": "mq.m5.xlarge",
            "deployment_mode": "CLUSTER_MULTI_AZ",
            "publicly_accessible": True,
        },
        {
            "broker mq.m5.xlarge": "1261.44",  # 730 x 1.728
            "public IPv4 addresses": "10.95",  # 3 x 730 x 0.005
            "storage, ebs": "3",  # 3 x 10 x 0.10
        },
        usage={"storage_size_gb": "10"},
    ),
    *(
        case(
            f"glue-job-{name}",
            "aws_glue_job.j",
            values,
            {what: amount},
            usage={"monthly_hours": "10"},
        )
        for name, values, what, amount in (
            (
                "of-workers",
                {"worker_type": "G.2X", "number_of_workers": 5},
                "10 DPUs",
                "44",  # 10 hours x 5 x 2 DPU x 0.44
            ),
            ("without-a-word", {"command": [{"name": "glueetl"}]}, "10 DPUs", "44"),
            ("python", {"command": [{"name": "pythonshell"}]}, "0.0625 DPUs", "0.275"),
            (
                "flexible",
                {"worker_type": "G.1X", "number_of_workers": 2, "execution_class": "FLEX"},
                "2 DPUs",
                "5.8",  # 10 x 2 x 0.29
            ),
            ("by-capacity", {"max_capacity": 2}, "2 DPUs", "8.8"),
            (
                "ray",
                {
                    "command": [{"name": "glueray"}],
                    "worker_type": "Z.2X",
                    "number_of_workers": 1,
                },
                "2 DPUs",
                "8.8",
            ),
        )
    ),
    case(
        "glue-crawler",
        "aws_glue_crawler.c",
        {},
        {"DPU-hours": "4.4"},  # 10 x 0.44
        usage={"monthly_hours": "10"},
    ),
    case(
        "glue-catalogue",
        "aws_glue_catalog_database.d",
        {"name": "d"},
        {"objects": "2", "requests": "3"},  # 200000 by 100000 x 1, 3 x 1
        usage={"monthly_objects": "200000", "monthly_requests": "3000000"},
    ),
    case(
        "athena",
        "aws_athena_workgroup.w",
        {"configuration": [{"requester_pays_enabled": False}]},
        {"data scanned": "10"},  # 2 x 5
        usage={"monthly_data_scanned_tb": "2"},
    ),
    case(
        "athena-of-spark",
        "aws_athena_workgroup.w",
        {
            "configuration": [
                {"engine_version": [{"selected_engine_version": "PySpark engine version 3"}]}
            ]
        },
        {"Spark": "3.5"},  # 10 x 0.35
        usage={"monthly_spark_dpu_hours": "10"},
    ),
    case(
        "athena-reserved",
        "aws_athena_capacity_reservation.r",
        {"target_dpus": 24},
        {"24 DPUs": "5256"},  # 24 x 730 x 0.30
    ),
    case(
        "redshift",
        "aws_redshift_cluster.r",
        {
            "node_type": "ra3.4xlarge",
            "number_of_nodes": 2,
            "manage_master_password": True,
            "publicly_accessible": True,
        },
        {
            "2 node(s) ra3.4xlarge": "4759.6",  # 2 x 730 x 3.26
            "managed storage": "24",  # 1000 x 0.024
            "concurrency scaling": "6.52",  # an hour x 2 x 3.26
            "data that Spectrum scans": "5",
            # 51200 x 0.023 + 512000 x 0.022 + 1000 x 0.021
            "backup storage": "12462.6",
            "public IPv4 address": "3.65",
            "secret of the master password": "0.4",
        },
        usage={
            "managed_storage_gb": "1000",
            "excess_concurrency_scaling_secs": "3600",
            "spectrum_data_scanned_tb": "1",
            "backup_storage_gb": "564200",
        },
    ),
)

"""What is not known is said: never guessed, never $0."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from pipeline.cost.model import CostLine
from pipeline.cost.pricers.vcpus import vcpus
from pipeline.cost.pricing import Unknown
from pipeline.errors import PipelineError, Status
from tests.pipeline.cost.pricers.support import TracedPricing, priced, resource


def until_unknown(
    address: str, values: Mapping[str, Any], unknown: Mapping[str, Any], **references: str
) -> tuple[list[str], str]:
    """The lines that come before something unknown, and what is unknown."""
    subject = resource(
        address,
        values,
        unknown=unknown,
        references={name: (other,) for name, other in references.items()},
    )
    lines: list[CostLine] = []
    with pytest.raises(Unknown) as raised:
        lines.extend(priced(subject, TracedPricing((subject,), {})))
    return [line.what for line in lines], raised.value.path


def test_a_new_function_has_its_requests_priced_though_its_models_are_unknown() -> None:
    known, unknown = until_unknown(
        "aws_lambda_function.f",
        {"architectures": ["arm64"], "memory_size": 512, "environment": [{}]},
        {"environment": [{"variables": True}], "ephemeral_storage": True},
    )

    assert known == ["requests", "duration"]
    assert unknown == "environment.0.variables"


def test_a_model_whose_name_is_unknown_is_named_by_its_variable() -> None:
    _, unknown = until_unknown(
        "aws_lambda_function.f",
        {"environment": [{"variables": {"ANSWER_MODEL_ID": None}}]},
        {"environment": [{"variables": {"ANSWER_MODEL_ID": True}}]},
    )

    assert unknown == "environment.0.variables.ANSWER_MODEL_ID"


def test_a_value_that_aws_chooses_is_its_default_and_not_unknown() -> None:
    subject = resource(
        "aws_db_instance.d",
        {"instance_class": "db.t4g.micro", "engine": "postgres", "allocated_storage": 20},
        unknown={"iops": True, "storage_throughput": True, "database_insights_mode": True},
    )

    lines = list(priced(subject, TracedPricing((subject,), {})))

    assert [line.what for line in lines] == [
        "instance db.t4g.micro",
        "storage gp2",
        "backup storage above the size of the database",
    ]


def test_a_value_that_another_resource_gives_stays_unknown() -> None:
    known, unknown = until_unknown(
        "aws_db_instance.d",
        {
            "instance_class": "db.t4g.micro",
            "engine": "postgres",
            "allocated_storage": 20,
            "storage_type": "gp3",
        },
        {"iops": True},
        iops="aws_ssm_parameter.iops",
    )

    assert known == ["instance db.t4g.micro", "storage gp3"]
    assert unknown == "iops"


@pytest.mark.parametrize(
    ("address", "unknown"),
    [
        ("aws_lambda_provisioned_concurrency_config.p", "function_name"),
        ("aws_ecs_service.s", "launch_type"),
        ("aws_dynamodb_table_replica.r", "global_table_arn"),
        ("aws_kinesis_stream_consumer.c", "stream_arn"),
    ],
)
def test_what_needs_a_resource_outside_the_plan_is_unknown(address: str, unknown: str) -> None:
    assert until_unknown(address, {}, {}) == ([], unknown)


def test_an_endpoint_whose_subnets_nobody_knows_is_unknown() -> None:
    known, unknown = until_unknown(
        "aws_vpc_endpoint.e", {"vpc_endpoint_type": "Interface"}, {"subnet_ids": True}
    )

    assert known == ["data processed"]
    assert unknown == "subnet_ids"


def test_an_instance_whose_disk_the_image_decides_is_unknown() -> None:
    known, unknown = until_unknown("aws_instance.i", {"instance_type": "t3.micro"}, {})

    assert known == ["instance t3.micro, Linux", "CPU credits above the earned"]
    assert unknown == "root_block_device"


@pytest.mark.parametrize(
    ("address", "values", "key"),
    [
        (
            "aws_lambda_function.f",
            {"environment": [{"variables": {"ANSWER_MODEL_ID": "apac.new-model"}}]},
            "bedrock.apac.new-model.input",
        ),
        (
            "aws_db_instance.d",
            {"instance_class": "db.x9.huge", "engine": "postgres"},
            "rds.instance.db.x9.huge",
        ),
        (
            "aws_db_instance.d",
            {"instance_class": "db.x9.huge", "engine": "mysql"},
            "rds.mysql.instance.db.x9.huge",
        ),
        (
            "aws_rds_cluster_instance.i",
            {"instance_class": "db.t4g.medium", "engine": "neptune"},
            "rds.neptune.instance.db.t4g.medium",
        ),
        (
            "aws_db_instance.d",
            {
                "instance_class": "db.t4g.micro",
                "engine": "oracle-se2",
                "license_model": "bring-your-own-license",
            },
            "rds.oracle-se2.byol.instance.db.t4g.micro",
        ),
        (
            "aws_vpc_endpoint.e",
            {"vpc_endpoint_type": "Resource", "subnet_ids": ["s"]},
            "endpoint.resource.data",
        ),
        ("aws_lb.l", {"load_balancer_type": "other"}, "other.lcu"),
        ("aws_sns_topic_subscription.s", {"protocol": "sms"}, "sns.sms"),
        ("aws_sns_topic.t", {"fifo_topic": True}, "sns.publish.fifo"),
        (
            "aws_rds_cluster.c",
            {"engine": "mysql", "db_cluster_instance_class": "db.m6gd.large"},
            "rds.mysql.cluster.db.m6gd.large",
        ),
        (
            "aws_dynamodb_table.t",
            {"replica": [{"region_name": "us-east-2"}, {"region_name": "us-west-1"}]},
            "replicas in us-east-2, us-west-1 have no prices",
        ),
        (
            "aws_secretsmanager_secret.s",
            {"replica": [{"region": "us-west-1"}]},
            "replicas in us-west-1 have no prices",
        ),
        (
            "aws_elasticache_cluster.c",
            {"engine": "redis", "engine_version": "5.0.6", "node_type": "cache.t4g.micro"},
            "elasticache.extended_support.cache.t4g.micro",
        ),
        (
            "aws_wafv2_web_acl.w",
            {
                "rule": [
                    {
                        "statement": [
                            {
                                "managed_rule_group_statement": [
                                    {
                                        "vendor_name": "AWS",
                                        "name": "AWSManagedRulesBotControlRuleSet",
                                    }
                                ]
                            }
                        ]
                    }
                ]
            },
            "waf.managed.AWS.AWSManagedRulesBotControlRuleSet",
        ),
        (
            "aws_wafv2_web_acl.w",
            {
                "rule_json": '[{"Statement": {"ManagedRuleGroupStatement": '
                '{"VendorName": "Fortinet", "Name": "OWASP"}}}]'
            },
            "waf.managed.Fortinet.OWASP",
        ),
        (
            "aws_wafv2_web_acl.w",
            {
                "association_config": [
                    {"request_body": [{"cloudfront": [{"default_size_inspection_limit": "KB_64"}]}]}
                ]
            },
            "waf.request_body",
        ),
        (
            "aws_msk_cluster.k",
            {
                "broker_node_group_info": [
                    {
                        "instance_type": "kafka.x9.large",
                        "storage_info": [{"ebs_storage_info": [{"volume_size": 1}]}],
                    }
                ]
            },
            "msk.broker.kafka.x9.large",
        ),
        ("aws_wafv2_web_acl.w", {"rule_json": "{"}, "rule_json is no list of rules"),
        (
            "aws_lambda_function.f",
            {"runtime": "python3.13", "snap_start": [{"apply_on": "PublishedVersions"}]},
            "lambda.snapstart",
        ),
        (
            "aws_lambda_event_source_mapping.m",
            {"provisioned_poller_config": [{"minimum_pollers": 2}]},
            "lambda.event_poller",
        ),
        (
            "aws_cognito_user_pool.u",
            {
                "user_pool_tier": "LITE",
                "user_pool_add_ons": [{"advanced_security_mode": "AUDIT"}],
            },
            "cognito.threat_protection",
        ),
        (
            "aws_cloudtrail.t",
            {
                "advanced_event_selector": [
                    {"field_selector": [{"field": "eventCategory", "equals": ["NetworkActivity"]}]}
                ]
            },
            "cloudtrail.network_activity",
        ),
        (
            "aws_glue_job.j",
            {"worker_type": "R.1X", "number_of_workers": 2},
            "glue.worker.R.1X",
        ),
        (
            "aws_flow_log.f",
            {"log_destination_type": "kinesis-data-firehose"},
            "logs.vended_to_kinesis-data-firehose",
        ),
        ("aws_cloudwatch_log_group.g", {"log_group_class": "DELIVERY"}, "logs.ingest.delivery"),
        ("aws_instance.i", {"instance_type": "p9.huge"}, "ec2.instance.p9.huge"),
    ],
)
def test_a_price_that_the_catalogue_lacks_stops_the_estimate_by_name(
    address: str, values: Mapping[str, Any], key: str
) -> None:
    subject = resource(address, values)

    with pytest.raises(PipelineError, match=key.replace(".", r"\.")):
        list(priced(subject, TracedPricing((subject,), {})))


@pytest.mark.parametrize(
    ("instance_class", "expected"),
    [("db.t4g.micro", 2), ("db.t3.xlarge", 4), ("db.m7g.large", 2), ("db.r7g.4xlarge", 16)],
)
def test_an_instance_class_has_the_vcpus_of_its_size(instance_class: str, expected: int) -> None:
    assert vcpus(instance_class) == expected


@pytest.mark.parametrize("instance_class", ["db.t4g.24xlarge", "db.z1d.large", "large", ""])
def test_an_instance_class_outside_the_table_is_refused_by_name(instance_class: str) -> None:
    with pytest.raises(PipelineError, match=f"instance class {instance_class}: ") as raised:
        vcpus(instance_class)

    assert raised.value.status is Status.UNPRICED

"""Functions, APIs, messages, events, keys, firewalls and people, priced by hand for us-east-1."""

from __future__ import annotations

import json
from typing import Any

from tests.pipeline.cost.pricers.support import REGION, Case, resource

EAST = "us-east-1"


def case(name: str, address: str, values: dict[str, Any], lines: Any, **more: Any) -> Case:
    return Case(name=name, of=resource(address, values), monthly=lines, **{"region": EAST, **more})


ARM = {"memory_size": 1024, "architectures": ["arm64"]}
NOTHING_OUT = {"monthly_data_transfer_out_gb": "0"}
OUT = {"data out to the internet": "0"}
MANAGED = {
    "name": "a",
    "statement": [{"managed_rule_group_statement": [{"vendor_name": "AWS", "name": "Common"}]}],
}

CASES = (
    Case(
        name="function-of-which-nobody-says-that-it-is-traced",
        of=resource("aws_lambda_function.f", ARM, unknown={"tracing_config": True}),
        usage={
            "monthly_requests": "1000000",
            "request_duration_ms": "100",
            "monthly_custom_metrics": "100",
        },
        region=EAST,
        monthly={
            "requests": "0.2",
            "duration": "1.33334",  # 1 million x 0.1 s x 1 GB x 0.0000133334
            "custom metrics": "30",  # 100 x 0.30
        },
    ),
    case(
        "function-arm-of-three-tiers",
        "aws_lambda_function.f",
        ARM,
        {
            "requests": "4000",  # 20,000 x 0.20
            # 20 billion GB-s: 7.5 x 13333.4 + 11.25 x 12000.1 + 1.25 x 10666.7, in billions
            "duration": "248335",
        },
        usage={"monthly_requests": "20000000000", "request_duration_ms": "1000"},
    ),
    case(
        "function-intel-of-three-tiers",
        "aws_lambda_function.f",
        {"memory_size": 1024},
        {
            "requests": "4000",
            # 20 billion GB-s: 6 x 16666.7 + 9 x 15000 + 5 x 13333.4
            "duration": "301667.2",
        },
        usage={"monthly_requests": "20000000000", "request_duration_ms": "1000"},
    ),
    case(
        "function-java-with-snapshots",
        "aws_lambda_function.f",
        {**ARM, "runtime": "java21", "snap_start": [{"apply_on": "PublishedVersions"}]},
        {"requests": "0", "duration": "0"},
        usage={"monthly_requests": "0", "request_duration_ms": "0"},
    ),
    case("event-source", "aws_lambda_event_source_mapping.m", {"batch_size": 10}, {}),
    case(
        "provisioned-concurrency-of-a-function-elsewhere",
        "aws_lambda_provisioned_concurrency_config.p",
        {"function_name": "f", "provisioned_concurrent_executions": 2},
        {
            # 2 x 0.5 GB x 100 hours x 3600 s x 0.0000033334
            "2 warm environments": "1.200024",
            "requests": "0.2",
            "duration": "0.38889",  # 1 million x 0.1 s x 0.5 GB x 0.0000077778
        },
        usage={
            "architecture": "arm64",
            "memory_mb": "512",
            "monthly_duration_hrs": "100",
            "monthly_requests": "1000000",
            "request_duration_ms": "100",
        },
    ),
    case(
        "websocket-api-of-two-tiers",
        "aws_apigatewayv2_api.a",
        {"protocol_type": "WEBSOCKET"},
        # 1000 x 1.00 + 500 x 0.80, and 10 x 0.25
        {"messages": "1400", "connection minutes": "2.5", **OUT},
        usage={
            "monthly_messages": "1500000000",
            "monthly_connection_mins": "10000000",
            **NOTHING_OUT,
        },
    ),
    case(
        "rest-api-of-four-tiers",
        "aws_api_gateway_rest_api.a",
        {},
        # 333 x 3.50 + 667 x 2.80 + 19000 x 2.38 + 1000 x 1.51
        {"requests": "49763.1", **OUT},
        usage={"monthly_requests": "21000000000", **NOTHING_OUT},
    ),
    case(
        "rest-stage-with-a-cache",
        "aws_api_gateway_stage.s",
        {
            "cache_cluster_enabled": True,
            "cache_cluster_size": "6.1",
            "xray_tracing_enabled": True,
        },
        {"cache of 6.1 GB": "146", "X-Ray traces": "5"},  # 730 x 0.20, 1 x 5
        usage={"monthly_traces_recorded": "1000000"},
    ),
    *(
        case(
            f"rest-stage-with-a-cache-of-{size}",
            "aws_api_gateway_stage.s",
            {"cache_cluster_enabled": True, "cache_cluster_size": size},
            {f"cache of {size} GB": amount},
        )
        for size, amount in (
            ("0.5", "14.6"),  # 730 x 0.02
            ("1.6", "27.74"),  # 730 x 0.038
            ("13.5", "182.5"),  # 730 x 0.25
            ("28.4", "365"),  # 730 x 0.5
            ("58.2", "730"),  # 730 x 1.0
            ("118", "1387"),  # 730 x 1.9
            ("237", "2774"),  # 730 x 3.8
        )
    ),
    case(
        "rest-methods-with-metrics",
        "aws_api_gateway_method_settings.m",
        {"settings": [{"metrics_enabled": True}]},
        {"metrics by method": "3"},  # 10 x 0.30
        usage={"monthly_detailed_metrics": "10"},
    ),
    case(
        "api-stage-with-metrics-of-one-route",
        "aws_apigatewayv2_stage.s",
        {"route_settings": [{"route_key": "GET /", "detailed_metrics_enabled": True}]},
        {"metrics by route": "3"},
        usage={"monthly_detailed_metrics": "10"},
    ),
    case(
        "queue-of-infracost-keys",
        "aws_sqs_queue.q",
        {"fifo_queue": False},
        {"requests": "0.4"},  # 63 KB count once
        usage={"monthly_requests": "1000000", "request_size": "63"},
    ),
    case(
        "queue-of-three-tiers",
        "aws_sqs_queue.q",
        {"fifo_queue": False},
        # in millions: 100000 x 0.40 + 100000 x 0.30 + 50000 x 0.24
        {"requests": "82000"},
        usage={"monthly_requests": "250000000000"},
    ),
    case(
        "queue-fifo-of-three-tiers",
        "aws_sqs_queue.q",
        {"fifo_queue": True},
        # in millions: 100000 x 0.50 + 100000 x 0.40 + 50000 x 0.35
        {"requests": "107500"},
        usage={"monthly_requests": "250000000000"},
    ),
    case(
        "topic-of-infracost-keys",
        "aws_sns_topic.t",
        {"fifo_topic": False},
        {
            "messages published": "1",  # 65 KB count as 2 of 64: 2 x 0.50
            "deliveries to 2 email subscriptions": "40",  # 2 x 10 x 2.00
            "deliveries to 3 http subscriptions": "1.8",  # 3 x 0.60
            "deliveries to 1 kinesis subscriptions": "0.19",
            "deliveries to 2 macos subscriptions": "1",  # 2 x 0.50
            "deliveries to 1 mobile push subscriptions": "0.5",
        },
        usage={
            "monthly_requests": "1000000",
            "request_size": "65",
            "email_subscriptions": "2",
            "http_subscriptions": "3",
            "kinesis_subscriptions": "1",
            "macos_subscriptions": "2",
            "mobile_push_subscriptions": "1",
        },
    ),
    case(
        "event-bus-with-all-that-may-be-used",
        "aws_cloudwatch_event_bus.b",
        {"name": "b"},
        {
            "custom events": "3",
            "partner events": "2",
            "events archived": "1",  # 10 x 0.10
            "archive": "0.23",  # 10 x 0.023
            "schema discovery": "0.1",
        },
        usage={
            "monthly_custom_events": "3000000",
            "monthly_third_party_events": "2000000",
            "monthly_archive_processing_gb": "10",
            "archive_storage_gb": "10",
            "monthly_schema_discovery_events": "1000000",
        },
    ),
    case(
        "event-bus-of-a-partner",
        "aws_cloudwatch_event_bus.b",
        {"event_source_name": "aws.partner/x"},
        {"partner events": "2"},
        usage={"monthly_third_party_events": "2000000"},
    ),
    case(
        "event-archive",
        "aws_cloudwatch_event_archive.a",
        {"retention_days": 30},
        {"events archived": "1", "archive": "0.23"},
        usage={"monthly_archive_processing_gb": "10", "archive_storage_gb": "10"},
    ),
    case(
        "event-api-destination",
        "aws_cloudwatch_event_api_destination.d",
        {},
        {"invocations": "0.2"},
        usage={"monthly_invocations": "1000000"},
    ),
    case(
        "event-discoverer",
        "aws_schemas_discoverer.d",
        {},
        {"events": "0.1"},
        usage={"monthly_schema_discovery_events": "1000000"},
    ),
    case(
        "pipe",
        "aws_pipes_pipe.p",
        {},
        {"requests after the filter": "0.4"},
        usage={"monthly_requests": "1000000"},
    ),
    case(
        "state-machine-with-traces",
        "aws_sfn_state_machine.m",
        {"type": "STANDARD", "tracing_configuration": [{"enabled": True}]},
        {"state transitions": "0.25", "X-Ray traces": "0.5"},
        usage={"monthly_transitions": "10000", "monthly_traces_recorded": "100000"},
    ),
    case(
        "state-machine-express",
        "aws_sfn_state_machine.m",
        {"type": "EXPRESS"},
        {
            "requests": "10",  # 10 x 1.00
            # 10 million x 0.6 s x 128 MB = 750000 GB-s x 0.00001667
            "duration": "12.5025",
        },
        usage={
            "monthly_requests": "10000000",
            "workflow_duration_ms": "550",
            "memory_mb": "100",
        },
    ),
    case(
        "state-machine-express-of-three-tiers",
        "aws_sfn_state_machine.m",
        {"type": "EXPRESS"},
        {
            "requests": "320",
            # 320 million x 1 s x 64 MB = 20 million GB-s:
            # 3.6 x 16.67 + 14.4 x 8.33 + 2 x 4.56
            "duration": "189.084",
        },
        usage={
            "monthly_requests": "320000000",
            "workflow_duration_ms": "1000",
            "memory_mb": "64",
        },
    ),
    case(
        "state-machine-express-of-which-nothing-is-stated",
        "aws_sfn_state_machine.m",
        {"type": "EXPRESS"},
        {"requests": None, "duration": None},
    ),
    case(
        "key-that-signs",
        "aws_kms_key.k",
        {"customer_master_key_spec": "RSA_3072", "key_usage": "SIGN_VERIFY"},
        {"key": "1", "requests": "150"},  # 1000 x 0.15
        usage={"monthly_requests": "10000000"},
    ),
    case(
        "key-that-signs-as-cheaply-as-others",
        "aws_kms_key.k",
        {"customer_master_key_spec": "RSA_2048"},
        {"key": "1", "requests": "30"},  # 1000 x 0.03
        usage={"monthly_requests": "10000000"},
    ),
    case(
        "key-of-codes",
        "aws_kms_key.k",
        {"customer_master_key_spec": "HMAC_256"},
        {"key": "1", "requests": "30"},
        usage={"monthly_requests": "10000000"},
    ),
    case(
        "key-of-elsewhere",
        "aws_kms_external_key.k",
        {},
        {"key": "1", "requests": "0.3"},
        usage={"monthly_requests": "100000"},
    ),
    Case(
        name="replica-of-a-key-that-signs",
        of=resource("aws_kms_replica_key.r", references={"primary_key_arn": ("aws_kms_key.k",)}),
        beside=(resource("aws_kms_key.k", {"customer_master_key_spec": "ECC_NIST_P256"}),),
        usage={"monthly_requests": "100000"},
        region=EAST,
        monthly={"key": "1", "requests": "1.5"},  # 10 x 0.15
    ),
    case(
        "metrics-of-four-tiers",
        "aws_cloudwatch_log_metric_filter.f",
        {},
        # 10000 x 0.30 + 240000 x 0.10 + 750000 x 0.05 + 500000 x 0.02
        {"custom metrics": "74500"},
        usage={"monthly_custom_metrics": "1500000"},
    ),
    case(
        "metric-stream",
        "aws_cloudwatch_metric_stream.s",
        {"output_format": "json"},
        {"metric updates": "30"},  # 10000 x 0.003
        usage={"monthly_metric_updates": "10000000"},
    ),
    case(
        "rule-on-contributors",
        "aws_cloudwatch_contributor_insight_rule.r",
        {"rule_name": "r"},
        {"rule": "0.5", "matched events": "0.2"},  # 10 x 0.02
        usage={"monthly_matched_log_events": "10000000"},
    ),
    case("parameter", "aws_ssm_parameter.p", {"tier": "Standard"}, {}),
    case(
        "parameter-of-a-fast-account",
        "aws_ssm_parameter.p",
        {"type": "String"},
        {"requests": "5"},  # 100 x 0.05
        usage={"api_throughput_limit": "higher", "monthly_api_interactions": "1000000"},
    ),
    case(
        "parameter-advanced",
        "aws_ssm_parameter.p",
        {"tier": "Advanced"},
        {"advanced parameter": "0.05", "requests": "0.05"},
        usage={"monthly_api_interactions": "10000"},
    ),
    case(
        "parameter-advanced-for-some-days",
        "aws_ssm_parameter.p",
        {"tier": "Intelligent-Tiering"},
        {"advanced parameter": "0.005", "requests": "0"},  # 73 of 730 hours
        usage={"monthly_api_interactions": "0", "parameter_storage_hrs": "73"},
    ),
    case(
        "trail-of-management-only",
        "aws_cloudtrail.t",
        {"event_selector": [{"include_management_events": True}]},
        {},
    ),
    Case(
        name="trail-that-is-the-first-of-two",
        of=resource("aws_cloudtrail.a"),
        beside=(resource("aws_cloudtrail.b"),),
        region=EAST,
        monthly={},
    ),
    case(
        "trail-of-advanced-selectors",
        "aws_cloudtrail.t",
        {
            "advanced_event_selector": [
                {"field_selector": [{"field": "eventCategory", "equals": ["Data"]}]}
            ]
        },
        {"data events": "1"},  # 10 x 0.10
        usage={"monthly_data_events": "1000000"},
    ),
    case(
        "configuration-recorder",
        "aws_config_configuration_recorder.c",
        {"recording_mode": [{"recording_frequency": "CONTINUOUS"}]},
        {"items recorded": "30", "custom items": "0.3"},  # 10000 x 0.003, 100 x 0.003
        usage={"monthly_config_items": "10000", "monthly_custom_config_items": "100"},
    ),
    case(
        "configuration-recorder-once-a-day",
        "aws_config_configuration_recorder.c",
        {"recording_mode": [{"recording_frequency": "DAILY"}]},
        {"items recorded": "12"},  # 1000 x 0.012
        usage={"monthly_config_items": "1000"},
    ),
    *(
        case(
            f"configuration-rule-{type_name}",
            f"{type_name}.r",
            {},
            # 100000 x 0.001 + 400000 x 0.0008 + 100000 x 0.0005
            {"evaluations": "470"},
            usage={"monthly_rule_evaluations": "600000"},
        )
        for type_name in (
            "aws_config_config_rule",
            "aws_config_organization_custom_rule",
            "aws_config_organization_managed_rule",
        )
    ),
    case(
        "web-acl-with-rules-of-aws",
        "aws_wafv2_web_acl.w",
        {"rule": [MANAGED, {"name": "b"}]},
        {"web ACL": "5", "rules": "2", "rules of its rule groups": "4", "requests": "0.6"},
        usage={"monthly_requests": "1000000", "rule_group_rules": "4"},
    ),
    case(
        "web-acl-in-json",
        "aws_wafv2_web_acl.w",
        {"rule_json": json.dumps([{"Name": "a"}, {"Name": "b"}, {"Name": "c"}])},
        {"web ACL": "5", "rules": "3", "requests": "0"},
        usage={"monthly_requests": "0"},
    ),
    case(
        "user-pool-lite-of-four-tiers",
        "aws_cognito_user_pool.u",
        {"user_pool_tier": "LITE"},
        # 50000 x 0.0055 + 900000 x 0.0046 + 9000000 x 0.00325 + 50000 x 0.0025
        {"active users, lite": "33790"},
        usage={"monthly_active_users": "10000000"},
    ),
    case(
        "user-pool-plus-holds-the-protection",
        "aws_cognito_user_pool.u",
        {
            "user_pool_tier": "PLUS",
            "user_pool_add_ons": [{"advanced_security_mode": "ENFORCED"}],
        },
        {"active users, plus": "20"},
        usage={"monthly_active_users": "1000"},
        region=REGION,
    ),
    case(
        "user-pool-with-the-protection-off",
        "aws_cognito_user_pool.u",
        {"user_pool_add_ons": [{"advanced_security_mode": "OFF"}]},
        {"active users, essentials": "15"},
        usage={"monthly_active_users": "1000"},
    ),
    case("client-of-people", "aws_cognito_user_pool_client.c", {"name": "c"}, {}),
    case(
        "client-of-a-machine",
        "aws_cognito_user_pool_client.c",
        {"allowed_oauth_flows": ["client_credentials"]},
        # 6, and 250000 x 0.00225 + 50000 x 0.0015
        {"client of a machine": "6", "tokens": "637.5"},
        usage={"monthly_machine_tokens": "300000"},
    ),
    case(
        "grafana-of-infracost-keys",
        "aws_grafana_workspace.g",
        {},
        {"editors": "18", "viewers": "25"},
        usage={"editors_administrator_licenses": "2", "viewer_licenses": "5"},
    ),
)

"""Resource types that cost nothing, each with the reason."""

from __future__ import annotations

from collections.abc import Mapping

_REASONS: Mapping[str, tuple[str, ...]] = {
    "IAM costs nothing": (
        "aws_iam_access_key",
        "aws_iam_account_password_policy",
        "aws_iam_group",
        "aws_iam_group_policy",
        "aws_iam_instance_profile",
        "aws_iam_openid_connect_provider",
        "aws_iam_policy",
        "aws_iam_policy_attachment",
        "aws_iam_role",
        "aws_iam_role_policies_exclusive",
        "aws_iam_role_policy",
        "aws_iam_role_policy_attachment",
        "aws_iam_role_policy_attachments_exclusive",
        "aws_iam_service_linked_role",
        "aws_iam_user",
        "aws_iam_user_policy",
    ),
    "the parts of a VPC cost nothing; what goes through them is billed elsewhere": (
        "aws_db_subnet_group",
        "aws_default_network_acl",
        "aws_default_route_table",
        "aws_default_security_group",
        "aws_egress_only_internet_gateway",
        "aws_eip_association",
        "aws_internet_gateway",
        "aws_internet_gateway_attachment",
        "aws_main_route_table_association",
        "aws_network_acl",
        "aws_network_acl_association",
        "aws_network_acl_rule",
        "aws_route",
        "aws_route_table",
        "aws_route_table_association",
        "aws_security_group",
        "aws_security_group_rule",
        "aws_subnet",
        "aws_vpc",
        "aws_vpc_dhcp_options",
        "aws_vpc_dhcp_options_association",
        "aws_vpc_security_group_egress_rule",
        "aws_vpc_security_group_ingress_rule",
    ),
    "the endpoint is billed, with its subnets": (
        "aws_vpc_endpoint_policy",
        "aws_vpc_endpoint_route_table_association",
        "aws_vpc_endpoint_security_group_association",
        "aws_vpc_endpoint_subnet_association",
    ),
    "the database or its proxy is billed": (
        "aws_db_parameter_group",
        "aws_db_proxy_default_target_group",
        "aws_db_proxy_target",
        "aws_rds_cluster_parameter_group",
    ),
    "the function is billed, by its requests and their duration": (
        "aws_lambda_alias",
        "aws_lambda_event_source_mapping",
        "aws_lambda_function_event_invoke_config",
        "aws_lambda_invocation",
        "aws_lambda_layer_version",
        "aws_lambda_permission",
    ),
    "the function that calls it states its usage": ("aws_bedrock_guardrail",),
    "the API is billed, by its requests": (
        "aws_api_gateway_deployment",
        "aws_api_gateway_integration",
        "aws_api_gateway_method",
        "aws_api_gateway_resource",
        "aws_apigatewayv2_api_mapping",
        "aws_apigatewayv2_authorizer",
        "aws_apigatewayv2_domain_name",
        "aws_apigatewayv2_integration",
        "aws_apigatewayv2_route",
    ),
    "the bucket is billed, by what it holds and its requests": (
        "aws_s3_bucket_cors_configuration",
        "aws_s3_bucket_lifecycle_configuration",
        "aws_s3_bucket_logging",
        "aws_s3_bucket_notification",
        "aws_s3_bucket_ownership_controls",
        "aws_s3_bucket_policy",
        "aws_s3_bucket_public_access_block",
        "aws_s3_bucket_server_side_encryption_configuration",
        "aws_s3_bucket_versioning",
    ),
    "a name or a policy of what is billed itself": (
        "aws_ecr_lifecycle_policy",
        "aws_ecr_repository_policy",
        "aws_kms_alias",
        "aws_kms_key_policy",
        "aws_secretsmanager_secret_policy",
        "aws_secretsmanager_secret_rotation",
        "aws_secretsmanager_secret_version",
        "aws_sns_topic_policy",
        "aws_sqs_queue_policy",
        "aws_sqs_queue_redrive_allow_policy",
        "aws_sqs_queue_redrive_policy",
    ),
    "CloudWatch bills the logs, metrics and alarms, not this": (
        "aws_cloudwatch_log_data_protection_policy",
        "aws_cloudwatch_log_resource_policy",
        "aws_cloudwatch_log_stream",
        "aws_cloudwatch_log_subscription_filter",
        "aws_cloudwatch_query_definition",
    ),
    "traces are billed where they are made": ("aws_xray_group", "aws_xray_sampling_rule"),
    "AWS's own events and their rules cost nothing; a bus bills its custom events": (
        "aws_cloudwatch_event_permission",
        "aws_cloudwatch_event_rule",
        "aws_cloudwatch_event_target",
        "aws_scheduler_schedule_group",
    ),
    "budgets without actions and cost anomaly detection cost nothing": (
        "aws_budgets_budget",
        "aws_ce_anomaly_monitor",
        "aws_ce_anomaly_subscription",
    ),
    "the service or the instance is billed": (
        "aws_appautoscaling_policy",
        "aws_appautoscaling_target",
        "aws_ecs_cluster",
        "aws_ecs_cluster_capacity_providers",
        "aws_ecs_task_definition",
        "aws_key_pair",
        "aws_launch_template",
    ),
    "the load balancer is billed": (
        "aws_lb_listener",
        "aws_lb_listener_rule",
        "aws_lb_target_group",
        "aws_lb_target_group_attachment",
    ),
    "the user pool is billed, by its users": (
        "aws_cognito_resource_server",
        "aws_cognito_user_group",
        "aws_cognito_user_pool_client",
        "aws_cognito_user_pool_domain",
    ),
    "the web ACL is billed, with its rules": (
        "aws_wafv2_ip_set",
        "aws_wafv2_regex_pattern_set",
        "aws_wafv2_web_acl_association",
        "aws_wafv2_web_acl_logging_configuration",
    ),
    "the distribution is billed, by what goes out": (
        "aws_cloudfront_cache_policy",
        "aws_cloudfront_origin_access_control",
        "aws_cloudfront_origin_request_policy",
        "aws_cloudfront_response_headers_policy",
    ),
    "public certificates for AWS's services cost nothing": (
        "aws_acm_certificate",
        "aws_acm_certificate_validation",
    ),
    "the workspace is billed, by its users": (
        "aws_grafana_role_association",
        "aws_grafana_workspace_saml_configuration",
    ),
}

FREE: Mapping[str, str] = {name: reason for reason, names in _REASONS.items() for name in names}
"""Resource type to the reason why it is free."""

_PROVIDERS: Mapping[str, str] = {
    "random": "it is only in Terraform's state",
    "null": "it is only in Terraform's state",
    "time": "it is only in Terraform's state",
    "tls": "it is only in Terraform's state",
    "archive": "it is a file of the machine that runs Terraform",
    "local": "it is a file of the machine that runs Terraform",
    "cloudinit": "it is only in Terraform's state",
    "terraform": "it is only in Terraform's state",
}
"""First part of the types of a provider that makes nothing in a cloud, to the reason."""


def free_reason(resource_type: str) -> str | None:
    """Why a resource type costs nothing; ``None`` where it does, or where nobody decided."""
    provider = resource_type.partition("_")[0]
    return FREE.get(resource_type) or _PROVIDERS.get(provider)

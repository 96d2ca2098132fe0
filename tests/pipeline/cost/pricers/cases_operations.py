"""Logs, alarms, keys, users, edges and pipelines, priced by hand for ap-southeast-1."""

from __future__ import annotations

from typing import Any

from tests.pipeline.cost.pricers.support import Case, resource

LOGS = {
    "monthly_data_ingested_gb": "10",
    "storage_gb": "20",
    "monthly_data_scanned_gb": "100",
}
KEPT = {"data kept": "0.6", "data read by Logs Insights": "0.7"}  # 20 x 0.03, 100 x 0.007


def metric(period: int = 60) -> dict[str, Any]:
    return {"id": "m", "metric": [{"metric_name": "Errors", "period": period}]}


CASES = (
    Case(
        name="log-group",
        of=resource("aws_cloudwatch_log_group.g", unknown={"log_group_class": True}),
        usage=LOGS,
        monthly={"data ingested": "7", **KEPT},  # 10 x 0.70
    ),
    Case(
        name="log-group-infrequent-access",
        of=resource("aws_cloudwatch_log_group.g", {"log_group_class": "INFREQUENT_ACCESS"}),
        usage=LOGS,
        monthly={"data ingested": "3.5", **KEPT},  # 10 x 0.35
    ),
    Case(
        name="log-group-of-a-flow-log-is-not-billed-twice",
        of=resource("aws_cloudwatch_log_group.g"),
        beside=(
            resource(
                "aws_flow_log.f",
                references={"log_destination": ("aws_cloudwatch_log_group.g",)},
            ),
        ),
        usage=LOGS,
        monthly=KEPT,
    ),
    Case(
        name="metric-filter",
        of=resource("aws_cloudwatch_log_metric_filter.f"),
        monthly={"custom metrics": "0.3"},
    ),
    Case(
        name="alarm",
        of=resource("aws_cloudwatch_metric_alarm.a", {"metric_name": "Errors", "period": 60}),
        monthly={"standard alarm": "0.1"},
    ),
    Case(
        name="alarm-of-high-resolution",
        of=resource("aws_cloudwatch_metric_alarm.a", {"metric_name": "Errors", "period": 10}),
        monthly={"high resolution alarm": "0.3"},
    ),
    Case(
        name="alarm-of-metric-math",
        of=resource(
            "aws_cloudwatch_metric_alarm.a",
            {"metric_query": [metric(), metric(), {"id": "e", "expression": "m / n"}]},
        ),
        monthly={"standard alarm": "0.2"},  # 2 metrics x 0.10
    ),
    Case(
        name="alarm-of-metric-math-of-high-resolution",
        of=resource("aws_cloudwatch_metric_alarm.a", {"metric_query": [metric(), metric(10)]}),
        monthly={"high resolution alarm": "0.6"},  # 2 metrics x 0.30
    ),
    Case(
        name="alarm-of-anomaly-detection",
        of=resource(
            "aws_cloudwatch_metric_alarm.a",
            {
                "threshold_metric_id": "e",
                "metric_query": [
                    metric(),
                    {"id": "e", "expression": "ANOMALY_DETECTION_BAND(m, 2)"},
                ],
            },
        ),
        monthly={"anomaly detection alarm": "0.3"},  # 3 metrics x 0.10
    ),
    Case(
        name="alarm-on-a-query",
        of=resource(
            "aws_cloudwatch_metric_alarm.a",
            {"metric_query": [{"id": "q", "expression": "SELECT AVG(Errors) FROM x"}]},
        ),
        usage={"metrics_analyzed": "5"},
        monthly={"alarm on a Metrics Insights query": "0.5"},
    ),
    Case(
        name="masks-of-a-log-group",
        of=resource("aws_cloudwatch_log_data_protection_policy.p"),
        usage={"monthly_data_scanned_gb": "10"},
        monthly={"data scanned for masks": "1.2"},  # 10 x 0.12
    ),
    Case(
        name="composite-alarm",
        of=resource("aws_cloudwatch_composite_alarm.a"),
        monthly={"composite alarm": "0.5"},
    ),
    Case(
        name="dashboard",
        of=resource("aws_cloudwatch_dashboard.d"),
        monthly={"dashboard": "3"},
    ),
    Case(
        name="canary",
        of=resource("aws_synthetics_canary.c"),
        usage={"monthly_runs": "8760"},
        monthly={"runs": "14.892"},  # 8760 x 0.0017
    ),
    Case(
        name="key",
        of=resource("aws_kms_key.k", {"enable_key_rotation": True}),
        usage={"monthly_requests": "100000"},
        monthly={"key": "1", "requests": "0.3"},  # 10 x 0.03
    ),
    Case(
        name="replica-key",
        of=resource("aws_kms_replica_key.k", {"primary_key_arn": "a"}),
        beside=(resource("aws_kms_key.p", {"arn": "a"}),),
        usage={"monthly_requests": "0"},
        monthly={"key": "1", "requests": "0"},
    ),
    Case(
        name="secret",
        of=resource("aws_secretsmanager_secret.s", unknown={"replica": True}),
        usage={"monthly_requests": "20000"},
        monthly={"secret": "0.4", "requests": "0.1"},  # 2 x 0.05
    ),
    Case(
        name="secret-in-two-regions",
        of=resource("aws_secretsmanager_secret.s", {"replica": [{"region": "us-east-1"}]}),
        usage={"monthly_requests": "0"},
        monthly={"secret": "0.4", "requests": "0", "secret in us-east-1": "0.4"},
    ),
    Case(
        name="trail",
        of=resource(
            "aws_cloudtrail.t",
            {"event_selector": [{"data_resource": [{}]}], "insight_selector": [{}]},
        ),
        usage={
            "monthly_additional_management_events": "100000",
            "monthly_data_events": "1000000",
            "monthly_insight_events": "100000",
        },
        monthly={"management events": "2", "data events": "1", "insights events": "0.35"},
    ),
    Case(
        name="budget-action",
        of=resource("aws_budgets_budget_action.a"),
        monthly={
            "days of a budget with actions": "3.041666666666666666666666667"
        },  # 730 / 24 x 0.10
    ),
    Case(
        name="budget-actions-of-one-budget-are-billed-once",
        of=resource("aws_budgets_budget_action.b", {"budget_name": "mapvibe"}),
        beside=(
            resource("aws_budgets_budget.x", {"name": "mapvibe"}),
            resource("aws_budgets_budget_action.a", {"budget_name": "mapvibe"}),
        ),
        monthly={},
    ),
    Case(name="first-trail", of=resource("aws_cloudtrail.t"), monthly={}),
    Case(
        name="detector",
        of=resource("aws_guardduty_detector.d", {"enable": True}),
        usage={"monthly_management_events": "500000", "monthly_flow_log_and_dns_gb": "2"},
        monthly={"management events": "2.3", "flow logs and DNS queries": "2.3"},  # 0.5 x 4.60
    ),
    Case(
        name="detector-of-another-region",
        of=resource("aws_guardduty_detector.d"),
        usage={"monthly_management_events": "500000", "monthly_flow_log_and_dns_gb": "2"},
        region="us-east-1",
        monthly={"management events": "2", "flow logs and DNS queries": "2"},
    ),
    Case(
        name="detector-that-is-off",
        of=resource("aws_guardduty_detector.d", {"enable": False}),
        monthly={},
    ),
    Case(
        name="detector-of-objects",
        of=resource(
            "aws_guardduty_detector_feature.f", {"name": "S3_DATA_EVENTS", "status": "ENABLED"}
        ),
        usage={"monthly_s3_data_events": "1000000"},
        monthly={"S3 data events": "1.16"},
    ),
    Case(
        name="detector-of-sign-ins",
        of=resource(
            "aws_guardduty_detector_feature.f", {"name": "RDS_LOGIN_EVENTS", "status": "ENABLED"}
        ),
        usage={"monitored_rds_vcpus": "2"},
        monthly={"vCPUs of databases": "2.44"},
    ),
    Case(
        name="plan-that-is-off",
        of=resource(
            "aws_guardduty_detector_feature.f", {"name": "EKS_AUDIT_LOGS", "status": "DISABLED"}
        ),
        monthly={},
    ),
    Case(
        name="analyzer-of-access-from-outside",
        of=resource("aws_accessanalyzer_analyzer.a", {"type": "ACCOUNT"}),
        monthly={},
    ),
    Case(
        name="analyzer-of-unused-access",
        of=resource("aws_accessanalyzer_analyzer.a", {"type": "ACCOUNT_UNUSED_ACCESS"}),
        usage={"monthly_analyzed_principals": "20"},
        monthly={"roles and users analysed": "4"},
    ),
    Case(
        name="security-hub",
        of=resource("aws_securityhub_account.h"),
        usage={"monthly_checks": "150000"},
        monthly={"checks": "140"},  # 100,000 x 0.001 and 50,000 x 0.0008
    ),
    Case(
        name="web-acl",
        of=resource("aws_wafv2_web_acl.w", {"rule": [{"name": "a"}, {"name": "b"}]}),
        usage={"monthly_requests": "10000000"},
        monthly={"web ACL": "5", "rules": "2", "requests": "6"},  # 10 x 0.60
    ),
    Case(
        name="rule-group",
        of=resource("aws_wafv2_rule_group.g", {"rule": [{}, {}, {}]}),
        monthly={"rules": "3"},
    ),
    Case(
        name="user-pool",
        of=resource("aws_cognito_user_pool.u", unknown={"user_pool_tier": True}),
        usage={"monthly_active_users": "1000"},
        monthly={"active users, essentials": "15"},  # 1000 x 0.015
    ),
    Case(
        name="user-pool-plus",
        of=resource("aws_cognito_user_pool.u", {"user_pool_tier": "PLUS"}),
        usage={"monthly_active_users": "1000"},
        monthly={"active users, plus": "20"},
    ),
    Case(
        name="user-pool-lite",
        of=resource("aws_cognito_user_pool.u", {"user_pool_tier": "LITE"}),
        usage={"monthly_active_users": "1000"},
        monthly={"active users, lite": "5.5"},
    ),
    Case(
        name="grafana",
        of=resource("aws_grafana_workspace.g"),
        usage={"monthly_active_editors": "2", "monthly_active_viewers": "5"},
        monthly={"editors": "18", "viewers": "25"},
    ),
    Case(
        name="distribution",
        of=resource("aws_cloudfront_distribution.d"),
        usage={
            "monthly_data_transfer_to_internet_gb.asia_pacific": "100",
            "monthly_https_requests.asia_pacific": "1000000",
            "monthly_http_requests.asia_pacific": "10000",
            "monthly_data_transfer_to_internet_gb.us": "10",
            "monthly_https_requests.us": "10000",
            "monthly_http_requests.us": "10000",
        },
        monthly={
            "data out, asia pacific": "12",  # 100 x 0.12
            "HTTPS requests, asia pacific": "1.2",  # 100 x 0.012
            "HTTP requests, asia pacific": "0.009",
            "data out, us": "0.85",  # 10 x 0.085
            "HTTPS requests, us": "0.01",
            "HTTP requests, us": "0.0075",
        },
    ),
    Case(
        name="distribution-of-which-nothing-is-stated",
        of=resource("aws_cloudfront_distribution.d"),
        monthly={"data out, asia pacific": None, "HTTPS requests, asia pacific": None},
    ),
    Case(name="zone", of=resource("aws_route53_zone.z"), monthly={"hosted zone": "0.5"}),
    Case(
        name="record",
        of=resource("aws_route53_record.r"),
        usage={"monthly_standard_queries": "1000000"},
        monthly={"queries": "0.4"},
    ),
    Case(
        name="alias-record",
        of=resource("aws_route53_record.r", {"alias": [{"name": "x"}]}),
        monthly={},
    ),
    Case(
        name="health-check",
        of=resource("aws_route53_health_check.h"),
        monthly={"health check": "0.5"},
    ),
    Case(
        name="pipeline-v1",
        of=resource("aws_codepipeline.p", {"pipeline_type": "V1"}),
        monthly={"active pipeline": "1"},
    ),
    Case(
        name="pipeline-v2",
        of=resource("aws_codepipeline.p", {"pipeline_type": "V2"}),
        usage={"monthly_action_minutes": "100"},
        monthly={"action minutes": "0.2"},
    ),
    *(
        Case(
            name=f"build-{name}",
            of=resource("aws_codebuild_project.b", {"environment": [environment]}),
            usage={"monthly_build_mins": "100"},
            monthly={f"build minutes, {fleet}": amount},
        )
        for name, environment, fleet, amount in (
            ("small", {"compute_type": "BUILD_GENERAL1_SMALL"}, "general1.small", "0.5"),
            ("medium", {"compute_type": "BUILD_GENERAL1_MEDIUM"}, "general1.medium", "1"),
            ("large", {"compute_type": "BUILD_GENERAL1_LARGE"}, "general1.large", "2"),
            (
                "arm",
                {"compute_type": "BUILD_GENERAL1_SMALL", "type": "ARM_CONTAINER"},
                "arm1.small",
                "0.4",
            ),
        )
    ),
)

"""CloudWatch: logs, metrics and their streams, alarms, dashboards and canaries."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from pipeline.cost.model import CostLine
from pipeline.cost.pricers.entry import MILLIONTH, THOUSANDTH, Entry, Unpriced, items
from pipeline.cost.pricing import Pricing, Subject

INGESTED, STORED, SCANNED = "monthly_data_ingested_gb", "storage_gb", "monthly_data_scanned_gb"
ANALYSED = "metrics_analyzed"
METRICS = "monthly_custom_metrics"
RUNS = "monthly_runs"
UPDATES, MATCHED = "monthly_metric_updates", "monthly_matched_log_events"
_HIGH_RESOLUTION_BELOW = 60
"""Seconds: an alarm on a shorter period is of high resolution."""

_METRICS_OF_ANOMALY_DETECTION = 3
"""The metric and the two bounds of its band. Source: https://aws.amazon.com/cloudwatch/pricing/"""


def log_group(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    """An ``aws_cloudwatch_log_group``: what comes in, what is kept, what queries read."""
    kind = str(subject.get("log_group_class", "STANDARD")).lower()
    # What a flow log writes is priced there: vended logs have tiers of their own.
    if not pricing.referring(subject, "aws_flow_log", "log_destination"):
        yield pricing.used(subject, "data ingested", f"logs.ingest.{kind}", INGESTED)
    yield pricing.used(subject, "data kept", "logs.storage", STORED)
    yield pricing.used(subject, "data read by Logs Insights", "logs.scan", SCANNED)


def data_protection(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    """An ``aws_cloudwatch_log_data_protection_policy``: all that its group takes in is scanned."""
    yield pricing.used(subject, "data scanned for masks", "logs.data_protection", SCANNED)


def metric_filter(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    """An ``aws_cloudwatch_log_metric_filter``: a custom metric for each set of dimensions."""
    yield pricing.used(
        subject,
        "custom metrics",
        "cloudwatch.metric",
        METRICS,
        default=1,
        note="one, unless the usage states more",
    )


def metric_alarm(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    """An ``aws_cloudwatch_metric_alarm``: by the metrics that it watches."""
    queries = [f"metric_query.{i}" for i in range(len(items(subject, "metric_query")))]
    expressions = [str(subject.get(f"{query}.expression", "")) for query in queries]
    if any(text.strip().upper().startswith("SELECT") for text in expressions):
        yield pricing.used(
            subject,
            "alarm on a Metrics Insights query",
            "cloudwatch.alarm.metrics_insights",
            ANALYSED,
            note="each metric that the query matches counts",
        )
        return
    metrics = sum(1 for query in queries if subject.get(f"{query}.metric", [])) or 1
    anomaly = any("ANOMALY_DETECTION_BAND" in text for text in expressions)
    if anomaly:
        metrics *= _METRICS_OF_ANOMALY_DETECTION
    resolution = (
        "high_resolution" if _period(subject, queries) < _HIGH_RESOLUTION_BELOW else "standard"
    )
    yield pricing.fixed(
        f"{'anomaly detection' if anomaly else resolution.replace('_', ' ')} alarm",
        f"cloudwatch.alarm.{resolution}",
        metrics,
        note="an anomaly detection band counts as three metrics" if anomaly else "",
    )


def _period(subject: Subject, queries: Sequence[str]) -> Decimal:
    """The shortest period that the alarm watches, in seconds."""
    paths = ["period", *(f"{query}.metric.0.period" for query in queries)]
    paths += [f"{query}.period" for query in queries]
    return min(subject.number(path, _HIGH_RESOLUTION_BELOW) for path in paths)


def composite_alarm(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    """An ``aws_cloudwatch_composite_alarm``."""
    del subject
    yield pricing.fixed("composite alarm", "cloudwatch.alarm.composite", 1)


def dashboard(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    """An ``aws_cloudwatch_dashboard``."""
    del subject
    yield pricing.fixed("dashboard", "cloudwatch.dashboard", 1)


def metric_stream(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    """An ``aws_cloudwatch_metric_stream``."""
    key = "cloudwatch.metric_stream.update"
    yield pricing.used(subject, "metric updates", key, UPDATES, scale=THOUSANDTH)


def contributor_rule(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    """An ``aws_cloudwatch_contributor_insight_rule``: itself, and the events that it matches."""
    yield pricing.fixed("rule", "cloudwatch.contributor_insights.rule", 1)
    key = "cloudwatch.contributor_insights.event"
    yield pricing.used(subject, "matched events", key, MATCHED, scale=MILLIONTH)


def canary(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    """An ``aws_synthetics_canary``."""
    note = "its function, bucket and log group are billed beside"
    yield pricing.used(subject, "runs", "cloudwatch.canary_run", RUNS, note=note)


_ACTION = "what an alarm starts is billed itself"
_ALARM = "an alarm is billed by its metrics, and not by how it judges them"
_PACE = "the usage states the runs"

ENTRIES: dict[str, Entry] = {
    "aws_cloudwatch_log_group": Entry(
        log_group,
        frozenset({INGESTED, STORED, SCANNED}),
        free={
            "name": "it is a name",
            "retention_in_days": "the usage states what is kept",
        },
    ),
    "aws_cloudwatch_log_data_protection_policy": Entry(
        data_protection,
        frozenset({SCANNED}),
        free=dict.fromkeys(
            ("log_group_name", "policy_document"), "the usage states what comes in and is scanned"
        ),
    ),
    "aws_cloudwatch_log_metric_filter": Entry(
        metric_filter,
        frozenset({METRICS}),
        free=dict.fromkeys(
            ("log_group_name", "metric_transformation", "name", "pattern"),
            "the metrics that it makes are billed",
        ),
    ),
    "aws_cloudwatch_metric_alarm": Entry(
        metric_alarm,
        frozenset({ANALYSED}),
        free={
            **dict.fromkeys(
                ("actions_enabled", "alarm_actions", "insufficient_data_actions", "ok_actions"),
                _ACTION,
            ),
            **dict.fromkeys(
                (
                    "alarm_description",
                    "alarm_name",
                    "comparison_operator",
                    "datapoints_to_alarm",
                    "dimensions",
                    "evaluate_low_sample_count_percentiles",
                    "evaluation_periods",
                    "extended_statistic",
                    "metric_name",
                    *(
                        f"metric_query.{name}"
                        for name in (
                            "account_id",
                            "id",
                            "label",
                            "metric.dimensions",
                            "metric.metric_name",
                            "metric.namespace",
                            "metric.stat",
                            "metric.unit",
                            "return_data",
                        )
                    ),
                    "namespace",
                    "statistic",
                    "threshold",
                    "threshold_metric_id",
                    "treat_missing_data",
                    "unit",
                ),
                _ALARM,
            ),
        },
    ),
    "aws_cloudwatch_composite_alarm": Entry(
        composite_alarm,
        free={
            **dict.fromkeys(
                (
                    "actions_enabled",
                    "actions_suppressor",
                    "alarm_actions",
                    "insufficient_data_actions",
                    "ok_actions",
                ),
                _ACTION,
            ),
            **dict.fromkeys(("alarm_description", "alarm_name", "alarm_rule"), _ALARM),
        },
    ),
    "aws_cloudwatch_dashboard": Entry(
        dashboard,
        free=dict.fromkeys(
            ("dashboard_body", "dashboard_name"), "a dashboard is billed, and not what it shows"
        ),
    ),
    "aws_cloudwatch_metric_stream": Entry(
        metric_stream,
        frozenset({UPDATES}),
        free={
            "firehose_arn": "the delivery stream is billed itself",
            **dict.fromkeys(
                (
                    "exclude_filter",
                    "include_filter",
                    "include_linked_accounts_metrics",
                    "name",
                    "output_format",
                ),
                "the usage states the updates",
            ),
        },
        unpriced={"statistics_configuration": Unpriced("additional statistics")},
    ),
    "aws_cloudwatch_contributor_insight_rule": Entry(
        contributor_rule,
        frozenset({MATCHED}),
        free=dict.fromkeys(
            ("rule_definition", "rule_name", "rule_state"), "the usage states what it matches"
        ),
    ),
    "aws_synthetics_canary": Entry(
        canary,
        frozenset({RUNS}),
        free={
            **dict.fromkeys(("artifact_config", "artifact_s3_location"), "the bucket is billed"),
            **dict.fromkeys(
                (
                    "delete_lambda",
                    "failure_retention_period",
                    "handler",
                    "name",
                    "run_config.environment_variables",
                    "run_config.memory_in_mb",
                    "run_config.timeout_in_seconds",
                    "runtime_version",
                    "s3_bucket",
                    "s3_key",
                    "s3_version",
                    "schedule",
                    "start_canary",
                    "success_retention_period",
                    "vpc_config",
                    "zip_file",
                ),
                _PACE,
            ),
        },
        unpriced={"run_config.active_tracing": Unpriced("X-Ray traces of each run")},
    ),
}

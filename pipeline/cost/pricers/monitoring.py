"""CloudWatch: logs, metrics, alarms, dashboards and canaries."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from pipeline.cost.model import CostLine
from pipeline.cost.pricers.entry import Entry
from pipeline.cost.pricing import Pricing, Subject

INGESTED, STORED, SCANNED = "monthly_data_ingested_gb", "storage_gb", "monthly_data_scanned_gb"
ANALYSED = "metrics_analyzed"
METRICS = "monthly_custom_metrics"
RUNS = "monthly_runs"
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
    expressions = [str(query.get("expression") or "") for query in _queries(subject)]
    if any(text.strip().upper().startswith("SELECT") for text in expressions):
        yield pricing.used(
            subject,
            "alarm on a Metrics Insights query",
            "cloudwatch.alarm.metrics_insights",
            ANALYSED,
            note="each metric that the query matches counts",
        )
        return
    metrics = sum(1 for query in _queries(subject) if query.get("metric")) or 1
    anomaly = any("ANOMALY_DETECTION_BAND" in text for text in expressions)
    if anomaly:
        metrics *= _METRICS_OF_ANOMALY_DETECTION
    resolution = "high_resolution" if _period(subject) < _HIGH_RESOLUTION_BELOW else "standard"
    yield pricing.fixed(
        f"{'anomaly detection' if anomaly else resolution.replace('_', ' ')} alarm",
        f"cloudwatch.alarm.{resolution}",
        metrics,
        note="an anomaly detection band counts as three metrics" if anomaly else "",
    )


def _queries(subject: Subject) -> list[dict[str, object]]:
    return [query for query in subject.get("metric_query", []) if query]


def _period(subject: Subject) -> Decimal:
    """The shortest period that the alarm watches, in seconds."""
    periods = [subject.number("period", _HIGH_RESOLUTION_BELOW)]
    for position in range(len(_queries(subject))):
        path = f"metric_query.{position}.metric.0.period"
        periods.append(subject.number(path, _HIGH_RESOLUTION_BELOW))
    return min(periods)


def composite_alarm(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    """An ``aws_cloudwatch_composite_alarm``."""
    del subject
    yield pricing.fixed("composite alarm", "cloudwatch.alarm.composite", 1)


def dashboard(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    """An ``aws_cloudwatch_dashboard``."""
    del subject
    yield pricing.fixed("dashboard", "cloudwatch.dashboard", 1)


def canary(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    """An ``aws_synthetics_canary``."""
    yield pricing.used(subject, "runs", "cloudwatch.canary_run", RUNS)


ENTRIES: dict[str, Entry] = {
    "aws_cloudwatch_log_group": Entry(log_group, frozenset({INGESTED, STORED, SCANNED})),
    "aws_cloudwatch_log_metric_filter": Entry(metric_filter, frozenset({METRICS})),
    "aws_cloudwatch_metric_alarm": Entry(metric_alarm, frozenset({ANALYSED})),
    "aws_cloudwatch_composite_alarm": Entry(composite_alarm),
    "aws_cloudwatch_dashboard": Entry(dashboard),
    "aws_synthetics_canary": Entry(canary, frozenset({RUNS})),
}

"""Alarms as Terraform's resources."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cdktf_cdktf_provider_aws.cloudwatch_metric_alarm import (
    CloudwatchMetricAlarm,
    CloudwatchMetricAlarmMetricQuery,
    CloudwatchMetricAlarmMetricQueryMetric,
)
from constructs import Construct

from modules.metrics import Metric
from modules.monitoring.alarm import Alarm, Rule
from modules.monitoring.formula import Band

RESULT = "result"
"""Id of the expression that an alarm judges."""


def metric_alarm(
    scope: Construct,
    alarm: Alarm,
    *,
    name: str,
    description: str,
    actions: Sequence[str],
) -> CloudwatchMetricAlarm:
    """One alarm. It never says ``unit``: a wrong one would hide all data.

    Args:
        scope: the construct that owns it.
        alarm: what it judges.
        name: its full name.
        description: what people read.
        actions: ARNs of the topics that it tells when it goes off, and when all is well again.
    """
    result = CloudwatchMetricAlarm(
        scope,
        alarm.role,
        alarm_name=name,
        alarm_description=description,
        comparison_operator=alarm.operator,
        threshold=alarm.threshold,
        evaluation_periods=alarm.evaluated,
        datapoints_to_alarm=alarm.points,
        treat_missing_data=alarm.missing,
        alarm_actions=list(actions),
        ok_actions=list(actions),
    )
    _judge(result, alarm)
    return result


def _judge(result: CloudwatchMetricAlarm, alarm: Alarm) -> None:
    value = alarm.value
    if isinstance(value, Metric):
        result.namespace, result.metric_name = value.namespace, value.name
        result.period = alarm.period
        if value.dimensions:
            result.dimensions = dict(value.dimensions)
        if value.is_percentile:
            result.extended_statistic = value.statistic
        else:
            result.statistic = value.statistic
        return
    if isinstance(value, Band):
        metrics, expression, id_ = {"m1": value.metric}, value.expression, "band"
        result.threshold_metric_id = id_
    else:
        metrics, expression, id_ = dict(value.metrics), value.expression, RESULT
    # A band is compared with its metric, so both return data; of a formula only the result does.
    result.put_metric_query(
        [
            CloudwatchMetricAlarmMetricQuery(
                id=id_, expression=expression, label=alarm.slug, return_data=True
            ),
            *(
                _query(each, metric, alarm.period, returns=isinstance(value, Band))
                for each, metric in metrics.items()
            ),
        ]
    )


def _query(
    id_: str, metric: Metric, period: int, *, returns: bool
) -> CloudwatchMetricAlarmMetricQuery:
    return CloudwatchMetricAlarmMetricQuery(
        id=id_,
        metric=CloudwatchMetricAlarmMetricQueryMetric(
            namespace=metric.namespace,
            metric_name=metric.name,
            dimensions=dict(metric.dimensions) or None,
            stat=metric.statistic,
            period=period,
        ),
        return_data=returns or None,
    )


def rule_text(rule: Rule, names: Mapping[str, str]) -> str:
    """A composite alarm's rule in AWS's words.

    Args:
        rule: the rule.
        names: the last part of an alarm's name to the whole.

    Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-combining.html
    """
    parts = [
        f"({rule_text(part, names)})" if isinstance(part, Rule) else f'ALARM("{names[part.role]}")'
        for part in rule.parts
    ]
    return f" {rule.operator} ".join(parts)

"""Lambda functions, and the queues where their lost events end.

Source: https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html
"""

from __future__ import annotations

from modules.alerting import Severity
from modules.lambda_function import Function
from modules.metrics import Metric, metric
from modules.monitoring.alarm import Alarm
from modules.monitoring.section import Graph, Line, SavedQuery, Section
from modules.monitoring.sections.queue import dead_letters

TITLE = "Functions"
_NOTE = "Throttled invocations reach the caller as 429; dead letters are events that were given up."


def section(function: Function, *, concurrency_percent: float) -> Section:
    """What is shown and judged of a function that answers callers.

    Args:
        function: the function.
        concurrency_percent: of its reserved concurrency; above it the alarm goes off.
    """
    reserved = function.capacity.reserved_concurrency
    errors = Alarm(
        slug="function-errors",
        of=function.short_name,
        meaning=f"Invocations of {function.name} end with an error or a time-out.",
        value=_of(function, "Errors", "Sum"),
        comparison=">",
        threshold=0,
        points=3,
        missing="notBreaching",  # no data means no invocations
    )
    throttles = Alarm(
        slug="function-throttles",
        of=function.short_name,
        meaning=f"Lambda refuses invocations of {function.name}: all of its concurrency is in use.",
        value=_of(function, "Throttles", "Sum"),
        comparison=">=",
        threshold=1,
        points=5,
        missing="notBreaching",  # no data means no invocations
    )
    concurrency = Alarm(
        slug="function-concurrency",
        of=function.short_name,
        meaning=f"{function.name} uses more than {concurrency_percent:g} % of the {reserved} "
        "invocations at once that are reserved for it.",
        value=_of(function, "ConcurrentExecutions", "Maximum"),
        comparison=">",
        threshold=reserved * concurrency_percent / 100,
        points=10,
        missing="notBreaching",  # no data means no invocations
    )
    lost, letters = _dead_letters(function, "warning")
    return Section(
        title=TITLE,
        note=_NOTE,
        widgets=(
            Graph(
                title=f"{function.name}: invocations at once",
                lines=[
                    Line(label="at once", value=_of(function, "ConcurrentExecutions", "Maximum"))
                ],
                alarms=(concurrency,),
            ),
            Graph(
                title=f"{function.name}: failures a minute",
                lines=[
                    Line(label="errors", value=_of(function, "Errors", "Sum")),
                    Line(label="throttles", value=_of(function, "Throttles", "Sum")),
                ],
                alarms=(errors, throttles),
            ),
            Graph(
                title=f"{function.name}: duration, ms",
                lines=[
                    Line(label=statistic, value=_of(function, "Duration", statistic))
                    for statistic in ("p50", "p95", "Maximum")
                ],
            ),
            letters,
        ),
        alarms=(errors, throttles, concurrency, lost),
        queries=(_crashes(function),),
    )


def job_section(function: Function, *, failed: Severity | None, lost: Severity) -> Section:
    """What is shown and judged of a function that runs now and then: each failure counts.

    Args:
        function: the function.
        failed: severity of a failure; None where it is shown and tells nobody.
        lost: severity of an event that was given up.
    """
    failure = Alarm(
        slug="job-failed",
        of=function.short_name,
        meaning=f"A run of {function.name} failed.",
        value=_of(function, "Errors", "Sum"),
        comparison=">",
        threshold=0,
        points=1,
        missing="notBreaching",  # no data means no run
        severity=failed,
    )
    letters, graph = _dead_letters(function, lost)
    return Section(
        title=TITLE,
        note=_NOTE,
        widgets=(
            Graph(
                title=f"{function.name}: runs and failures",
                lines=[
                    Line(label="runs", value=_of(function, "Invocations", "Sum")),
                    Line(label="failures", value=_of(function, "Errors", "Sum")),
                ],
                alarms=(failure,),
            ),
            graph,
        ),
        alarms=(failure, letters),
        queries=(_crashes(function),),
    )


def _dead_letters(function: Function, severity: Severity) -> tuple[Alarm, Graph]:
    return dead_letters(
        function.dead_letters, of=function.short_name, owner=function.name, severity=severity
    )


def _crashes(function: Function) -> SavedQuery:
    """Lambda's own lines: at the level WARN it writes those of invocations that did not succeed.

    Source: https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-log-level.html
    """
    return SavedQuery(
        name=f"{function.short_name}-crashes",
        log_groups=(function.log_group_name,),
        text="fields @timestamp, type, record.requestId, record.status, record.errorType, "
        'record.metrics.maxMemoryUsedMB\n| filter type like "platform."\n'
        "| sort @timestamp desc\n| limit 20",
    )


def _of(function: Function, name: str, statistic: str) -> Metric:
    """Of all versions and aliases together."""
    return metric("AWS/Lambda", name, statistic, {"FunctionName": function.name})

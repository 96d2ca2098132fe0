"""Lambda functions, and the queues where their lost events end.

Sources: https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html and
https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
"""

from __future__ import annotations

from cdktf_cdktf_provider_aws.sqs_queue import SqsQueue

from modules.lambda_function import Function
from modules.metrics import Metric, metric
from modules.monitoring.alarm import Alarm
from modules.monitoring.section import Graph, Line, Section

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
        ),
        alarms=(errors, throttles, concurrency, _dead_letters(function.dead_letters, function)),
    )


def job_section(function: Function) -> Section:
    """What is shown and judged of a function that runs now and then: each failure counts."""
    failed = Alarm(
        slug="job-failed",
        of=function.short_name,
        meaning=f"A run of {function.name} failed.",
        value=_of(function, "Errors", "Sum"),
        comparison=">",
        threshold=0,
        points=1,
        missing="notBreaching",  # no data means no run
        severity="critical",
    )
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
                alarms=(failed,),
                width=12,
            ),
        ),
        alarms=(failed, _dead_letters(function.dead_letters, function)),
    )


def _dead_letters(queue: SqsQueue, function: Function) -> Alarm:
    return Alarm(
        slug="dead-letters",
        of=function.short_name,
        meaning=f"An event of {function.name} was given up and waits in its queue of dead letters.",
        value=_waiting(queue),
        comparison=">",
        threshold=0,
        points=1,
        # SQS stops reporting an empty queue after some hours.
        missing="notBreaching",
    )


def _waiting(queue: SqsQueue) -> Metric:
    return metric(
        "AWS/SQS",
        "ApproximateNumberOfMessagesVisible",
        "Maximum",
        {"QueueName": str(queue.name_input)},
    )


def _of(function: Function, name: str, statistic: str) -> Metric:
    """Of all versions and aliases together."""
    return metric("AWS/Lambda", name, statistic, {"FunctionName": function.name})

"""How much is written to log groups: CloudWatch bills what comes in.

Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CloudWatch-Logs-Monitoring-CloudWatch-Metrics.html
"""

from __future__ import annotations

from collections.abc import Mapping

from modules.metrics import metric
from modules.monitoring.formula import Formula
from modules.monitoring.section import Graph, Line, Section


def section(log_groups: Mapping[str, str], *, masked: Mapping[str, str]) -> Section:
    """What comes in.

    Args:
        log_groups: label to the name of a log group.
        masked: the same of groups that mask; no other has findings to count.
    """
    return Section(
        title="Cost",
        note="Logs are billed by what comes in; models stand above; the pipeline's report has the "
        "estimate of everything else.",
        widgets=(
            Graph(
                title="Logs: MB an hour",
                lines=[
                    Line(label=label, value=_hourly(name)) for label, name in log_groups.items()
                ],
                period=300,
            ),
            Graph(
                title="Logs: entries with something to mask",
                lines=[
                    Line(
                        label=label,
                        value=metric(
                            "AWS/Logs", "LogEventsWithFindings", "Sum", {"LogGroupName": name}
                        ),
                    )
                    for label, name in masked.items()
                ],
                period=300,
            ),
        ),
    )


def _hourly(log_group: str) -> Formula:
    incoming = metric("AWS/Logs", "IncomingBytes", "Sum", {"LogGroupName": log_group})
    return Formula(expression="bytes / 1000000 * 3600 / PERIOD(bytes)", metrics={"bytes": incoming})

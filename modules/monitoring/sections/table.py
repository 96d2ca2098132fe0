"""DynamoDB tables: what was refused, what failed, what was used.

AWS publishes refusals and failures only when there are some, and keeps an alarm on them as it is
while data are missing. What a table uses is published with every request: added as nothing, it
brings the zeros that end an alarm.

Sources: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/metrics-dimensions.html and
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/AlarmThatSendsEmail.html
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from cdktf_cdktf_provider_aws.dynamodb_table import DynamodbTable

from modules.metrics import Metric, metric
from modules.monitoring.alarm import Alarm, AlarmError
from modules.monitoring.formula import Formula
from modules.monitoring.section import Graph, Line, Section

Operation = Literal[
    "BatchGetItem",
    "BatchWriteItem",
    "DeleteItem",
    "GetItem",
    "PutItem",
    "Query",
    "Scan",
    "TransactGetItems",
    "TransactWriteItems",
    "UpdateItem",
]

TITLE = "Tables"
_NOTE = (
    "Throttled: a key that everybody asks for, or more than the table's capacity. System errors are "
    "AWS's own."
)
_POINTS = 5


def section(table: DynamodbTable, *, role: str, operations: Sequence[Operation]) -> Section:
    """What is shown and judged of a table.

    Args:
        table: the table.
        role: what stands after the environment in its name.
        operations: what its users call; system errors are published by operation, never by the
            table alone. An alarm has room for eight.

    Raises:
        AlarmError: no operation, or too many.
    """
    name = str(table.name_input)
    if not operations:
        raise AlarmError(f"table {name}: no operation to watch; name those that its users call")
    events = {id_: _of(name, f"{id_.title()}ThrottleEvents") for id_ in ("read", "write")}
    failures = {
        f"e{number}": _of(name, "SystemErrors", Operation=operation)
        for number, operation in enumerate(operations)
    }
    used = {id_: _of(name, f"Consumed{id_.title()}CapacityUnits") for id_ in ("read", "write")}
    throttled = Alarm(
        slug="table-throttled",
        of=role,
        meaning=f"DynamoDB refuses reads or writes of {name}: they are too many at once.",
        value=_sum(events, used),
        comparison=">",
        threshold=0,
        points=_POINTS,
        missing="ignore",
    )
    errors = Alarm(
        slug="table-errors",
        of=role,
        meaning=f"DynamoDB fails to answer requests to {name}.",
        value=_sum(failures, used),
        comparison=">",
        threshold=0,
        points=_POINTS,
        missing="ignore",
    )
    return Section(
        title=TITLE,
        note=_NOTE,
        widgets=(
            _graph(f"{name}: throttled", events, throttled),
            _graph(
                f"{name}: system errors",
                dict(zip(operations, failures.values(), strict=True)),
                errors,
            ),
            _graph(f"{name}: capacity units used a minute", used),
        ),
        alarms=(throttled, errors),
    )


def _graph(title: str, lines: Mapping[str, Metric], *alarms: Alarm) -> Graph:
    return Graph(
        title=title,
        lines=[Line(label=label, value=value) for label, value in lines.items()],
        alarms=alarms,
    )


def _sum(parts: Mapping[str, Metric], used: Mapping[str, Metric]) -> Formula:
    """Of all parts; 0 where the table was used and no part has data."""
    traffic = {f"used_{id_}": each for id_, each in used.items()}
    return Formula(
        expression=f"{' + '.join(parts)} + 0 * ({' + '.join(traffic)})",
        metrics={**parts, **traffic},
    )


def _of(table: str, name: str, **dimensions: str) -> Metric:
    return metric("AWS/DynamoDB", name, "Sum", {"TableName": table, **dimensions})

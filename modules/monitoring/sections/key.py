"""KMS keys: how often they are used, which is billed and counts against the account's quota.

Of a key that AWS generated there is nothing else: no metric tells of denied or throttled requests,
and only imported material has an expiry to watch.

Source: https://docs.aws.amazon.com/kms/latest/developerguide/monitoring-cloudwatch.html
"""

from __future__ import annotations

from modules.encryption import EncryptionKey
from modules.metrics import metric
from modules.monitoring.alarm import Alarm
from modules.monitoring.formula import Formula
from modules.monitoring.section import Graph, Line, Section

_OPERATIONS = {
    "decrypt": "Decrypt",
    "encrypt": "Encrypt",
    "generate": "GenerateDataKey",
    "without": "GenerateDataKeyWithoutPlaintext",
}
"""Id in metric math to what AWS's services do with a symmetric key; each is a metric of its own."""

_HOUR = 3_600


def section(key: EncryptionKey, *, requests_hourly: int) -> Section:
    """What is shown and judged of a key.

    Args:
        key: the key.
        requests_hourly: more requests an hour than this are unusual.
    """
    metrics = {
        id_: metric(
            "AWS/KMS", "SuccessfulRequest", "Sum", {"KeyArn": key.arn, "Operation": operation}
        )
        for id_, operation in _OPERATIONS.items()
    }
    uses = Formula(expression=" + ".join(metrics), metrics=metrics)
    often = Alarm(
        slug="key-requests",
        of=key.role,
        meaning=f"The key {key.role} was used more than {requests_hourly} times in an hour.",
        value=uses,
        comparison=">",
        threshold=requests_hourly,
        points=1,
        period=_HOUR,
        missing="notBreaching",  # no data means that nobody used it
    )
    return Section(
        title="Cost",
        note="Keys are billed by each use.",
        widgets=(
            Graph(
                title=f"Key {key.role}: requests an hour",
                lines=[
                    *(Line(label=_OPERATIONS[id_], value=value) for id_, value in metrics.items()),
                    Line(label="all", value=uses),
                ],
                alarms=(often,),
                period=_HOUR,
            ),
        ),
        alarms=(often,),
    )

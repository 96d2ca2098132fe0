"""What Bedrock publishes of each call of a model.

Source: https://docs.aws.amazon.com/bedrock/latest/userguide/monitoring-runtime-metrics.html. Its older
text counts successes as `Invocations`, the newer one what was accepted, failures included and neither
what was throttled nor what was refused as invalid: here it is the newer one.
"""

from __future__ import annotations

from collections.abc import Iterator

from emulator.cloudwatch.publisher import Observation
from emulator.models.call import Call

_THROTTLED, _INVALID, _SERVER_ERROR = 429, 400, 500


def observations(call: Call) -> list[Observation]:
    """Gives what a call publishes, by its model or profile and for all together."""
    series: tuple[dict[str, str], ...] = ({}, {"ModelId": call.model_id})
    return [
        Observation(
            namespace="AWS/Bedrock", name=name, value=value, unit=unit, dimension_sets=series
        )
        for name, value, unit in _values(call)
    ]


def _values(call: Call) -> Iterator[tuple[str, float, str]]:
    if call.status == _THROTTLED:
        yield "InvocationThrottles", 1, "Count"
        return
    if call.status != _INVALID:
        yield "Invocations", 1, "Count"
    if call.error:
        whose = "Server" if call.status >= _SERVER_ERROR else "Client"
        yield f"Invocation{whose}Errors", 1, "Count"
        return
    yield "InvocationLatency", call.seconds * 1000, "Milliseconds"
    for name, tokens in (
        ("InputTokenCount", call.input_tokens),
        ("OutputTokenCount", call.output_tokens),
    ):
        if tokens is not None:
            yield name, tokens, "Count"

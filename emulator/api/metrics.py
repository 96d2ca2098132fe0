"""What an HTTP API publishes of each request.

Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-metrics.html. `Count` is
the number of all requests there: throttled ones (a client's error, 429) and preflights are no
exception, so they count here.
"""

from __future__ import annotations

from collections.abc import Iterator

from emulator.api.event import STAGE
from emulator.cloudwatch.publisher import Observation

_CLIENT_ERROR, _SERVER_ERROR, _END = 400, 500, 600


def observations(
    api_id: str,
    *,
    status: int,
    latency_seconds: float,
    integration_seconds: float | None,
    data_bytes: int,
) -> list[Observation]:
    """Gives what one request publishes.

    Args:
        api_id: whose; of its one stage.
        status: that the client got.
        latency_seconds: from the request to its answer.
        integration_seconds: of that, the function's; None if it was not called.
        data_bytes: of both bodies.
    """
    series = ({"ApiId": api_id}, {"ApiId": api_id, "Stage": STAGE})

    def values() -> Iterator[tuple[str, float, str]]:
        yield "Count", 1, "Count"
        # 0 as well as 1: the average is the rate of errors.
        yield "4xx", float(_CLIENT_ERROR <= status < _SERVER_ERROR), "Count"
        yield "5xx", float(_SERVER_ERROR <= status < _END), "Count"
        yield "Latency", latency_seconds * 1000, "Milliseconds"
        if integration_seconds is not None:
            yield "IntegrationLatency", integration_seconds * 1000, "Milliseconds"
        yield "DataProcessed", data_bytes, "Bytes"

    return [
        Observation(
            namespace="AWS/ApiGateway", name=name, value=value, unit=unit, dimension_sets=series
        )
        for name, value, unit in values()
    ]

"""When the RAG system's alarms go off."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from stacks.settings import Settings

Percent = Annotated[float, Field(ge=1, le=99, allow_inf_nan=False)]
Milliseconds = Annotated[float, Field(ge=1, le=300_000, allow_inf_nan=False)]
Count = Annotated[int, Field(ge=1, le=1_000_000_000)]


class MonitoringSettings(Settings):
    """Thresholds of alarms; what each means stands in docs/runbooks/alarms/."""

    error_percent: Percent = Field(default=5, description="5xx of all answers")
    outage_percent: Percent = Field(
        default=50, description="5xx of all answers that alone call somebody"
    )
    minimum_requests: Count = Field(
        default=20, description="requests a minute, below which none of these is judged"
    )
    latency_ms: Milliseconds = Field(default=2_500, description="that 95 of 100 requests take")
    anomaly_detection: bool = Field(
        default=False, description="also judge traffic and latency by what is usual"
    )
    concurrency_percent: Percent = Field(
        default=90, description="of the function's reserved concurrency"
    )
    cpu_percent: Percent = Field(default=80, description="of the database's processors")
    free_storage_percent: Percent = Field(
        default=20, description="of the storage that the database began with"
    )
    connections_percent: Percent = Field(
        default=80, description="of the connections that the proxy may open"
    )
    borrow_latency_ms: Milliseconds = Field(
        default=100, description="that clients wait for the proxy's connection"
    )
    model_tokens_hourly: Count = Field(
        default=100_000, description="tokens an hour, of all models in the account"
    )
    model_calls_hourly: Count = Field(
        default=1_000, description="calls of models an hour, in the account"
    )
    model_errors: Count = Field(default=10, description="failed calls in five minutes")
    model_latency_ms: Milliseconds = Field(
        default=10_000, description="that calls of models take on average"
    )

"""How the RAG system is watched: when alarms go off, who is called, what is logged and drawn."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from modules.bedrock import LOG_GROUP
from modules.logs import RetentionDays
from stacks.rag.forms import (
    GrafanaVersion,
    InvocationLogGroup,
    SlackChannel,
    SlackWorkspace,
)
from stacks.settings import ONCE_EACH, Email, Settings

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
    key_requests_hourly: Count = Field(
        default=100_000, description="uses an hour of the key that encrypts what is stored"
    )


class AmazonQSettings(Settings):
    """A Slack channel of Amazon Q Developer in chat applications."""

    workspace_id: SlackWorkspace = Field(
        description="the Slack workspace, which a person authorises once an account"
    )
    channel_id: SlackChannel = Field(description="the channel in it")


class AlertSettings(Settings):
    """Who is called when an alarm goes off."""

    critical_emails: Annotated[tuple[Email, ...], ONCE_EACH] = Field(
        default=(), max_length=10, description="written to for what cannot wait"
    )
    warning_emails: Annotated[tuple[Email, ...], ONCE_EACH] = Field(
        default=(), max_length=10, description="written to for what waits for the morning"
    )
    slack: Literal["notifier", "amazon-q"] | None = Field(
        default="notifier",
        description="who tells Slack: notifier (a function of ours, and a webhook that a person "
        "puts), amazon-q, or nobody",
    )
    amazon_q: AmazonQSettings | None = Field(
        default=None, description="the channel, with slack=amazon-q"
    )


class InvocationLoggingSettings(Settings):
    """The log of all Bedrock invocations; AWS keeps one an account and region."""

    log_group_name: InvocationLogGroup = Field(
        default=LOG_GROUP, description="log group of the invocations, below /aws/bedrock/"
    )
    log_retention_days: RetentionDays = Field(
        default=30, description="when entries of the log group expire, days"
    )
    bucket_retention_days: int = Field(
        default=90, ge=1, le=3653, description="when objects of the log bucket expire, days"
    )
    force_destroy: bool = Field(
        default=False, description="what was logged is deleted with the bucket"
    )
    texts: bool = Field(default=False, description="prompts and answers are logged")
    images: bool = Field(default=False, description="pictures are logged")
    embeddings: bool = Field(default=False, description="embedded texts and vectors are logged")
    videos: bool = Field(default=False, description="films are logged")


GRAFANA_DISK_TYPE = "gp3"


class GrafanaSettings(Settings):
    """Grafana on a machine of its own; see docs/grafana.md."""

    version: GrafanaVersion = Field(
        default="11.6.16", description="Grafana's version; a change replaces the machine"
    )
    instance_type: Literal["t3.small", "t3.medium"] = Field(
        default="t3.small", description="EC2's name of the machine's size"
    )
    error_percent: Percent = Field(
        default=5, description="failures above this share of the API's requests call Slack"
    )

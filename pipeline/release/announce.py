"""Tells CloudWatch that a deployment runs: alarms stay silent for what it does, and graphs show it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from pipeline.release.credentials import ROLE, SESSION, TOKEN_FILE

_PERIOD_SECONDS = 60.0
"""A period of the alarm that watches the metric."""

_LIMITS: Mapping[str, Any] = {
    "connect_timeout": 3,
    "read_timeout": 5,
    "retries": {"total_max_attempts": 2},
}
"""Of one call; a stack takes two, and each may be repeated."""

_PATIENCE_SECONDS = 10.0
"""So long a deployment waits for what only tells of it: once at its begin, once at its end."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Series:
    """The metric of one stack's deployments.

    Attributes:
        region: where it is published.
        namespace: such as ``MapVibe/Pipeline``.
        name: such as ``DeploymentRunning``.
        dimensions: name to value.
        env: the environment in which the stack's role signs in.
    """

    region: str
    namespace: str
    name: str
    dimensions: Mapping[str, str]
    env: Mapping[str, str]


@contextmanager
def announced(
    series: Sequence[Series],
    *,
    warn: Callable[[str], None],
    seconds: float = _PERIOD_SECONDS,
    patience: float = _PATIENCE_SECONDS,
) -> Iterator[None]:
    """Publish 1 at the begin, after each period, and at the end.

    What is published is for people: a failure is one line, however often it comes, and stops nothing.

    Args:
        series: one a stack.
        warn: is given that line.
        seconds: from one publication to the next.
        patience: how long the first and the last publication are waited for, seconds each.
    """
    begun, ended = threading.Event(), threading.Event()
    told: list[str] = []

    def publish() -> None:
        if (line := _publish(series)) and not told:
            told.append(line)
            warn(f"warning: the deployment is not announced, so that alarms may go off: {line}")

    def run() -> None:
        publish()
        begun.set()
        while not ended.wait(seconds):
            publish()
        publish()

    # In a thread of its own from the first call on, for nothing bounds a name's look-up or an answer
    # that drips.
    thread = threading.Thread(target=run, name="announce", daemon=True)
    thread.start()
    begun.wait(patience)
    try:
        yield
    finally:
        ended.set()
        thread.join(patience)


def _publish(series: Sequence[Series]) -> str:
    """Publish all series once; returns what first went wrong, in one line."""
    failures = [line for each in series if (line := _failure(each))]
    return failures[0] if failures else ""


def _failure(series: Series) -> str:
    try:
        _put(series)
    except (BotoCoreError, ClientError, OSError, ValueError) as error:
        # botocore raises ValueError itself for an endpoint's address that is none.
        code = error.response["Error"]["Code"] if isinstance(error, ClientError) else ""
        hint = "allow cloudwatch:PutMetricData" if "Denied" in code else "see AWS's own words"
        return f"{' '.join(str(error).split())}; {hint}"
    return ""


def _put(series: Series) -> None:
    # Signed in anew each time: an apply may take longer than credentials last.
    session = _session(series)
    client: Any = session.client("cloudwatch", region_name=series.region, config=Config(**_LIMITS))
    client.put_metric_data(
        Namespace=series.namespace,
        MetricData=[
            {
                "MetricName": series.name,
                "Dimensions": [{"Name": k, "Value": v} for k, v in series.dimensions.items()],
                "Value": 1,
                "Unit": "Count",
            }
        ],
    )


def _session(series: Series) -> Any:
    """Credentials of the stack's role by the job's token; without one, those that are there.

    AWS's library takes a token's file from this process's own variables only, and each stack has
    another role.
    """
    env = series.env
    if not env.get(TOKEN_FILE):
        return boto3.Session()
    config = Config(signature_version=UNSIGNED, **_LIMITS)
    sts: Any = boto3.client("sts", region_name=series.region, config=config)
    found = sts.assume_role_with_web_identity(
        RoleArn=env[ROLE],
        RoleSessionName=env[SESSION],
        WebIdentityToken=Path(env[TOKEN_FILE]).read_text(),
    )["Credentials"]
    return boto3.Session(
        aws_access_key_id=found["AccessKeyId"],
        aws_secret_access_key=found["SecretAccessKey"],
        aws_session_token=found["SessionToken"],
    )

"""Tells CloudWatch that a deployment runs: alarms stay silent for what it does, and graphs show it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from pipeline.release.session import LIMITS, failure, signed_in

_PERIOD_SECONDS = 60.0
"""A period of the alarm that watches the metric."""

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
        return failure(error, allow="cloudwatch:PutMetricData")
    return ""


def _put(series: Series) -> None:
    # Signed in anew each time: an apply may take longer than credentials last.
    session = signed_in(series.region, series.env)
    client: Any = session.client("cloudwatch", region_name=series.region, config=Config(**LIMITS))
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

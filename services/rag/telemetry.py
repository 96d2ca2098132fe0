"""Logs, metrics and traces. None of them ever holds the text of a document or a question."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from aws_lambda_powertools.logging import Logger
from aws_lambda_powertools.metrics import EphemeralMetrics, MetricUnit
from aws_lambda_powertools.tracing import Tracer

from .contract import NAMESPACE, ROUTE_DIMENSION, SERVICE, Metric

LOGGER = Logger(
    service=SERVICE,
    # With JSON logging Lambda filters lines by level, but only those with such a timestamp.
    use_rfc3339=True,
    utc=True,
    # As one line of text: the structured form repeats the code and the values around the error.
    serialize_stacktrace=False,
)

_METRICS: ContextVar[EphemeralMetrics | None] = ContextVar("metrics", default=None)
"""Of the current request: concurrent requests, as in tests, each have their own."""

# Libraries are not patched: that would load them when the function starts. Our own functions are
# traced instead, without what they return and raise.
TRACER = Tracer(service=SERVICE, auto_patch=False)
# The tracer logs errors of traced functions with their message, which may hold a document's text.
logging.getLogger(Tracer.__module__).setLevel(logging.CRITICAL)


@contextmanager
def metrics_of(route: str) -> Iterator[None]:
    """Gather metrics in the block and write them at its end.

    Args:
        route: their dimension.
    """
    metrics = EphemeralMetrics(namespace=NAMESPACE, service=SERVICE)
    metrics.add_dimension(ROUTE_DIMENSION, route)
    token = _METRICS.set(metrics)
    try:
        yield
    finally:
        _METRICS.reset(token)
        metrics.flush_metrics()


def add_metric(metric: Metric, value: float, unit: MetricUnit = MetricUnit.Count) -> None:
    """Add to a metric of the request; does nothing outside a request.

    Args:
        metric: which.
        value: how much.
        unit: CloudWatch's unit.
    """
    metrics = _METRICS.get()
    if metrics is not None:
        metrics.add_metric(name=metric.value, unit=unit, value=value)

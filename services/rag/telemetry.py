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
"""Of the request: where several come together, as in tests, each has its own."""

# Clients are not patched: that would load them when the function starts. Our own steps are
# traced instead, and neither what they return nor what they raise goes into the trace.
TRACER = Tracer(service=SERVICE, auto_patch=False)
# It would log every error that passes a traced step, with its message, which may hold values.
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


def count(metric: Metric, value: float, unit: MetricUnit = MetricUnit.Count) -> None:
    """Add to a metric of the request; nothing without a request.

    Args:
        metric: which.
        value: how much.
        unit: CloudWatch's unit.
    """
    metrics = _METRICS.get()
    if metrics is not None:
        metrics.add_metric(name=metric.value, unit=unit, value=value)

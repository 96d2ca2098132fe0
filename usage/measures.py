"""What is asked of CloudWatch about each model: the report's names of it, and AWS's."""

from __future__ import annotations

import functools

from modules.metrics import Metric, metric

NAMESPACE = "AWS/Bedrock"
MODEL = "ModelId"

TOKENS = ("input", "output", "cache_read", "cache_write")
"""Kinds of tokens, as the catalogue's prices call them."""

P95 = "p95"
LATENCY_SUM = "latency_sum"
LATENCY_COUNT = "latency_count"

MEASURES: dict[str, tuple[tuple[str, ...], str]] = {
    "invocations": (("Invocations",), "Sum"),
    "client_errors": (("InvocationClientErrors",), "Sum"),
    "server_errors": (("InvocationServerErrors",), "Sum"),
    "throttles": (("InvocationThrottles",), "Sum"),
    "input": (("InputTokenCount",), "Sum"),
    "output": (("OutputTokenCount",), "Sum"),
    "cache_read": (("CacheReadInputTokenCount", "CacheReadInputTokens"), "Sum"),
    "cache_write": (("CacheWriteInputTokenCount", "CacheWriteInputTokens"), "Sum"),
    LATENCY_SUM: (("InvocationLatency",), "Sum"),
    LATENCY_COUNT: (("InvocationLatency",), "SampleCount"),
    P95: (("InvocationLatency",), "p95"),
}
"""Measure to the names that AWS may give the metric, of which one has data, and the statistic."""


@functools.cache
def metrics(measure: str, model_id: str) -> tuple[Metric, ...]:
    """The metrics that may hold a measure of a model.

    Args:
        measure: of ``MEASURES``.
        model_id: as CloudWatch names it.
    """
    names, statistic = MEASURES[measure]
    return tuple(metric(NAMESPACE, name, statistic, {MODEL: model_id}) for name in names)

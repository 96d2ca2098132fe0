"""Lambda functions and their provisioned concurrency."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from pipeline.cost.model import CostLine
from pipeline.cost.pricers import bedrock
from pipeline.cost.pricers.entry import MIB_PER_GIB, MILLIONTH, THOUSANDTH, Entry
from pipeline.cost.pricing import HOURS, Pricing, Subject, Unknown

REQUESTS = "monthly_requests"
DURATION = "request_duration_ms"
TRACES = "monthly_traces_recorded"
METRICS = "monthly_custom_metrics"
_INCLUDED_STORAGE_MIB = 512
_DEFAULT_MEMORY_MIB = Decimal(128)


def function(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    """An ``aws_lambda_function``: requests, duration by memory, traces, metrics and models."""
    architecture = _architecture(subject)
    memory = _memory_gib(subject)
    yield _requests(subject, pricing, architecture)
    yield _duration(subject, pricing, f"lambda.duration.{architecture}", memory)
    storage = _storage_mib(subject) - _INCLUDED_STORAGE_MIB
    if storage > 0:
        yield _by_duration(
            subject,
            pricing,
            "temporary storage above 512 MB",
            "lambda.ephemeral_storage",
            storage / MIB_PER_GIB,
        )
    if subject.get("tracing_config.0.mode", "PassThrough") == "Active":
        yield pricing.used(subject, "X-Ray traces", "xray.recorded", TRACES, scale=MILLIONTH)
    if pricing.stated(subject, METRICS) is not None:
        yield pricing.used(subject, "custom metrics", "cloudwatch.metric", METRICS)
    yield from bedrock.models(subject, pricing)


def provisioned(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    """An ``aws_lambda_provisioned_concurrency_config``: warm environments, day and night.

    Its usage states what they serve: their duration is cheaper than on demand, and they are not
    stated at the function again.
    """
    of = pricing.related(subject, "function_name", "aws_lambda_function")
    if of is None:
        # The function's memory and architecture make the price, and it is not in this plan.
        raise Unknown("function_name", subject.address)
    architecture, memory = _architecture(of), _memory_gib(of)
    count = subject.number("provisioned_concurrent_executions", Decimal(0))
    yield pricing.fixed(
        f"{count:f} warm environments",
        f"lambda.provisioned.{architecture}",
        count * memory * HOURS * 3600,
    )
    yield _requests(subject, pricing, architecture)
    yield _duration(subject, pricing, f"lambda.provisioned_duration.{architecture}", memory)


def _architecture(subject: Subject) -> str:
    architectures = subject.get("architectures", ["x86_64"]) or ["x86_64"]
    return str(architectures[0])


def _memory_gib(subject: Subject) -> Decimal:
    return subject.number("memory_size", _DEFAULT_MEMORY_MIB) / MIB_PER_GIB


def _storage_mib(subject: Subject) -> Decimal:
    blocks = subject.get("ephemeral_storage", []) or []
    if not blocks:
        return Decimal(_INCLUDED_STORAGE_MIB)
    return subject.number("ephemeral_storage.0.size", Decimal(_INCLUDED_STORAGE_MIB))


def _requests(subject: Subject, pricing: Pricing, architecture: str) -> CostLine:
    key = f"lambda.request.{architecture}"
    return pricing.used(subject, "requests", key, REQUESTS, scale=MILLIONTH)


def _duration(subject: Subject, pricing: Pricing, key: str, memory: Decimal) -> CostLine:
    return _by_duration(subject, pricing, "duration", key, memory)


def _by_duration(
    subject: Subject, pricing: Pricing, what: str, key: str, size: Decimal
) -> CostLine:
    """Requests times seconds times GB; both usage keys must be stated."""
    duration = pricing.stated(subject, DURATION)
    if duration is None:
        return pricing.used(subject, what, key, DURATION)
    return pricing.used(
        subject,
        what,
        key,
        REQUESTS,
        scale=duration * THOUSANDTH * size,
        note=f"{duration:f} ms a request",
    )


ENTRIES: dict[str, Entry] = {
    "aws_lambda_function": Entry(
        function, frozenset({REQUESTS, DURATION, TRACES, METRICS, *bedrock.USAGE_KEYS})
    ),
    "aws_lambda_provisioned_concurrency_config": Entry(
        provisioned, frozenset({REQUESTS, DURATION})
    ),
}

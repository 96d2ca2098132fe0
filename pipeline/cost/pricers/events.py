"""EventBridge with its scheduler and pipes, and Step Functions."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import ROUND_CEILING, Decimal

from pipeline.cost.model import CostLine
from pipeline.cost.pricers.entry import MILLIONTH, THOUSANDTH, Entry
from pipeline.cost.pricers.functions import TRACES, traces
from pipeline.cost.pricing import Pricing, Subject

CUSTOM, PARTNER = "monthly_custom_events", "monthly_third_party_events"
PROCESSED, ARCHIVED = "monthly_archive_processing_gb", "archive_storage_gb"
DISCOVERED = "monthly_schema_discovery_events"
INVOCATIONS, REQUESTS = "monthly_invocations", "monthly_requests"
TRANSITIONS = "monthly_transitions"
MEMORY, DURATION = "memory_mb", "workflow_duration_ms"

_MEMORY_STEP_MIB, _DURATION_STEP_MS = 64, 100
"""An express workflow is metered in these. Source: https://aws.amazon.com/step-functions/pricing/"""
_MIB_MS = Decimal(1024 * 1000)
"""MiB times milliseconds in one GB-second."""


def bus(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    """An ``aws_cloudwatch_event_bus``: events that our own code puts, or those of a partner.

    Of the rest a bus may have nothing: it is priced where the usage states it.
    """
    if subject.get("event_source_name", ""):
        yield pricing.used(subject, "partner events", "events.partner", PARTNER, scale=MILLIONTH)
    else:
        yield pricing.used(subject, "custom events", "events.custom", CUSTOM, scale=MILLIONTH)
        if pricing.stated(subject, PARTNER) is not None:
            yield pricing.used(
                subject, "partner events", "events.partner", PARTNER, scale=MILLIONTH
            )
    if pricing.stated(subject, PROCESSED) is not None:
        yield pricing.used(subject, "events archived", "events.archive.process", PROCESSED)
    if pricing.stated(subject, ARCHIVED) is not None:
        yield pricing.used(subject, "archive", "events.archive.storage", ARCHIVED)
    if pricing.stated(subject, DISCOVERED) is not None:
        key = "events.schema.discovery"
        yield pricing.used(subject, "schema discovery", key, DISCOVERED, scale=MILLIONTH)


def archive(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    """An ``aws_cloudwatch_event_archive``: what comes in, and what it holds."""
    yield pricing.used(subject, "events archived", "events.archive.process", PROCESSED)
    yield pricing.used(subject, "archive", "events.archive.storage", ARCHIVED)


def destination(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    """An ``aws_cloudwatch_event_api_destination``."""
    key = "events.api_destination"
    yield pricing.used(subject, "invocations", key, INVOCATIONS, scale=MILLIONTH)


def discoverer(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    """An ``aws_schemas_discoverer``: every event of its bus."""
    key = "events.schema.discovery"
    yield pricing.used(subject, "events", key, DISCOVERED, scale=MILLIONTH)


def pipe(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    """An ``aws_pipes_pipe``: what is left after its filter."""
    yield pricing.used(
        subject,
        "requests after the filter",
        "pipes.request",
        REQUESTS,
        scale=MILLIONTH,
        note="each 64 KB of a request counts as one",
    )


def schedule(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    """An ``aws_scheduler_schedule``."""
    yield pricing.used(subject, "invocations", "scheduler.invocation", INVOCATIONS, scale=MILLIONTH)


def state_machine(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    """An ``aws_sfn_state_machine``: transitions, or requests and duration by memory."""
    if subject.get("type", "STANDARD") == "EXPRESS":
        key = "states.express.request"
        yield pricing.used(subject, "requests", key, REQUESTS, scale=MILLIONTH)
        yield _duration(subject, pricing)
    else:
        key = "states.transition"
        yield pricing.used(subject, "state transitions", key, TRANSITIONS, scale=THOUSANDTH)
    if subject.get("tracing_configuration.0.enabled", False):
        yield traces(subject, pricing)


def _duration(subject: Subject, pricing: Pricing) -> CostLine:
    """Requests times duration times memory; all three must be stated."""
    memory, duration = pricing.stated(subject, MEMORY), pricing.stated(subject, DURATION)
    usage_key = MEMORY if memory is None else DURATION if duration is None else REQUESTS
    if memory is None or duration is None:
        return pricing.used(subject, "duration", "states.express.duration", usage_key)
    metered = _up(memory, _MEMORY_STEP_MIB) * _up(duration, _DURATION_STEP_MS)
    return pricing.used(
        subject,
        "duration",
        "states.express.duration",
        usage_key,
        scale=metered / _MIB_MS,
        note=f"{duration:f} ms and {memory:f} MB a request",
    )


def _up(value: Decimal, step: int) -> Decimal:
    return (value / step).to_integral_value(ROUND_CEILING) * step


_TARGET = "what it calls is billed itself"

ENTRIES: dict[str, Entry] = {
    "aws_cloudwatch_event_bus": Entry(
        bus,
        frozenset({CUSTOM, PARTNER, PROCESSED, ARCHIVED, DISCOVERED}),
        free={
            "dead_letter_config": "the queue is billed",
            "kms_key_identifier": "the key is billed, as aws_kms_key",
            "name": "it is a name",
        },
    ),
    "aws_cloudwatch_event_archive": Entry(
        archive,
        frozenset({PROCESSED, ARCHIVED}),
        free=dict.fromkeys(
            ("event_pattern", "event_source_arn", "name", "retention_days"),
            "the usage states what it takes and holds",
        ),
    ),
    "aws_cloudwatch_event_api_destination": Entry(
        destination,
        frozenset({INVOCATIONS}),
        free=dict.fromkeys(
            (
                "connection_arn",
                "http_method",
                "invocation_endpoint",
                "invocation_rate_limit_per_second",
                "name",
            ),
            "invocations are billed, and not where they go",
        ),
    ),
    "aws_schemas_discoverer": Entry(
        discoverer, frozenset({DISCOVERED}), free={"source_arn": "the bus is billed itself"}
    ),
    "aws_pipes_pipe": Entry(
        pipe,
        frozenset({REQUESTS}),
        free={
            **dict.fromkeys(
                ("enrichment", "enrichment_parameters", "target", "target_parameters"), _TARGET
            ),
            **dict.fromkeys(("source", "source_parameters"), "the source is billed itself"),
            "desired_state": "a stopped pipe has no requests, and the usage states them",
            "kms_key_identifier": "the key is billed, as aws_kms_key",
            "log_configuration": "the log group, the delivery stream or the bucket is billed",
            "name": "it is a name",
        },
    ),
    "aws_scheduler_schedule": Entry(
        schedule,
        frozenset({INVOCATIONS}),
        free={
            **dict.fromkeys(
                (
                    "end_date",
                    "flexible_time_window",
                    "group_name",
                    "name",
                    "schedule_expression",
                    "schedule_expression_timezone",
                    "start_date",
                    "state",
                ),
                "invocations are billed, and not when they are",
            ),
            "target": _TARGET,
        },
    ),
    "aws_sfn_state_machine": Entry(
        state_machine,
        frozenset({TRANSITIONS, REQUESTS, MEMORY, DURATION, TRACES}),
        free={
            "definition": _TARGET,
            "encryption_configuration": "the key is billed, as aws_kms_key",
            "logging_configuration": "CloudWatch bills the log group that it goes to",
            "name": "it is a name",
            "publish": "a version costs nothing until it runs",
        },
    ),
}

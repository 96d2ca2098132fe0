"""Lambda functions and their provisioned concurrency."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from pipeline.cost.model import CostLine
from pipeline.cost.pricers import bedrock
from pipeline.cost.pricers.entry import MIB_PER_GIB, MILLIONTH, THOUSANDTH, Entry, items, stated
from pipeline.cost.pricing import HOURS, Pricing, Subject, Unknown

REQUESTS = "monthly_requests"
DURATION = "request_duration_ms"
TRACES = "monthly_traces_recorded"
METRICS = "monthly_custom_metrics"
MEMORY, ARCHITECTURE, HOURS_KEPT = "memory_mb", "architecture", "monthly_duration_hrs"
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
        yield traces(subject, pricing)
    if pricing.stated(subject, METRICS) is not None:
        yield pricing.used(subject, "custom metrics", "cloudwatch.metric", METRICS)
    yield from bedrock.models(subject, pricing)
    if _has_paid_snapshots(subject):
        yield pricing.fixed("SnapStart", "lambda.snapstart", memory * HOURS * 3600)


def traces(subject: Subject, pricing: Pricing) -> CostLine:
    """What a function, a stage or a state machine writes to X-Ray."""
    return pricing.used(subject, "X-Ray traces", "xray.recorded", TRACES, scale=MILLIONTH)


def _has_paid_snapshots(subject: Subject) -> bool:
    """Snapshots of Java cost nothing, and those of other runtimes are cached for a price.

    Source: https://docs.aws.amazon.com/lambda/latest/dg/snapstart.html
    """
    started = subject.get("snap_start.0.apply_on", "None") == "PublishedVersions"
    return started and not str(subject.get("runtime", "")).startswith("java")


def event_source(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    """An ``aws_lambda_event_source_mapping``: nothing, unless it has pollers of its own."""
    least = subject.number("provisioned_poller_config.0.minimum_pollers", 1)
    if subject.get("provisioned_poller_config", []):
        yield pricing.fixed("pollers", "lambda.event_poller", least * HOURS)


def provisioned(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    """An ``aws_lambda_provisioned_concurrency_config``: warm environments, day and night.

    Its usage states what they serve: their duration is cheaper than on demand, and they are not
    stated at the function again. Of a function that is not in this plan it may state the memory
    and the architecture too.
    """
    of = pricing.related(subject, "function_name", "aws_lambda_function")
    stated_memory = pricing.stated(subject, MEMORY)
    if of is not None:
        architecture, memory = _architecture(of), _memory_gib(of)
    elif stated_memory is not None:
        architecture = pricing.stated_word(subject, ARCHITECTURE) or "x86_64"
        memory = stated_memory / MIB_PER_GIB
    else:
        # The function's memory and architecture make the price, and it is not in this plan.
        raise Unknown("function_name", subject.address)
    count = subject.number("provisioned_concurrent_executions", Decimal(0))
    hours = stated(subject, pricing, HOURS_KEPT, HOURS)
    yield pricing.fixed(
        f"{count:f} warm environments",
        f"lambda.provisioned.{architecture}",
        count * memory * hours * 3600,
        note="" if hours == HOURS else f"in {hours:f} hours of a month",
    )
    yield _requests(subject, pricing, architecture)
    yield _duration(subject, pricing, f"lambda.provisioned_duration.{architecture}", memory)


def _architecture(subject: Subject) -> str:
    return str((items(subject, "architectures") or ["x86_64"])[0])


def _memory_gib(subject: Subject) -> Decimal:
    return subject.number("memory_size", _DEFAULT_MEMORY_MIB) / MIB_PER_GIB


def _storage_mib(subject: Subject) -> Decimal:
    blocks = items(subject, "ephemeral_storage")
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


_CODE = "requests and their duration are billed, and not what runs"
_RESULT = "where results and faults go is billed itself"

ENTRIES: dict[str, Entry] = {
    "aws_lambda_function": Entry(
        function,
        frozenset({REQUESTS, DURATION, TRACES, METRICS, *bedrock.USAGE_KEYS}),
        free={
            **dict.fromkeys(
                (
                    "filename",
                    "function_name",
                    "handler",
                    "image_config",
                    "image_uri",
                    "layers",
                    "package_type",
                    "s3_bucket",
                    "s3_key",
                    "s3_object_version",
                    "source_code_hash",
                    "timeout",
                ),
                _CODE,
            ),
            "code_signing_config_arn": "code signing costs nothing",
            "dead_letter_config": _RESULT,
            "file_system_config": "the file system is billed",
            "logging_config": "CloudWatch bills the log group",
            "publish": "a version costs nothing until it runs",
            "reserved_concurrent_executions": "a limit costs nothing: "
            "https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html",
            **dict.fromkeys(
                (
                    "replace_security_groups_on_destroy",
                    "replacement_security_group_ids",
                    "vpc_config",
                ),
                "interfaces of a function in a VPC cost nothing",
            ),
        },
    ),
    "aws_lambda_event_source_mapping": Entry(
        event_source,
        free={
            "provisioned_poller_config.maximum_pollers": "the least is priced",
            **dict.fromkeys(
                (
                    "amazon_managed_kafka_event_source_config",
                    "document_db_event_source_config",
                    "event_source_arn",
                    "function_name",
                    "queues",
                    "self_managed_event_source",
                    "self_managed_kafka_event_source_config",
                    "source_access_configuration",
                    "starting_position",
                    "starting_position_timestamp",
                    "topics",
                ),
                "the source and the function are billed themselves",
            ),
            **dict.fromkeys(
                (
                    "batch_size",
                    "bisect_batch_on_function_error",
                    "enabled",
                    "filter_criteria",
                    "function_response_types",
                    "maximum_batching_window_in_seconds",
                    "maximum_record_age_in_seconds",
                    "maximum_retry_attempts",
                    "parallelization_factor",
                    "scaling_config",
                    "tumbling_window_in_seconds",
                ),
                "the function is billed by how often it is called",
            ),
            "destination_config": _RESULT,
            "metrics_config": "metrics of AWS's services cost nothing",
        },
    ),
    "aws_lambda_provisioned_concurrency_config": Entry(
        provisioned,
        frozenset({REQUESTS, DURATION, MEMORY, ARCHITECTURE, HOURS_KEPT}),
        free={"qualifier": "every version of a function has its price"},
    ),
}

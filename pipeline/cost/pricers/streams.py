"""Kinesis Data Streams, their consumers, and Firehose."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from pipeline.cost.model import CostLine
from pipeline.cost.pricers.entry import MILLIONTH, THOUSANDTH, Entry, items
from pipeline.cost.pricing import HOURS, Pricing, Subject, Unknown

_INCLUDED_HOURS, _EXTENDED_HOURS = 24, 168
"""What a stream keeps without a charge, and with the extended one.

Source: https://docs.aws.amazon.com/streams/latest/dev/kinesis-extended-retention.html
"""
_SHARD_METRICS = 7
"""What ``ALL`` stands for. Source: https://docs.aws.amazon.com/streams/latest/dev/monitoring-with-cloudwatch.html"""

PUTS = "monthly_provisioned_put_units"
_ON_DEMAND = "monthly_on_demand"
_PROVISIONED = "monthly_provisioned"
INGESTED = "monthly_data_ingested_gb"
OBJECTS, PARSING = "monthly_partitioned_objects", "monthly_jq_processing_hours"
_S3 = "extended_s3_configuration.0"


def stream(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    """An ``aws_kinesis_stream``: by shards or on demand; what it keeps longer than a day."""
    if subject.get("stream_mode_details.0.stream_mode", "PROVISIONED") == "ON_DEMAND":
        yield from _on_demand(subject, pricing)
        return
    shards = subject.number("shard_count", 1)
    yield pricing.fixed("shards", "kinesis.shard", shards * HOURS)
    yield pricing.used(subject, "PUT payload units", "kinesis.put", PUTS, scale=MILLIONTH)
    kept = subject.number("retention_period", _INCLUDED_HOURS)
    if kept > _INCLUDED_HOURS:
        key = "kinesis.retention.extended"
        yield pricing.fixed("data kept for 2 to 7 days", key, shards * HOURS)
    if kept > _EXTENDED_HOURS:
        for what, key, usage_key in (
            ("data kept longer", "kinesis.retention.long_term", "long_term_retention_gb"),
            ("data read of it", "kinesis.retrieval.long_term", "long_term_retrieval_gb"),
        ):
            yield pricing.used(subject, what, key, f"{_PROVISIONED}_{usage_key}")
    yield from _if_stated(
        subject,
        pricing,
        "data to consumers with a fan-out",
        "kinesis.fan_out.data",
        f"{_PROVISIONED}_efo_data_out_gb",
    )
    yield from _if_stated(
        subject,
        pricing,
        "consumers with a fan-out",
        "kinesis.fan_out.shard",
        f"{_PROVISIONED}_efo_consumer_hours",
        scale=shards,
    )
    metrics = items(subject, "shard_level_metrics")
    if metrics:
        each = _SHARD_METRICS if "ALL" in metrics else len(metrics)
        yield pricing.fixed("metrics of each shard", "cloudwatch.metric", shards * each)


def _on_demand(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    yield pricing.fixed("stream", "kinesis.on_demand.stream", HOURS)
    for way in ("in", "out"):
        key = f"kinesis.on_demand.{way}"
        yield pricing.used(subject, f"data {way}", key, f"{_ON_DEMAND}_data_{way}_gb")
    kept = subject.number("retention_period", _INCLUDED_HOURS)
    if kept > _INCLUDED_HOURS:
        key = "kinesis.on_demand.retention.extended"
        usage_key = f"{_ON_DEMAND}_extended_retention_gb"
        yield pricing.used(subject, "data kept for 2 to 7 days", key, usage_key)
    if kept > _EXTENDED_HOURS:
        key = "kinesis.on_demand.retention.long_term"
        usage_key = f"{_ON_DEMAND}_long_term_retention_gb"
        yield pricing.used(subject, "data kept longer", key, usage_key)
    yield from _if_stated(
        subject,
        pricing,
        "data to consumers with a fan-out",
        "kinesis.on_demand.fan_out",
        f"{_ON_DEMAND}_efo_data_out_gb",
    )


def _if_stated(
    subject: Subject,
    pricing: Pricing,
    what: str,
    key: str,
    usage_key: str,
    *,
    scale: Decimal = Decimal(1),
) -> Iterator[CostLine]:
    """A line for what a stream may not have at all: only where the usage states it."""
    if pricing.stated(subject, usage_key) is not None:
        yield pricing.used(subject, what, key, usage_key, scale=scale)


def consumer(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    """An ``aws_kinesis_stream_consumer``: an hour for each shard of its stream.

    What it reads is stated at the stream.
    """
    of = pricing.related(subject, "stream_arn", "aws_kinesis_stream")
    if of is None:
        # The stream's shards make the price, and it is not in this plan.
        raise Unknown("stream_arn", subject.address)
    if of.get("stream_mode_details.0.stream_mode", "PROVISIONED") == "PROVISIONED":
        shards = of.number("shard_count", 1)
        yield pricing.fixed("fan-out of each shard", "kinesis.fan_out.shard", shards * HOURS)


def delivery(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    """An ``aws_kinesis_firehose_delivery_stream``: what goes through, and what is done with it."""
    yield pricing.used(subject, "data ingested", f"firehose.ingest{_source(subject)}", INGESTED)
    conversion = f"{_S3}.data_format_conversion_configuration"
    if subject.get(conversion, []) and subject.get(f"{conversion}.0.enabled", True):
        yield pricing.used(subject, "format conversion", "firehose.format_conversion", INGESTED)
    if subject.get(f"{_S3}.dynamic_partitioning_configuration.0.enabled", False):
        yield pricing.used(subject, "data partitioned", "firehose.partition.data", INGESTED)
        yield pricing.used(
            subject, "objects", "firehose.partition.object", OBJECTS, scale=THOUSANDTH
        )
        yield from _if_stated(subject, pricing, "JQ", "firehose.partition.jq", PARSING)
    if "Decompression" in _processors(subject):
        yield pricing.used(subject, "decompression", "firehose.decompression", INGESTED)
    for destination in ("elasticsearch", "opensearch", "opensearchserverless"):
        subnets = f"{destination}_configuration.0.vpc_config.0.subnet_ids"
        zones = len(items(subject, subnets))
        if zones:
            yield pricing.fixed("delivery into zones of a VPC", "firehose.vpc.az", zones * HOURS)
            yield pricing.used(subject, "data into a VPC", "firehose.vpc.data", INGESTED)


def _source(subject: Subject) -> str:
    """The last part of the price's key: Iceberg tables and sources have prices of their own."""
    if subject.get("destination", "") in ("iceberg", "snowflake"):
        return f".{subject.get('destination')}"
    if subject.get("msk_source_configuration", []):
        return ".msk"
    return ".kinesis" if subject.get("kinesis_source_configuration", []) else ""


def _processors(subject: Subject) -> set[str]:
    path = f"{_S3}.processing_configuration.0.processors"
    return {
        str(subject.get(f"{path}.{position}.type")) for position in range(len(items(subject, path)))
    }


_WHERE = "it is where data goes, which is billed there"

ENTRIES: dict[str, Entry] = {
    "aws_kinesis_stream": Entry(
        stream,
        frozenset(
            {
                PUTS,
                *(
                    f"{_ON_DEMAND}_{name}"
                    for name in (
                        "data_in_gb",
                        "data_out_gb",
                        "efo_data_out_gb",
                        "extended_retention_gb",
                        "long_term_retention_gb",
                    )
                ),
                *(
                    f"{_PROVISIONED}_{name}"
                    for name in (
                        "long_term_retention_gb",
                        "long_term_retrieval_gb",
                        "efo_data_out_gb",
                        "efo_consumer_hours",
                    )
                ),
            }
        ),
        free={
            "arn": "it is a name",
            "encryption_type": "the key is billed, as aws_kms_key",
            "enforce_consumer_deletion": "it decides what may be deleted",
            "name": "it is a name",
        },
        other_usage_keys={
            f"{_PROVISIONED}_extended_retention_gb": "it is billed by the shards, as soon as "
            "retention_period is above 24 hours"
        },
    ),
    "aws_kinesis_stream_consumer": Entry(consumer, free={"name": "it is a name"}),
    "aws_kinesis_firehose_delivery_stream": Entry(
        delivery,
        frozenset({INGESTED, OBJECTS, PARSING}),
        free={
            **dict.fromkeys(
                (
                    "arn",
                    "destination_id",
                    "elasticsearch_configuration",
                    "extended_s3_configuration",
                    "http_endpoint_configuration",
                    "iceberg_configuration",
                    "opensearch_configuration",
                    "opensearchserverless_configuration",
                    "redshift_configuration",
                    "snowflake_configuration",
                    "splunk_configuration",
                    "version_id",
                ),
                _WHERE,
            ),
            "kinesis_source_configuration": "the stream is billed itself",
            "msk_source_configuration": "the cluster is billed itself",
            "name": "it is a name",
            "server_side_encryption": "the key is billed, as aws_kms_key",
        },
    ),
}

"""SQS and SNS."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from pipeline.cost.model import CostLine
from pipeline.cost.pricers.entry import (
    HUNDRED_THOUSANDTH,
    MILLIONTH,
    Entry,
    Unpriced,
    steps,
)
from pipeline.cost.pricing import Pricing, Subject

REQUESTS, REQUEST_SIZE = "monthly_requests", "request_size_kb"
INFRACOST_SIZE = "request_size"
"""Infracost's name of the size, in KB too."""

_STEP_KB = 64
"""A message counts once for each. Source: https://aws.amazon.com/sqs/pricing/"""

_PROTOCOLS = {
    "application": ("sns.mobile_push", MILLIONTH),
    "email": ("sns.email", HUNDRED_THOUSANDTH),
    "email-json": ("sns.email", HUNDRED_THOUSANDTH),
    "firehose": ("sns.firehose", MILLIONTH),
    "http": ("sns.http", MILLIONTH),
    "https": ("sns.http", MILLIONTH),
}
_FREE_PROTOCOLS = ("lambda", "sqs")
"""Deliveries to them cost nothing at SNS. Source: https://aws.amazon.com/sns/pricing/"""

_SUBSCRIPTIONS = {
    "email_subscriptions": "email",
    "http_subscriptions": "http",
    "kinesis_subscriptions": "firehose",
    "macos_subscriptions": "application",
    "mobile_push_subscriptions": "application",
}
"""Infracost's count of a topic's subscriptions to their protocol."""


def queue(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    """An ``aws_sqs_queue``."""
    kind = "fifo" if subject.get("fifo_queue", False) else "standard"
    scale = _chunks(subject, pricing) * MILLIONTH
    yield pricing.used(subject, "requests", f"sqs.request.{kind}", REQUESTS, scale=scale)


def topic(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    """An ``aws_sns_topic``; messages of a FIFO topic have a price of their own."""
    kind = ".fifo" if subject.get("fifo_topic", False) else ""
    scale = _chunks(subject, pricing) * MILLIONTH
    yield pricing.used(subject, "messages published", f"sns.publish{kind}", REQUESTS, scale=scale)
    for usage_key, protocol in _SUBSCRIPTIONS.items():
        if count := pricing.stated(subject, usage_key):
            key, of_one = _PROTOCOLS[protocol]
            what = f"deliveries to {count:f} {usage_key.replace('_', ' ')}"
            yield pricing.used(subject, what, key, REQUESTS, scale=count * of_one)


def _chunks(subject: Subject, pricing: Pricing) -> Decimal:
    """How often one message counts."""
    size = pricing.stated(subject, REQUEST_SIZE)
    return steps(pricing.stated(subject, INFRACOST_SIZE) if size is None else size, _STEP_KB)


def subscription(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    """An ``aws_sns_topic_subscription``: deliveries that leave AWS, or any of a FIFO topic."""
    protocol = str(subject.get("protocol"))
    of = pricing.related(subject, "topic_arn", "aws_sns_topic")
    if of is not None and of.get("fifo_topic", False):
        key = "sns.delivery.fifo"
        yield pricing.used(subject, "deliveries of a FIFO topic", key, REQUESTS, scale=MILLIONTH)
        return
    if protocol in _FREE_PROTOCOLS:
        return
    # Another protocol has no row: the estimate names the missing price.
    key, scale = _PROTOCOLS.get(protocol, (f"sns.{protocol}", MILLIONTH))
    scale *= _chunks(subject, pricing)
    yield pricing.used(subject, f"deliveries by {protocol}", key, REQUESTS, scale=scale)


_DELIVERY = "what is published and delivered is billed, and not how"
_LOGS = "CloudWatch bills the log group that it goes to"
_FEEDBACK = tuple(
    f"{protocol}_{name}"
    for protocol in ("application", "firehose", "http", "lambda", "sqs")
    for name in (
        "failure_feedback_role_arn",
        "success_feedback_role_arn",
        "success_feedback_sample_rate",
    )
)

ENTRIES: dict[str, Entry] = {
    "aws_sqs_queue": Entry(
        queue,
        frozenset({REQUESTS, REQUEST_SIZE, INFRACOST_SIZE}),
        free={
            **dict.fromkeys(
                (
                    "content_based_deduplication",
                    "deduplication_scope",
                    "delay_seconds",
                    "fifo_throughput_limit",
                    "max_message_size",
                    "message_retention_seconds",
                    "receive_wait_time_seconds",
                    "redrive_allow_policy",
                    "redrive_policy",
                    "visibility_timeout_seconds",
                ),
                "requests are billed, and not what a queue holds: https://aws.amazon.com/sqs/pricing/",
            ),
            "kms_data_key_reuse_period_seconds": "the key is billed, as aws_kms_key",
            "name": "it is a name",
            "sqs_managed_sse_enabled": "keys of SQS cost nothing",
        },
    ),
    "aws_sns_topic": Entry(
        topic,
        frozenset({REQUESTS, REQUEST_SIZE, INFRACOST_SIZE, *_SUBSCRIPTIONS}),
        free={
            **dict.fromkeys(
                (
                    "content_based_deduplication",
                    "delivery_policy",
                    "fifo_throughput_scope",
                    "name",
                    "signature_version",
                ),
                _DELIVERY,
            ),
            **dict.fromkeys(_FEEDBACK, _LOGS),
        },
        unpriced={
            "archive_policy": Unpriced("an archive of messages"),
            "tracing_config": Unpriced("X-Ray traces of messages", ("PassThrough",)),
        },
        other_usage_keys={
            "sms_notification_price": "text messages have no price here",
            "sms_subscriptions": "text messages have no price here",
        },
    ),
    "aws_sns_topic_subscription": Entry(
        subscription,
        frozenset({REQUESTS, REQUEST_SIZE, INFRACOST_SIZE}),
        free=dict.fromkeys(
            (
                "confirmation_timeout_in_minutes",
                "delivery_policy",
                "endpoint",
                "endpoint_auto_confirms",
                "filter_policy",
                "raw_message_delivery",
                "redrive_policy",
                "subscription_role_arn",
            ),
            _DELIVERY,
        ),
        unpriced={
            "filter_policy_scope": Unpriced(
                "filtering by what messages hold", ("MessageAttributes",)
            ),
            "replay_policy": Unpriced("messages delivered again"),
        },
    ),
}

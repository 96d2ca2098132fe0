"""SQS, SNS, EventBridge, its scheduler, and Step Functions."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.cost.model import CostLine
from pipeline.cost.pricers.entry import (
    HUNDRED_THOUSANDTH,
    MILLIONTH,
    THOUSANDTH,
    Entry,
    steps,
)
from pipeline.cost.pricing import Pricing, Subject

REQUESTS, REQUEST_SIZE = "monthly_requests", "request_size_kb"
EVENTS = "monthly_custom_events"
INVOCATIONS = "monthly_invocations"
TRANSITIONS = "monthly_transitions"
_STEP_KB = 64
"""A message counts once for each. Source: https://aws.amazon.com/sqs/pricing/"""

_PROTOCOLS = {
    "email": ("sns.email", HUNDRED_THOUSANDTH),
    "email-json": ("sns.email", HUNDRED_THOUSANDTH),
    "http": ("sns.http", MILLIONTH),
    "https": ("sns.http", MILLIONTH),
}
_FREE_PROTOCOLS = ("lambda", "sqs")
"""Deliveries to them cost nothing at SNS. Source: https://aws.amazon.com/sns/pricing/"""


def queue(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    """An ``aws_sqs_queue``."""
    kind = "fifo" if subject.get("fifo_queue", False) else "standard"
    scale = steps(pricing.stated(subject, REQUEST_SIZE), _STEP_KB) * MILLIONTH
    yield pricing.used(subject, "requests", f"sqs.request.{kind}", REQUESTS, scale=scale)


def topic(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    """An ``aws_sns_topic``."""
    scale = steps(pricing.stated(subject, REQUEST_SIZE), _STEP_KB) * MILLIONTH
    yield pricing.used(subject, "messages published", "sns.publish", REQUESTS, scale=scale)


def subscription(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    """An ``aws_sns_topic_subscription``: deliveries that leave AWS."""
    protocol = str(subject.get("protocol"))
    if protocol in _FREE_PROTOCOLS:
        return
    # Another protocol has no row: the estimate names the missing price.
    key, scale = _PROTOCOLS.get(protocol, (f"sns.{protocol}", MILLIONTH))
    yield pricing.used(subject, f"deliveries by {protocol}", key, REQUESTS, scale=scale)


def bus(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    """An ``aws_cloudwatch_event_bus``: events that our own code puts."""
    yield pricing.used(subject, "custom events", "events.custom", EVENTS, scale=MILLIONTH)


def schedule(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    """An ``aws_scheduler_schedule``."""
    yield pricing.used(subject, "invocations", "scheduler.invocation", INVOCATIONS, scale=MILLIONTH)


def state_machine(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    """An ``aws_sfn_state_machine``; an express one has no row, and the estimate names it."""
    kind = str(subject.get("type", "STANDARD"))
    key = "states.transition" if kind == "STANDARD" else f"states.{kind.lower()}"
    yield pricing.used(subject, "state transitions", key, TRANSITIONS, scale=THOUSANDTH)


ENTRIES: dict[str, Entry] = {
    "aws_sqs_queue": Entry(queue, frozenset({REQUESTS, REQUEST_SIZE})),
    "aws_sns_topic": Entry(topic, frozenset({REQUESTS, REQUEST_SIZE})),
    "aws_sns_topic_subscription": Entry(subscription, frozenset({REQUESTS})),
    "aws_cloudwatch_event_bus": Entry(bus, frozenset({EVENTS})),
    "aws_scheduler_schedule": Entry(schedule, frozenset({INVOCATIONS})),
    "aws_sfn_state_machine": Entry(state_machine, frozenset({TRANSITIONS})),
}

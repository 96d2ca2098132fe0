"""Keys, secrets, trails and web application firewalls."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.cost.model import CostLine
from pipeline.cost.pricers.entry import (
    HUNDRED_THOUSANDTH,
    MILLIONTH,
    TEN_THOUSANDTH,
    Entry,
)
from pipeline.cost.pricing import Pricing, Subject

REQUESTS = "monthly_requests"
MANAGEMENT = "monthly_additional_management_events"
DATA = "monthly_data_events"
INSIGHTS = "monthly_insight_events"


def key(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    """An ``aws_kms_key`` or a replica of one, and the calls that use it."""
    rotated = subject.get("enable_key_rotation", False)
    note = "each of its first two rotations adds as much" if rotated else ""
    yield pricing.fixed("key", "kms.key", 1, note=note)
    yield pricing.used(subject, "requests", "kms.request", REQUESTS, scale=TEN_THOUSANDTH)


def secret(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    """An ``aws_secretsmanager_secret``: one in each of its regions, and the calls."""
    replicas = len(subject.get("replica", []) or [])
    yield pricing.fixed("secret", "secret.month", 1 + replicas)
    yield pricing.used(subject, "requests", "secret.request", REQUESTS, scale=TEN_THOUSANDTH)


def trail(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    """An ``aws_cloudtrail``: further copies of management events, data events and insights.

    The first copy of management events in a region costs nothing. So those are priced only where
    the usage states them.
    """
    if pricing.stated(subject, MANAGEMENT) is not None:
        yield _events(subject, pricing, "management", MANAGEMENT)
    if subject.get("event_selector", []) or subject.get("advanced_event_selector", []):
        yield _events(subject, pricing, "data", DATA)
    if subject.get("insight_selector", []):
        yield _events(subject, pricing, "insights", INSIGHTS)


def _events(subject: Subject, pricing: Pricing, kind: str, usage_key: str) -> CostLine:
    return pricing.used(
        subject, f"{kind} events", f"cloudtrail.{kind}", usage_key, scale=HUNDRED_THOUSANDTH
    )


def web_acl(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    """An ``aws_wafv2_web_acl``: itself, each of its rules, and the requests."""
    yield pricing.fixed("web ACL", "waf.acl", 1)
    rules = len(subject.get("rule", []))
    yield pricing.fixed("rules", "waf.rule", rules, note="a managed rule group counts as one")
    yield pricing.used(subject, "requests", "waf.request", REQUESTS, scale=MILLIONTH)


def rule_group(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    """An ``aws_wafv2_rule_group``: each of its rules."""
    yield pricing.fixed("rules", "waf.rule", len(subject.get("rule", [])))


ENTRIES: dict[str, Entry] = {
    "aws_kms_key": Entry(key, frozenset({REQUESTS})),
    "aws_kms_replica_key": Entry(key, frozenset({REQUESTS})),
    "aws_secretsmanager_secret": Entry(secret, frozenset({REQUESTS})),
    "aws_cloudtrail": Entry(trail, frozenset({MANAGEMENT, DATA, INSIGHTS})),
    "aws_wafv2_web_acl": Entry(web_acl, frozenset({REQUESTS})),
    "aws_wafv2_rule_group": Entry(rule_group),
}

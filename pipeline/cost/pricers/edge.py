"""CloudFront and Route 53."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.cost.model import CostLine
from pipeline.cost.pricers.entry import MILLIONTH, TEN_THOUSANDTH, Entry
from pipeline.cost.pricing import Pricing, Subject

QUERIES = "monthly_standard_queries"
_EDGES = ("asia_pacific", "us")
"""Edges that the catalogue prices; CloudFront bills by where the reader is."""

_TRANSFER = "monthly_data_transfer_to_internet_gb"
_HTTPS, _HTTP = "monthly_https_requests", "monthly_http_requests"


def distribution(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    """An ``aws_cloudfront_distribution``: what goes out, and the requests, by edge."""
    for edge in _EDGES:
        keys = [f"{name}.{edge}" for name in (_TRANSFER, _HTTPS, _HTTP)]
        named = [key for key in keys if pricing.stated(subject, key) is not None]
        # Readers are near the home region unless the usage says otherwise.
        for key in named or (keys[:2] if edge == _EDGES[0] else ()):
            yield _line(subject, pricing, key, edge)


def _line(subject: Subject, pricing: Pricing, usage_key: str, edge: str) -> CostLine:
    name = usage_key.partition(".")[0]
    where = edge.replace("_", " ")
    if name == _TRANSFER:
        key = f"cloudfront.transfer.{edge}"
        return pricing.used(subject, f"data out, {where}", key, usage_key)
    scheme = "https" if name == _HTTPS else "http"
    return pricing.used(
        subject,
        f"{scheme.upper()} requests, {where}",
        f"cloudfront.{scheme}.{edge}",
        usage_key,
        scale=TEN_THOUSANDTH,
    )


def zone(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    """An ``aws_route53_zone``, at the price of the first 25."""
    del subject
    yield pricing.fixed("hosted zone", "route53.zone", 1)


def record(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    """An ``aws_route53_record``: the queries; those for an alias cost nothing."""
    if not subject.get("alias", []):
        yield pricing.used(subject, "queries", "route53.query", QUERIES, scale=MILLIONTH)


def health_check(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    """An ``aws_route53_health_check`` of an endpoint in AWS."""
    del subject
    yield pricing.fixed("health check", "route53.health_check", 1)


ENTRIES: dict[str, Entry] = {
    "aws_cloudfront_distribution": Entry(
        distribution,
        frozenset(f"{name}.{edge}" for name in (_TRANSFER, _HTTPS, _HTTP) for edge in _EDGES),
    ),
    "aws_route53_zone": Entry(zone),
    "aws_route53_record": Entry(record, frozenset({QUERIES})),
    "aws_route53_health_check": Entry(health_check),
}

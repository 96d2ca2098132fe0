"""NAT gateways, public addresses, interface endpoints and flow logs."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from pipeline.cost.model import CostLine
from pipeline.cost.pricers.entry import Entry
from pipeline.cost.pricing import HOURS, Pricing, Subject, Unknown

PROCESSED = "monthly_data_processed_gb"
OUT = "monthly_data_transfer_out_gb"
INGESTED = "monthly_data_ingested_gb"
_FLOW_LOG_KEYS = {"cloud-watch-logs": "logs.vended", "s3": "logs.vended_to_s3"}


def nat_gateway(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    """An ``aws_nat_gateway``: the hours, and every GB through it."""
    yield pricing.fixed("NAT gateway", "nat.hour", HOURS)
    yield pricing.used(subject, "data processed", "nat.data", PROCESSED)
    yield pricing.used(subject, "data out to the internet", "transfer.internet", OUT)


def address(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    """An ``aws_eip``; idle ones cost what attached ones do."""
    del subject
    yield pricing.fixed("public IPv4 address", "ipv4.in_use", HOURS, note="attached or idle")


def endpoint(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    """An ``aws_vpc_endpoint``: free as a gateway; an interface costs in each of its subnets."""
    kind = subject.get("vpc_endpoint_type", "Gateway")
    if kind == "Gateway":
        return
    key = "endpoint.hour" if kind == "Interface" else f"endpoint.{str(kind).lower()}.hour"
    yield pricing.used(subject, "data processed", "endpoint.data", PROCESSED)
    subnets = _subnets(subject, pricing)
    yield pricing.fixed("interface endpoint", key, subnets * HOURS, note=f"in {subnets} subnet(s)")


def _subnets(subject: Subject, pricing: Pricing) -> int:
    """Subnets of an endpoint: associations of their own, or a list on the endpoint.

    With associations the endpoint's own list is what AWS last reported: it may be out of date.
    """
    associations = pricing.referring(
        subject, "aws_vpc_endpoint_subnet_association", "vpc_endpoint_id"
    )
    if associations:
        return len(associations)
    try:
        if subnets := subject.get("subnet_ids", []):
            return len(subnets)
    except Unknown:
        if listed := [a for a in subject.references.get("subnet_ids", ()) if "aws_subnet." in a]:
            return len(listed)
    # AWS takes an endpoint without subnets; who names none here names them elsewhere.
    raise Unknown("subnet_ids", subject.address)


def flow_log(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    """An ``aws_flow_log``: vended logs have tiers of their own."""
    kind = str(subject.get("log_destination_type", "cloud-watch-logs"))
    key = _FLOW_LOG_KEYS.get(kind, f"logs.vended_to_{kind}")
    yield pricing.used(subject, f"flow logs to {kind}", key, INGESTED)


def load_balancer(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    """An ``aws_lb``: the hours, its capacity units, and its public addresses."""
    kind = str(subject.get("load_balancer_type", "application"))
    family = {"application": "alb", "network": "nlb"}.get(kind, kind)
    yield pricing.fixed(f"{kind} load balancer", f"{family}.hour", HOURS)
    yield _capacity(subject, pricing, family)
    yield pricing.used(subject, "data out to the internet", "transfer.internet", OUT)
    if subject.get("internal", False):
        return
    zones = len(subject.get("subnets", []))
    yield pricing.fixed(
        "public IPv4 addresses", "ipv4.in_use", zones * HOURS, note=f"in {zones} subnet(s)"
    )


_UNITS_OF = {
    "processed_bytes_gb": Decimal(1),
    "new_connections": HOURS / 25,
    "active_connections": HOURS / 3000,
}
"""Capacity unit hours a month for one unit of each dimension; the dearest dimension is billed.

One unit covers 1 GB an hour, 25 new connections a second or 3,000 active ones.
Source: https://aws.amazon.com/elasticloadbalancing/pricing/
"""
_NETWORK_UNITS_OF = {
    "processed_bytes_gb": Decimal(1),
    "new_connections": HOURS / 800,
    "active_connections": HOURS / 100_000,
}


def _capacity(subject: Subject, pricing: Pricing, family: str) -> CostLine:
    scales = _NETWORK_UNITS_OF if family == "nlb" else _UNITS_OF
    units = {
        key: value * scale
        for key, scale in scales.items()
        if (value := pricing.stated(subject, key)) is not None
    }
    dearest = max(units, key=lambda key: units[key]) if units else "processed_bytes_gb"
    return pricing.used(subject, "capacity units", f"{family}.lcu", dearest, scale=scales[dearest])


ENTRIES: dict[str, Entry] = {
    "aws_nat_gateway": Entry(nat_gateway, frozenset({PROCESSED, OUT})),
    "aws_eip": Entry(address),
    "aws_vpc_endpoint": Entry(endpoint, frozenset({PROCESSED})),
    "aws_flow_log": Entry(flow_log, frozenset({INGESTED})),
    "aws_lb": Entry(load_balancer, frozenset({*_UNITS_OF, OUT})),
    "aws_alb": Entry(load_balancer, frozenset({*_UNITS_OF, OUT})),
}

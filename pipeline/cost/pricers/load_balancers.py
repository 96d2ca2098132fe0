"""Load balancers of every kind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from pipeline.cost.model import CostLine
from pipeline.cost.pricers.entry import Entry, is_set, items
from pipeline.cost.pricers.network import OUT, PROCESSED, listed
from pipeline.cost.pricing import HOURS, Pricing, Subject, Unknown

_FAMILIES = {"application": "alb", "network": "nlb", "gateway": "gwlb"}
_BYTES, _NEW, _ACTIVE, _RULES = (
    "processed_bytes_gb",
    "new_connections",
    "active_connections",
    "rule_evaluations",
)
_UNITS_OF: Mapping[str, Mapping[str, Decimal]] = {
    "application": {
        _BYTES: Decimal(1),
        _NEW: HOURS / 25,
        _ACTIVE: HOURS / 3000,
        _RULES: HOURS / 1000,
    },
    "network": {_BYTES: Decimal(1), _NEW: HOURS / 800, _ACTIVE: HOURS / 100_000},
    "gateway": {_BYTES: Decimal(1), _NEW: HOURS / 600, _ACTIVE: HOURS / 60_000},
}
"""Capacity unit hours a month for one unit of each dimension; the dearest dimension is billed.

One unit of an application load balancer is 1 GB an hour, 25 new connections a second, 3,000 active
ones, or 1,000 rule evaluations a second; the other kinds have figures of their own.
Source: https://aws.amazon.com/elasticloadbalancing/pricing/
"""

BETWEEN_ZONES = "monthly_cross_zone_gb"
"""This project's own key: GB that go on to another zone."""


def load_balancer(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    """An ``aws_lb``: the hours, its capacity units, and its public addresses."""
    kind = str(subject.get("load_balancer_type", "application"))
    family = _FAMILIES.get(kind, kind)
    yield _capacity(subject, pricing, kind, family)
    if kind == "gateway":
        # It is billed in each of its zones: https://aws.amazon.com/elasticloadbalancing/pricing/
        try:
            zones = _zones(subject)
        except Unknown:
            yield pricing.fixed("gateway load balancer", "gwlb.hour", HOURS, note="in one zone")
            raise
        note = f"in {zones} zone(s)"
        yield pricing.fixed("gateway load balancer", "gwlb.hour", zones * HOURS, note=note)
    else:
        yield pricing.fixed(f"{kind} load balancer", f"{family}.hour", HOURS)
        yield pricing.used(subject, "data out to the internet", "transfer.internet", OUT)
    if kind != "application" and subject.get("enable_cross_zone_load_balancing", False):
        yield pricing.used(
            subject,
            "data between zones",
            "transfer.inter_az",
            BETWEEN_ZONES,
            scale=Decimal(2),
            note="it is billed where it leaves and where it arrives",
        )
    reserved = subject.number("minimum_load_balancer_capacity.0.capacity_units", 0)
    if reserved:
        yield pricing.fixed("reserved capacity", f"{family}.reserved_lcu", reserved * HOURS)
    if kind != "gateway":
        yield from _addresses(subject, pricing)


def _capacity(subject: Subject, pricing: Pricing, kind: str, family: str) -> CostLine:
    scales = _UNITS_OF.get(kind, {})
    units = {
        key: value * scale
        for key, scale in scales.items()
        if (value := pricing.stated(subject, key)) is not None
    }
    dearest = max(units, key=lambda key: units[key]) if units else _BYTES
    scale = scales.get(dearest, Decimal(1))
    return pricing.used(subject, "capacity units", f"{family}.lcu", dearest, scale=scale)


def _zones(subject: Subject) -> int:
    """In how many subnets it is, each in a zone of its own.

    Raises:
        Unknown: nobody says.
    """
    if zones := len(items(subject, "subnet_mapping")) or listed(subject, "subnets"):
        return zones
    raise Unknown("subnets", subject.address)


def _addresses(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    """A public address in each zone; one that is given is billed as an ``aws_eip``."""
    is_private = subject.get("ip_address_type", "ipv4") == "dualstack-without-public-ipv4"
    if is_private or subject.get("internal", False):
        return
    mappings = range(len(items(subject, "subnet_mapping")))
    given = sum(is_set(subject, f"subnet_mapping.{n}.allocation_id") for n in mappings)
    if zones := _zones(subject) - given:
        note = f"in {zones} subnet(s)"
        yield pricing.fixed("public IPv4 addresses", "ipv4.in_use", zones * HOURS, note=note)


def classic(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    """An ``aws_elb``: the hours, every GB through it, and its public addresses."""
    yield pricing.fixed("classic load balancer", "clb.hour", HOURS)
    yield pricing.used(subject, "data processed", "clb.data", PROCESSED)
    yield pricing.used(subject, "data out to the internet", "transfer.internet", OUT)
    if subject.get("internal", False):
        return
    zones = listed(subject, "subnets") or listed(subject, "availability_zones")
    note = f"in {zones} subnet(s)"
    yield pricing.fixed("public IPv4 addresses", "ipv4.in_use", zones * HOURS, note=note)


def trust_store(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    """An ``aws_lb_trust_store``: the hours."""
    del subject
    yield pricing.fixed("trust store", "alb.trust_store.hour", HOURS)


_BEHAVIOUR = "how requests are passed on has no fee"
_LOGS = "the bucket that holds the logs is billed"

_FREE = {
    "access_logs": _LOGS,
    "client_keep_alive": _BEHAVIOUR,
    "connection_logs": _LOGS,
    "desync_mitigation_mode": _BEHAVIOUR,
    "dns_record_client_routing_policy": "it decides to which zone a client goes",
    "drop_invalid_header_fields": _BEHAVIOUR,
    "enable_deletion_protection": "it decides whether it can be deleted",
    "enable_http2": _BEHAVIOUR,
    "enable_tls_version_and_cipher_suite_headers": _BEHAVIOUR,
    "enable_waf_fail_open": "the firewall is billed by itself",
    "enable_xff_client_port": _BEHAVIOUR,
    "enable_zonal_shift": "no fee: https://aws.amazon.com/application-recovery-controller/pricing/",
    "enforce_security_group_inbound_rules_on_private_link_traffic": "rules cost nothing",
    "ipam_pools": "addresses of one's own cost nothing, and these are counted as AWS's",
    "preserve_host_header": _BEHAVIOUR,
    "subnet_mapping.ipv6_address": "IPv6 addresses cost nothing",
    "subnet_mapping.private_ipv4_address": "private addresses cost nothing",
    "subnet_mapping.subnet_id": "it is counted with its block",
    "xff_header_processing_mode": _BEHAVIOUR,
}
_LB = Entry(load_balancer, frozenset({_BYTES, _NEW, _ACTIVE, _RULES, OUT, BETWEEN_ZONES}), _FREE)

ENTRIES: dict[str, Entry] = {
    "aws_lb": _LB,
    "aws_alb": _LB,
    "aws_elb": Entry(
        classic,
        frozenset({PROCESSED, OUT}),
        free={
            "access_logs": _LOGS,
            "connection_draining": _BEHAVIOUR,
            "connection_draining_timeout": _BEHAVIOUR,
            "cross_zone_load_balancing": "no fee for data between zones: "
            "https://aws.amazon.com/elasticloadbalancing/faqs/",
            "desync_mitigation_mode": _BEHAVIOUR,
            "health_check": "checks from inside the network cost nothing",
            "instances": "the instances are billed by themselves",
            "listener": _BEHAVIOUR,
            "source_security_group": "rules cost nothing",
        },
    ),
    "aws_lb_trust_store": Entry(
        trust_store,
        free={
            "ca_certificates_bundle_s3_bucket": "the bucket is billed by itself",
            "ca_certificates_bundle_s3_key": "the bucket is billed by itself",
            "ca_certificates_bundle_s3_object_version": "the bucket is billed by itself",
        },
    ),
}

"""Route 53."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.cost.model import CostLine
from pipeline.cost.pricers.entry import MILLIONTH, Entry, items
from pipeline.cost.pricing import HOURS, Pricing, Subject

_STANDARD = "monthly_standard_queries"
_BY_POLICY = {
    "latency_routing_policy": ("latency", "monthly_latency_based_queries"),
    "geolocation_routing_policy": ("geo", "monthly_geo_queries"),
    "geoproximity_routing_policy": ("geoproximity", "monthly_geoproximity_queries"),
    "cidr_routing_policy": ("ip_based", "monthly_ip_based_queries"),
}
"""Policies whose queries have prices of their own, with the usage key of each.

Source: https://aws.amazon.com/route53/pricing/
"""
_QUERIES = "monthly_queries"
_ENDPOINT = "endpoint_type"
_FAST_SECONDS = 10
_OF_AWS = ("", "aws")


def zone(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    """An ``aws_route53_zone``, at the price of the first 25."""
    del subject
    yield pricing.fixed("hosted zone", "route53.zone", 1)


def record(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    """An ``aws_route53_record``: the queries; those for an alias cost nothing."""
    if subject.get("alias", []):
        return
    set_ = {usage_key for policy, (_, usage_key) in _BY_POLICY.items() if subject.get(policy)} or {
        _STANDARD
    }
    kinds = (("", _STANDARD), *_BY_POLICY.values())
    for kind, usage_key in kinds:
        if usage_key in set_ or pricing.stated(subject, usage_key) is not None:
            what = f"queries, {kind.replace('_', ' ')}" if kind else "queries"
            key = f"route53.query.{kind}" if kind else "route53.query"
            yield pricing.used(subject, what, key, usage_key, scale=MILLIONTH)


def health_check(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    """An ``aws_route53_health_check``, and each of its options.

    Whether its endpoint is in AWS is not in a plan: the usage says if it is elsewhere.
    """
    kind = str(subject.get("type", "HTTP"))
    place = pricing.stated_word(subject, _ENDPOINT)
    suffix, where = ("", "in AWS") if place in _OF_AWS else (".non_aws", "outside AWS")
    note = "" if place else f"an endpoint {where} is assumed; state {_ENDPOINT}: non_aws if not"
    if kind == "RECOVERY_CONTROL":
        suffix = ".recovery_control"
    yield pricing.fixed("health check", f"route53.health_check{suffix}", 1, note=note)
    options = {
        "HTTPS": kind.startswith("HTTPS"),
        "text match": kind.endswith("_STR_MATCH"),
        "fast interval": subject.number("request_interval", 30) == _FAST_SECONDS,
        "latency": bool(subject.get("measure_latency", False)),
    }
    if chosen := [name for name, is_on in options.items() if is_on]:
        key = f"route53.health_check.option{suffix}"
        yield pricing.fixed("options", key, len(chosen), note=", ".join(chosen))


def resolver(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    """An ``aws_route53_resolver_endpoint``: each of its addresses, and the queries."""
    yield pricing.used(subject, "queries", "route53.resolver.query", _QUERIES, scale=MILLIONTH)
    addresses = len(items(subject, "ip_address"))
    note = f"{addresses} address(es)"
    key = "route53.resolver.eni_hour"
    yield pricing.fixed("resolver endpoint", key, addresses * HOURS, note=note)


def traffic_policy(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    """An ``aws_route53_traffic_policy_instance``: a policy's record."""
    del subject
    yield pricing.fixed("record of a traffic policy", "route53.traffic_policy", 1)


def domain_list(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    """An ``aws_route53_resolver_firewall_domain_list``: each name that is on it."""
    names = len(items(subject, "domains"))
    yield pricing.fixed("names", "route53.dns_firewall.domain", names)


_BY_KIND = "the kind of policy decides"
_POLICIES = {
    f"{policy}.{name}": _BY_KIND
    for policy, names in {
        "cidr_routing_policy": ("collection_id", "location_name"),
        "geolocation_routing_policy": ("continent", "country", "subdivision"),
        "geoproximity_routing_policy": ("aws_region", "bias", "coordinates", "local_zone_group"),
        "latency_routing_policy": ("region",),
    }.items()
    for name in names
}
_WHERE = "where it is checked from has no fee"
_WHEN = "when it counts as healthy has no fee"

ENTRIES: dict[str, Entry] = {
    "aws_route53_health_check": Entry(
        health_check,
        frozenset({_ENDPOINT}),
        free={
            "child_health_threshold": _WHEN,
            "child_healthchecks": "each check is billed by itself",
            "cloudwatch_alarm_name": "the alarm is billed by itself",
            "cloudwatch_alarm_region": "the alarm is billed by itself",
            "disabled": "a disabled check costs the same: https://docs.aws.amazon.com/Route53/"
            "latest/APIReference/API_HealthCheckConfig.html",
            "enable_sni": "it comes with HTTPS",
            "failure_threshold": _WHEN,
            "fqdn": "what is checked has no fee",
            "insufficient_data_health_status": _WHEN,
            "invert_healthcheck": _WHEN,
            "ip_address": "what is checked has no fee",
            "reference_name": "names are for people",
            "regions": _WHERE,
            "resource_path": "what is checked has no fee",
            "routing_control_arn": "the kind of check decides",
            "search_string": "the kind of check decides",
        },
    ),
    "aws_route53_record": Entry(
        record,
        frozenset({_STANDARD, *(usage_key for _, usage_key in _BY_POLICY.values())}),
        free={
            **_POLICIES,
            "alias": "queries for an alias of AWS cost nothing: "
            "https://aws.amazon.com/route53/pricing/",
            "allow_overwrite": "it decides how Terraform creates",
            "failover_routing_policy": "its queries cost as the standard ones do",
            "health_check_id": "the check is billed by itself",
            "multivalue_answer_routing_policy": "its queries cost as the standard ones do",
            "records": "what is answered has no fee",
            "set_identifier": "names are for people",
            "ttl": "it decides how often is asked, which is stated as usage",
            "type": "queries of all kinds have one price",
            "weighted_routing_policy": "its queries cost as the standard ones do",
            "zone_id": "the zone is billed by itself",
        },
    ),
    "aws_route53_resolver_endpoint": Entry(
        resolver,
        frozenset({_QUERIES}),
        free={
            "direction": "both directions have one price",
            "ip_address.ip": "each address is counted, whichever it is",
            "ip_address.ipv6": "each address is counted, whichever it is",
            "ip_address.subnet_id": "each address is counted, wherever it is",
            "protocols": "all protocols have one price",
            "resolver_endpoint_type": "both kinds of addresses have one price",
        },
    ),
    "aws_route53_resolver_firewall_domain_list": Entry(domain_list),
    "aws_route53_traffic_policy_instance": Entry(
        traffic_policy,
        free={
            "hosted_zone_id": "the zone is billed by itself",
            "traffic_policy_id": "all policies have one price",
            "traffic_policy_version": "all policies have one price",
            "ttl": "it decides how often is asked",
        },
    ),
    "aws_route53_zone": Entry(
        zone,
        free={
            "delegation_set_id": "a set of name servers costs nothing",
            "vpc": "public and private zones have one price: "
            "https://aws.amazon.com/route53/pricing/",
        },
    ),
}

"""NAT gateways, public addresses, endpoints and flow logs."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.cost.model import CostLine
from pipeline.cost.pricers.entry import Entry, Unpriced, items
from pipeline.cost.pricing import HOURS, Pricing, Subject, Unknown

PROCESSED = "monthly_data_processed_gb"
OUT = "monthly_data_transfer_out_gb"
INGESTED = "monthly_data_ingested_gb"
_FLOW_LOG_KEYS = {"cloud-watch-logs": "logs.vended", "s3": "logs.vended_to_s3"}
_ENDPOINTS = {"Interface": "endpoint", "GatewayLoadBalancer": "endpoint.gwlb"}
_OF_AWS = ("", "amazon")
"""Pools of addresses that are AWS's own."""


def nat_gateway(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    """An ``aws_nat_gateway``: the hours, and every GB through it."""
    yield pricing.fixed("NAT gateway", "nat.hour", HOURS)
    yield pricing.used(subject, "data processed", "nat.data", PROCESSED)
    if subject.get("connectivity_type", "public") == "public":
        yield pricing.used(subject, "data out to the internet", "transfer.internet", OUT)


def address(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    """An ``aws_eip``; idle ones cost what attached ones do, and those of one's own nothing.

    Source: https://aws.amazon.com/vpc/pricing/
    """
    own = subject.get("public_ipv4_pool", "") not in _OF_AWS
    if own or subject.get("customer_owned_ipv4_pool") or subject.get("ipam_pool_id"):
        return
    yield pricing.fixed("public IPv4 address", "ipv4.in_use", HOURS, note="attached or idle")


def endpoint(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    """An ``aws_vpc_endpoint``: free as a gateway; another costs in each of its subnets."""
    kind = str(subject.get("vpc_endpoint_type", "Gateway"))
    if kind == "Gateway":
        return
    family = _ENDPOINTS.get(kind, f"endpoint.{kind.lower()}")
    yield pricing.used(subject, "data processed", f"{family}.data", PROCESSED)
    subnets = _subnets(subject, pricing)
    what = "interface endpoint" if kind == "Interface" else f"endpoint {kind}"
    yield pricing.fixed(what, f"{family}.hour", subnets * HOURS, note=f"in {subnets} subnet(s)")


def _subnets(subject: Subject, pricing: Pricing) -> int:
    """Subnets of an endpoint: associations of their own, or a list on the endpoint.

    With associations the endpoint's own list is what AWS last reported: it may be out of date.
    """
    associations = pricing.referring(
        subject, "aws_vpc_endpoint_subnet_association", "vpc_endpoint_id"
    )
    if associations:
        return len(associations)
    if subnets := listed(subject, "subnet_ids"):
        return subnets
    if configured := items(subject, "subnet_configuration"):
        return len(configured)
    # AWS takes an endpoint without subnets; who names none here names them elsewhere.
    raise Unknown("subnet_ids", subject.address)


def listed(subject: Subject, attribute: str) -> int:
    """How many subnets a list has; one that is not known yet has those that it refers to.

    Raises:
        Unknown: it is known only after the apply, and refers to none.
    """
    try:
        return len(items(subject, attribute))
    except Unknown:
        found = [a for a in subject.references.get(attribute, ()) if "aws_subnet." in a]
        if not found:
            raise
        return len(found)


def flow_log(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    """An ``aws_flow_log``: vended logs have tiers of their own."""
    kind = str(subject.get("log_destination_type", "cloud-watch-logs"))
    key = _FLOW_LOG_KEYS.get(kind, f"logs.vended_to_{kind}")
    yield pricing.used(subject, f"flow logs to {kind}", key, INGESTED)
    if subject.get("destination_options.0.file_format", "plain-text") == "parquet":
        yield pricing.used(subject, "conversion to Parquet", "logs.parquet", INGESTED)


_WHAT_IS_LOGGED = "it decides how much is logged, which is stated as usage"
_PRIVATE = "private addresses cost nothing"

ENTRIES: dict[str, Entry] = {
    "aws_nat_gateway": Entry(
        nat_gateway,
        frozenset({PROCESSED, OUT}),
        free={
            "allocation_id": "its public address is billed as an aws_eip",
            "secondary_allocation_ids": "each public address is billed as an aws_eip",
            "secondary_private_ip_address_count": _PRIVATE,
            "secondary_private_ip_addresses": _PRIVATE,
            "subnet_id": "where it is costs nothing",
        },
    ),
    "aws_eip": Entry(
        address,
        free={
            "address": "which address it is costs nothing",
            "associate_with_private_ip": _PRIVATE,
            "domain": "where it may be used costs nothing",
            "instance": "attached or idle it costs the same",
            "network_border_group": "where it may be used costs nothing",
            "network_interface": "attached or idle it costs the same",
            "vpc": "where it may be used costs nothing",
        },
        unpriced={"ipam_pool_id": Unpriced("an address of a contiguous block, by the hour")},
    ),
    "aws_vpc_endpoint": Entry(
        endpoint,
        frozenset({PROCESSED}),
        free={
            "auto_accept": "it decides who accepts the endpoint",
            "dns_options": "a private name costs nothing",
            "ip_address_type": _PRIVATE,
            "resource_configuration_arn": "the kind of endpoint decides",
            "route_table_ids": "routes cost nothing",
            "subnet_configuration.ipv4": _PRIVATE,
            "subnet_configuration.ipv6": _PRIVATE,
            "subnet_configuration.subnet_id": "it is counted with its block",
            "service_name": "endpoints of all services have one price",
            "service_network_arn": "the kind of endpoint decides",
        },
        unpriced={"service_region": Unpriced("traffic with a service of another region, by GB")},
    ),
    "aws_flow_log": Entry(
        flow_log,
        frozenset({INGESTED}),
        free={
            "deliver_cross_account_role": "permissions cost nothing",
            "destination_options.hive_compatible_partitions": "names of files cost nothing",
            "destination_options.per_hour_partition": "names of files cost nothing",
            "eni_id": "what is logged is stated as usage",
            "iam_role_arn": "permissions cost nothing",
            "log_destination": "the kind of destination decides",
            "log_format": _WHAT_IS_LOGGED,
            "log_group_name": "what is stored is billed at the log group",
            "max_aggregation_interval": _WHAT_IS_LOGGED,
            "subnet_id": "what is logged is stated as usage",
            "traffic_type": _WHAT_IS_LOGGED,
            "transit_gateway_attachment_id": "what is logged is stated as usage",
            "transit_gateway_id": "what is logged is stated as usage",
        },
    ),
}

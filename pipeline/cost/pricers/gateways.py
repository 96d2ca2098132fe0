"""Transit gateways' attachments, VPN connections and firewalls of a network."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.cost.model import CostLine
from pipeline.cost.pricers.entry import Entry, Unpriced, is_set, items
from pipeline.cost.pricers.network import OUT, PROCESSED
from pipeline.cost.pricing import HOURS, Pricing, Subject, Unknown
from pipeline.errors import PipelineError, Status

CONNECTED = "monthly_connection_hours"
"""This project's own key: hours of all connections together."""


def vpc_attachment(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    """An ``aws_ec2_transit_gateway_vpc_attachment``: the hours, and every GB that it sends."""
    yield pricing.fixed("attachment", "transit_gateway.vpc.hour", HOURS)
    yield pricing.used(subject, "data sent", "transit_gateway.vpc.data", PROCESSED)


def peering(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    """A peering attachment, on one of its two sides: the hours.

    What goes through it is billed where it enters the gateway.
    Source: https://aws.amazon.com/transit-gateway/pricing/
    """
    del subject
    yield pricing.fixed("attachment", "transit_gateway.peering.hour", HOURS)


def connect(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    """An ``aws_ec2_transit_gateway_connect``: the hours; its traffic goes through another."""
    del subject
    yield pricing.fixed("attachment", "transit_gateway.connect.hour", HOURS)


def vpn(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    """An ``aws_vpn_connection``; on a transit gateway it is an attachment as well.

    Source: https://aws.amazon.com/vpn/pricing/
    """
    yield pricing.fixed("VPN connection", "vpn.site_to_site.hour", HOURS)
    if is_set(subject, "transit_gateway_id"):
        yield pricing.fixed("attachment", "transit_gateway.vpn.hour", HOURS)
        yield pricing.used(subject, "data sent", "transit_gateway.vpn.data", PROCESSED)
    yield pricing.used(subject, "data out to the internet", "transfer.internet", OUT)


def client_vpn(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    """An ``aws_ec2_client_vpn_endpoint``: by the hours that people are connected."""
    yield pricing.used(subject, "connections", "vpn.client.connection_hour", CONNECTED)


def client_vpn_subnet(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    """An ``aws_ec2_client_vpn_network_association``: the hours of one subnet."""
    del subject
    yield pricing.fixed("association of a subnet", "vpn.client.endpoint_hour", HOURS)


def firewall(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    """An ``aws_networkfirewall_firewall``: the hours in each subnet, and every GB through it.

    Source: https://aws.amazon.com/network-firewall/pricing/
    """
    subnets = len(items(subject, "subnet_mapping"))
    note = f"in {subnets} subnet(s)"
    yield pricing.fixed("firewall", "network_firewall.endpoint_hour", subnets * HOURS, note=note)
    yield pricing.used(subject, "data processed", "network_firewall.data", PROCESSED)
    policy = pricing.related(subject, "firewall_policy_arn", "aws_networkfirewall_firewall_policy")
    if policy is None:
        raise Unknown("firewall_policy_arn", subject.address)
    if is_set(policy, "firewall_policy.0.tls_inspection_configuration_arn"):
        raise PipelineError("inspection of TLS: no price is known here", Status.UNPRICED)


_ROUTES = "routes cost nothing"
_TUNNEL = "how the tunnel is encrypted and kept up has no fee"
_TUNNEL_OPTIONS = (
    "dpd_timeout_action",
    "dpd_timeout_seconds",
    "enable_tunnel_lifecycle_control",
    "ike_versions",
    "inside_cidr",
    "inside_ipv6_cidr",
    "phase1_dh_group_numbers",
    "phase1_encryption_algorithms",
    "phase1_integrity_algorithms",
    "phase1_lifetime_seconds",
    "phase2_dh_group_numbers",
    "phase2_encryption_algorithms",
    "phase2_integrity_algorithms",
    "phase2_lifetime_seconds",
    "preshared_key",
    "rekey_fuzz_percentage",
    "rekey_margin_time_seconds",
    "replay_window_size",
    "startup_action",
)
_TUNNELS = {f"tunnel{number}_{name}": _TUNNEL for number in (1, 2) for name in _TUNNEL_OPTIONS} | {
    f"tunnel{number}_log_options": "the log group is billed for its logs" for number in (1, 2)
}

_ATTACHMENT = {
    "transit_gateway_default_route_table_association": _ROUTES,
    "transit_gateway_default_route_table_propagation": _ROUTES,
    "transit_gateway_id": "the gateway costs nothing, and its attachments do",
}
_PEERING = Entry(
    peering,
    free={
        "options": _ROUTES,
        "peer_account_id": "the other side is billed to its account",
        "peer_region": "what goes between regions is billed where it enters the gateway",
        "peer_transit_gateway_id": "the other side is billed to its account",
        "transit_gateway_id": "the gateway costs nothing, and its attachments do",
    },
)

ENTRIES: dict[str, Entry] = {
    "aws_ec2_transit_gateway_vpc_attachment": Entry(
        vpc_attachment,
        frozenset({PROCESSED}),
        free={
            **_ATTACHMENT,
            "appliance_mode_support": _ROUTES,
            "dns_support": "names inside the network cost nothing",
            "ipv6_support": _ROUTES,
            "security_group_referencing_support": "rules cost nothing",
            "subnet_ids": "an attachment has one price, whatever its subnets",
        },
    ),
    "aws_ec2_transit_gateway_peering_attachment": _PEERING,
    "aws_ec2_transit_gateway_peering_attachment_accepter": Entry(
        peering,
        free={"transit_gateway_attachment_id": "it says which attachment is accepted"},
    ),
    "aws_ec2_transit_gateway_connect": Entry(
        connect,
        free={
            **_ATTACHMENT,
            "protocol": "all protocols have one price",
            "transport_attachment_id": "the attachment below is billed by itself",
        },
    ),
    "aws_ec2_client_vpn_endpoint": Entry(
        client_vpn,
        frozenset({CONNECTED}),
        free={
            "authentication_options": "a directory is billed by itself",
            "client_cidr_block": _ROUTES,
            "client_connect_options": "the function is billed by itself",
            "client_login_banner_options": "a text has no fee",
            "client_route_enforcement_options": _ROUTES,
            "connection_log_options": "the log group is billed for its logs",
            "disconnect_on_session_timeout": "how long people are connected is stated as usage",
            "dns_servers": _ROUTES,
            "self_service_portal": "the portal has no fee",
            "server_certificate_arn": "the certificate is billed by itself",
            "session_timeout_hours": "how long people are connected is stated as usage",
            "split_tunnel": _ROUTES,
            "transport_protocol": "all protocols have one price",
            "vpn_port": "all ports have one price",
        },
    ),
    "aws_ec2_client_vpn_network_association": Entry(
        client_vpn_subnet,
        free={
            "client_vpn_endpoint_id": "the endpoint is billed for its connections",
            "subnet_id": "all subnets have one price",
        },
    ),
    "aws_networkfirewall_firewall": Entry(
        firewall,
        frozenset({PROCESSED}),
        free={
            "delete_protection": "it decides whether it can be deleted",
            "encryption_configuration": "the key is billed, as an aws_kms_key",
            "firewall_policy_change_protection": "it decides whether it can be changed",
            "subnet_change_protection": "it decides whether it can be changed",
            "subnet_mapping.ip_address_type": "it is counted with its block",
            "subnet_mapping.subnet_id": "it is counted with its block",
        },
        unpriced={"enabled_analysis_types": Unpriced("reports on the traffic")},
    ),
    "aws_vpn_connection": Entry(
        vpn,
        frozenset({PROCESSED, OUT}),
        free={
            **_TUNNELS,
            "customer_gateway_id": "the gateway costs nothing",
            "local_ipv4_network_cidr": _ROUTES,
            "local_ipv6_network_cidr": _ROUTES,
            "outside_ip_address_type": _TUNNEL,
            "remote_ipv4_network_cidr": _ROUTES,
            "remote_ipv6_network_cidr": _ROUTES,
            "static_routes_only": _ROUTES,
            "transport_transit_gateway_attachment_id": "the attachment below is billed by itself",
            "tunnel_inside_ip_version": _TUNNEL,
            "type": "all kinds have one price",
            "vpn_gateway_id": "the gateway costs nothing",
        },
        unpriced={
            "enable_acceleration": Unpriced("two accelerators by the hour, and their traffic"),
            "preshared_key_storage": Unpriced("a secret of each tunnel", ("Standard",)),
        },
    ),
}

"""Rules of zones, of address ranges and of the ways out of the network."""

from __future__ import annotations

from collections.abc import Iterator

from modules.bedrock import ENDPOINT_SERVICE
from stacks.errors import listed
from stacks.rag.settings import RagSettings
from stacks.regions import zones_of
from stacks.settings import EnvironmentSettings

_FEWEST_ZONES, _MOST_ZONES = 2, 3


def _zones(rag: RagSettings, environment: EnvironmentSettings) -> Iterator[str]:
    zones = rag.network.zones
    if not _FEWEST_ZONES <= len(zones) <= _MOST_ZONES:
        yield (
            f"network.zones={listed(zones)}: a proxy, a subnet group and multi-AZ need at least two "
            "zones, and three are the most supported; name 2 or 3 zones"
        )
    offered = zones_of(environment.region)
    strangers = [zone for zone in zones if zone not in offered]
    if offered and strangers:
        yield (
            f"network.zones={listed(strangers)}: not in region {environment.region}; "
            f"use {', '.join(offered)}"
        )
    for field, used in _zone_users(rag).items():
        missing = [zone for zone in used if zone not in zones]
        if missing:
            yield (
                f"{field}={listed(missing)}: not among network.zones ({listed(zones)}); "
                "name zones that the network has"
            )


def _zone_users(rag: RagSettings) -> dict[str, tuple[str, ...]]:
    users = {"network.interface_endpoint_zones": rag.network.interface_endpoint_zones}
    if rag.database.proxy:
        users["database.proxy.zones"] = rag.database.proxy.zones
    return users


def _way_to_bedrock(rag: RagSettings, _: EnvironmentSettings) -> Iterator[str]:
    network = rag.network
    if network.nat == "none" and ENDPOINT_SERVICE not in network.interface_endpoints:
        yield (
            f"network.interface_endpoints={listed(network.interface_endpoints)}: without NAT there "
            f"is no way out to Bedrock; add '{ENDPOINT_SERVICE}', or set network.nat to single"
        )
    if network.interface_endpoints and not network.interface_endpoint_zones:
        yield (
            "network.interface_endpoint_zones=(): endpoints without a zone have no interface; "
            "name at least one zone"
        )


def _way_to_secrets(rag: RagSettings, _: EnvironmentSettings) -> Iterator[str]:
    network = rag.network
    if network.nat == "none" and "secretsmanager" not in network.interface_endpoints:
        yield (
            f"network.interface_endpoints={listed(network.interface_endpoints)}: without NAT the "
            "function that prepares the database cannot read its secret; add 'secretsmanager', "
            "or set network.nat to single"
        )


def _way_for_grafana(rag: RagSettings, _: EnvironmentSettings) -> Iterator[str]:
    """No endpoint leads to Grafana's packages or to Slack."""
    if rag.grafana and rag.network.nat == "none":
        yield (
            "network.nat=none: Grafana cannot be installed and its alerts cannot reach Slack "
            "without NAT; set network.nat to single, or grafana to None"
        )


RULES = (_zones, _way_to_bedrock, _way_to_secrets, _way_for_grafana)

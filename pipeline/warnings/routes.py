"""Ways to an internet gateway: they make the subnets of a route table public."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pipeline.plan.values import as_text, blocks
from pipeline.warnings.ranges import is_public
from pipeline.warnings.side import Opening, Side

_IDS = "igw-"
"""How the ids of internet gateways begin."""

_GATEWAY = "aws_internet_gateway"
_TABLES = ("aws_route_table", "aws_default_route_table")
_DESTINATIONS = (
    "cidr_block",
    "destination_cidr_block",
    "destination_ipv6_cidr_block",
    "ipv6_cidr_block",
)
_PREFIX_LIST = "destination_prefix_list_id"


def openings(side: Side) -> Iterator[Opening]:
    """Whether a route, or a route in a table, leads to an internet gateway."""
    if side.type == "aws_route":
        new = side.is_unknown("gateway_id") and side.refers_to("gateway_id", _GATEWAY)
        found = _leads_out(side.values, new=new)
    elif side.type in _TABLES:
        new = side.refers_to("route", _GATEWAY) and side.is_unknown("route.gateway_id")
        rows = blocks(side.values.get("route"))
        found = any(_leads_out(row, new=new) for row in rows) or (new and not rows)
    else:
        return
    if found:
        yield Opening("its subnets become public: a way to the internet gateway")


def _leads_out(route: Mapping[str, Any], *, new: bool) -> bool:
    """Whether one route goes to the internet.

    Args:
        route: its attributes.
        new: a gateway that does not exist yet is meant where the route names no other target.
    """
    gateway = as_text(route.get("gateway_id"))
    others = (name for name in route if name.endswith("_id") and name not in _NO_TARGET)
    to_gateway = gateway.startswith(_IDS) or (
        new and not gateway and not any(map(as_text, map(route.get, others)))
    )
    to_all = any(is_public(as_text(route.get(name))) for name in _DESTINATIONS)
    return to_gateway and (to_all or bool(as_text(route.get(_PREFIX_LIST))))


_NO_TARGET = frozenset({"gateway_id", "route_table_id", _PREFIX_LIST})

"""What opens to the internet, or becomes public."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from pipeline.plan.model import Action, Change
from pipeline.report.model import PlanWarning, Topic
from pipeline.warnings.documents import public_statements, statements

Values = Mapping[str, Any]
Finder = Callable[[Values], Iterable[str]]
"""From a resource's attributes to what is open in it, each in words."""


def exposed(change: Change, references: Mapping[str, tuple[str, ...]]) -> Iterator[PlanWarning]:
    """A warning for each opening that the plan adds to one resource.

    Args:
        change: the resource.
        references: its attributes to the addresses that they refer to, from the configuration.
    """
    if change.action in (Action.DELETE, Action.FORGET):
        if change.type == "aws_s3_bucket_public_access_block":
            yield _warning(change, "goes: nothing keeps the bucket from being made public")
        return
    before = set(_openings(change.type, change.before or {}))
    after = dict(change.after or {})
    if _leads_to_gateway(change, references):
        after["gateway_id"] = _GATEWAY
    for text in _openings(change.type, after):
        if text not in before:
            yield _warning(change, text)


_GATEWAY = "igw-"
"""How the ids of internet gateways begin."""


def _leads_to_gateway(change: Change, references: Mapping[str, tuple[str, ...]]) -> bool:
    """Whether a route's target will be an internet gateway that does not exist yet."""
    targets = references.get("gateway_id", ())
    new = isinstance(change.unknown, Mapping) and change.unknown.get("gateway_id") is True
    return new and any("aws_internet_gateway." in target for target in targets)


def _warning(change: Change, text: str) -> PlanWarning:
    return PlanWarning(topic=Topic.PUBLIC, address=change.address, text=text)


def _openings(resource_type: str, values: Values) -> Iterator[str]:
    for name, wanted, text in _FLAGS.get(resource_type, ()):
        if values.get(name) == wanted:
            yield text
    if finder := _FINDERS.get(resource_type):
        yield from finder(values)
    if resource_type not in _IDENTITY_POLICIES:
        for name in ("policy", "access_policy", "access_policies", "resource_policy"):
            for statement in public_statements(statements(values.get(name))):
                yield f"its policy lets anybody {statement}"


_IDENTITY_POLICIES = frozenset(
    {"aws_iam_policy", "aws_iam_role_policy", "aws_iam_user_policy", "aws_iam_group_policy"}
)
"""Their documents name no principal; pipeline.warnings.permissions reads them."""

_FLAGS: Mapping[str, tuple[tuple[str, object, str], ...]] = {
    "aws_db_instance": (
        ("publicly_accessible", True, "the database gets an address on the internet"),
    ),
    "aws_rds_cluster_instance": (
        ("publicly_accessible", True, "the database gets an address on the internet"),
    ),
    "aws_redshift_cluster": (
        ("publicly_accessible", True, "the database gets an address on the internet"),
    ),
    "aws_mq_broker": (("publicly_accessible", True, "the broker gets an address on the internet"),),
    "aws_subnet": (("map_public_ip_on_launch", True, "what starts in it gets a public address"),),
    "aws_instance": (("associate_public_ip_address", True, "it gets a public address"),),
    "aws_lb": (("internal", False, "it faces the internet"),),
    "aws_alb": (("internal", False, "it faces the internet"),),
    "aws_lambda_function_url": (
        ("authorization_type", "NONE", "anybody may call the function, without signing in"),
    ),
    "aws_apigatewayv2_route": (
        ("authorization_type", "NONE", "anybody may call the route, without signing in"),
    ),
    "aws_api_gateway_method": (
        ("authorization", "NONE", "anybody may call the method, without signing in"),
    ),
    "aws_s3_bucket_public_access_block": (
        ("block_public_acls", False, "public ACLs are no longer blocked"),
        ("block_public_policy", False, "public bucket policies are no longer blocked"),
        ("ignore_public_acls", False, "public ACLs are no longer ignored"),
        ("restrict_public_buckets", False, "a public bucket is no longer restricted"),
    ),
    "aws_s3_bucket_acl": (
        ("acl", "public-read", "anybody may read the bucket"),
        ("acl", "public-read-write", "anybody may read and write the bucket"),
    ),
    "aws_ami_launch_permission": (("group", "all", "anybody may start the image"),),
    "aws_lambda_permission": (("principal", "*", "anybody may call the function"),),
}
"""Type to attribute, its open value, and what that means."""


def _is_public(cidr: object) -> bool:
    """Whether an address range reaches beyond private networks."""
    if not isinstance(cidr, str):
        return False
    try:
        network = ipaddress.ip_network(cidr, strict=False)
    except ValueError:
        return False
    return network.prefixlen == 0 or not network.is_private


def _from(values: Values, ranges: Iterable[object]) -> Iterator[str]:
    """Openings of one rule: which ports, from where."""
    for cidr in ranges:
        if _is_public(cidr):
            where = "anywhere" if str(cidr).endswith("/0") else str(cidr)
            yield f"opens {_ports(values)} to {where}"


def _ports(values: Values) -> str:
    first, last = values.get("from_port"), values.get("to_port")
    protocol = values.get("ip_protocol", values.get("protocol"))
    if str(protocol) in ("-1", "all") or first is None or first == -1:
        return "all ports"
    return f"port {first}" if first == last else f"ports {first}-{last}"


def _group_rule(values: Values) -> Iterator[str]:
    yield from _from(values, (values.get("cidr_ipv4"), values.get("cidr_ipv6")))


def _old_group_rule(values: Values) -> Iterator[str]:
    if values.get("type", "ingress") == "ingress":
        ranges = (*(values.get("cidr_blocks") or ()), *(values.get("ipv6_cidr_blocks") or ()))
        yield from _from(values, ranges)


def _group(values: Values) -> Iterator[str]:
    for rule in values.get("ingress") or ():
        yield from _old_group_rule(rule)


def _acl_rule(values: Values) -> Iterator[str]:
    if not values.get("egress") and values.get("rule_action") == "allow":
        yield from _from(values, (values.get("cidr_block"), values.get("ipv6_cidr_block")))


def _route(values: Values) -> Iterator[str]:
    """A way to an internet gateway makes the subnets of the table public."""
    target = values.get("gateway_id") or ""
    to = values.get("destination_cidr_block") or values.get("destination_ipv6_cidr_block")
    if target.startswith(_GATEWAY) and _is_public(to):
        yield "its subnets become public: a way to the internet gateway"


def _grants(values: Values) -> Iterator[str]:
    for policy in values.get("access_control_policy") or ():
        for grant in policy.get("grant") or ():
            for grantee in grant.get("grantee") or ():
                if str(grantee.get("uri", "")).endswith(("/AllUsers", "/AuthenticatedUsers")):
                    yield "an ACL lets everybody in"


_FINDERS: Mapping[str, Finder] = {
    "aws_vpc_security_group_ingress_rule": _group_rule,
    "aws_security_group_rule": _old_group_rule,
    "aws_security_group": _group,
    "aws_default_security_group": _group,
    "aws_network_acl_rule": _acl_rule,
    "aws_route": _route,
    "aws_s3_bucket_acl": _grants,
}

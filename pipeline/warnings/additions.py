"""What somebody added behind Terraform's back, and no plan would take away.

Rules, routes and policies are resources of their own, so Terraform compares only those that it made. What
they are added to tells of all of them, in attributes that the configuration leaves to AWS.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from pipeline.plan.model import Change, Plan
from pipeline.plan.values import as_map, as_text, blocks, texts
from pipeline.warnings.ranges import is_public
from pipeline.warnings.rules import traffic

Values = Mapping[str, Any]
Rule = tuple[str, str, str, str]
"""Protocol, first and last port, and the other side."""


class Addition(NamedTuple):
    """Something that was added to a resource.

    Attributes:
        change: the resource.
        text: what was added.
        opens: it lets somebody in, or lets somebody do more.
    """

    change: Change
    text: str
    opens: bool


def additions(plan: Plan) -> Iterator[Addition]:
    """Everything that was added to a resource of the plan."""
    for resource_type, find in _FINDERS.items():
        for change in plan.by_type.get(resource_type, ()):
            if change.before is not None:
                for text, opens in find(change, plan):
                    yield Addition(change, text, opens)


Found = Iterator[tuple[str, bool]]


def _before(plan: Plan, *resource_types: str) -> Iterator[Values]:
    """What exists of these types, as AWS has it."""
    for each in resource_types:
        yield from (as_map(c.before) for c in plan.by_type.get(each, ()))


def _writes(change: Change, attribute: str) -> bool:
    """Whether the configuration itself says what the attribute shall be."""
    return bool(as_map(change.written).get(attribute))


# --- rules of security groups ---------------------------------------------------------------------

_PROTOCOLS = {"6": "tcp", "17": "udp", "1": "icmp", "58": "icmpv6"}
"""Source: https://www.iana.org/assignments/protocol-numbers/protocol-numbers.xhtml"""


def _security_group(change: Change, plan: Plan) -> Found:
    group = as_text(as_map(change.before).get("id"))
    for direction in ("ingress", "egress"):
        if _writes(change, direction):
            continue
        ours = set(_our_rules(plan, direction, group))
        for block in blocks(as_map(change.before).get(direction)):
            for rule in _rules(block, block.get("protocol"), _sources(block, group)):
                if rule not in ours:
                    yield _rule_text(direction, rule, block)


def _our_rules(plan: Plan, direction: str, group: str) -> Iterator[Rule]:
    for values in _before(plan, f"aws_vpc_security_group_{direction}_rule"):
        if values.get("security_group_id") == group:
            names = ("cidr_ipv4", "cidr_ipv6", "prefix_list_id", "referenced_security_group_id")
            yield from _rules(
                values, values.get("ip_protocol"), [as_text(values.get(n)) for n in names]
            )
    for values in _before(plan, "aws_security_group_rule"):
        if values.get("security_group_id") == group and values.get("type") == direction:
            sources = [*_sources(values, group), as_text(values.get("source_security_group_id"))]
            yield from _rules(values, values.get("protocol"), sources)


def _sources(block: Values, group: str) -> list[str]:
    lists = ("cidr_blocks", "ipv6_cidr_blocks", "prefix_list_ids", "security_groups")
    return [
        *(item for name in lists for item in texts(block.get(name))),
        *([group] if block.get("self") is True else []),
    ]


def _rules(block: Values, protocol: object, sources: Iterable[str]) -> Iterator[Rule]:
    """One rule for each other side; of all protocols there are no ports."""
    name = _PROTOCOLS.get(as_text(protocol), as_text(protocol).lower())
    ports = ("", "")
    if name not in ("-1", "all"):
        ports = (as_text(block.get("from_port")), as_text(block.get("to_port")))
    for source in filter(None, sources):
        yield (name, *ports, source)


def _rule_text(direction: str, rule: Rule, block: Values) -> tuple[str, bool]:
    what = traffic({**block, "protocol": rule[0]})
    if direction == "ingress":
        return f"lets {rule[3]} in on {what}", True
    return f"lets traffic out to {rule[3]} on {what}", is_public(rule[3])


# --- rules of network ACLs, routes ----------------------------------------------------------------


def _network_acl(change: Change, plan: Plan) -> Found:
    acl = as_map(change.before).get("id")
    ours = {
        (values.get("egress") is True, values.get("rule_number"))
        for values in _before(plan, "aws_network_acl_rule")
        if values.get("network_acl_id") == acl
    }
    for direction in ("ingress", "egress"):
        if _writes(change, direction):
            continue
        for entry in blocks(as_map(change.before).get(direction)):
            if (direction == "egress", entry.get("rule_no")) not in ours:
                where = as_text(entry.get("cidr_block")) or as_text(entry.get("ipv6_cidr_block"))
                verb = as_text(entry.get("action"))
                way = "in from" if direction == "ingress" else "out to"
                text = f"has the rule {as_text(entry.get('rule_no'))}: {verb} {traffic(entry)} {way} {where}"
                yield text, verb == "allow"


_DESTINATIONS = {
    "cidr_block": "destination_cidr_block",
    "ipv6_cidr_block": "destination_ipv6_cidr_block",
    "destination_prefix_list_id": "destination_prefix_list_id",
}
"""What a table calls a route's destination, and what the route itself calls it."""


def _route_table(change: Change, plan: Plan) -> Found:
    if _writes(change, "route"):
        return
    table = as_map(change.before).get("id")
    ours = {
        as_text(values.get(name))
        for values in _before(plan, "aws_route")
        if values.get("route_table_id") == table
        for name in _DESTINATIONS.values()
    }
    for route in blocks(as_map(change.before).get("route")):
        for destination in filter(None, (as_text(route.get(name)) for name in _DESTINATIONS)):
            if destination not in ours:
                target = next(
                    (as_text(v) for n, v in route.items() if n not in _DESTINATIONS and as_text(v)),
                    "",
                )
                yield f"has a route to {destination} by {target or 'nothing known'}", True


# --- policies -------------------------------------------------------------------------------------


def _role(change: Change, plan: Plan) -> Found:
    role = as_text(as_map(change.before).get("name"))
    if not _writes(change, "inline_policy"):
        names = {
            as_text(values.get("name"))
            for values in _before(plan, "aws_iam_role_policy")
            if values.get("role") == role
        }
        for policy in blocks(as_map(change.before).get("inline_policy")):
            if (name := as_text(policy.get("name"))) and name not in names:
                yield f"has the inline policy {name}", True
    if not _writes(change, "managed_policy_arns"):
        arns = {
            as_text(values.get("policy_arn"))
            for values in _before(plan, "aws_iam_role_policy_attachment")
            if values.get("role") == role
        }
        for arn in texts(as_map(change.before).get("managed_policy_arns")):
            if arn not in arns:
                yield f"has the policy {arn}", True


def _with_policy(child: str, attribute: str) -> Callable[[Change, Plan], Found]:
    """What has a policy document that would be a resource of its own.

    Args:
        child: type of that resource.
        attribute: by which it names what the policy is of.
    """

    def find(change: Change, plan: Plan) -> Found:
        values = as_map(change.before)
        known = {as_text(each.get(attribute)) for each in _before(plan, child)}
        if (
            as_text(values.get("policy"))
            and not _writes(change, "policy")
            and not known & {as_text(values.get(name)) for name in ("id", "arn", "url")}
        ):
            yield "has a policy of its own, which lets others use it", True

    return find


_FINDERS: Mapping[str, Callable[[Change, Plan], Found]] = {
    "aws_iam_role": _role,
    "aws_network_acl": _network_acl,
    "aws_route_table": _route_table,
    "aws_s3_bucket": _with_policy("aws_s3_bucket_policy", "bucket"),
    "aws_secretsmanager_secret": _with_policy("aws_secretsmanager_secret_policy", "secret_arn"),
    "aws_security_group": _security_group,
    "aws_sqs_queue": _with_policy("aws_sqs_queue_policy", "queue_url"),
}

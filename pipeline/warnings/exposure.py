"""What opens to the internet, to anybody, or to another account."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import chain

from pipeline.plan.model import Action, Change, Plan
from pipeline.plan.values import as_list, as_map, as_text, blocks
from pipeline.report.model import PlanWarning, Topic
from pipeline.warnings import routes, rules, sharing
from pipeline.warnings.accounts import Accounts
from pipeline.warnings.judged import Switch, switches
from pipeline.warnings.ranges import added, in_words, is_everything, is_public
from pipeline.warnings.side import HIDDEN, Opening, Side, hidden, sides

_GUARDS = {
    "aws_s3_account_public_access_block": (
        "goes: nothing keeps the account's buckets from being made public"
    ),
    "aws_s3_bucket_public_access_block": "goes: nothing keeps the bucket from being made public",
    "aws_ebs_snapshot_block_public_access": "goes: snapshots may be shared with anybody",
    "aws_ec2_image_block_public_access": "goes: images may be shared with anybody",
}
"""Types that keep something closed while they are there."""


def exposed(change: Change, plan: Plan, accounts: Accounts) -> Iterator[PlanWarning]:
    """A warning for each opening that the plan adds to one resource.

    Args:
        change: the resource.
        plan: it is part of.
        accounts: which are ours.
    """
    if change.action in (Action.DELETE, Action.FORGET):
        if change.type in _GUARDS and not _bucket_goes(change, plan):
            yield _warning(change, _GUARDS[change.type])
        return
    before, after = (_by_what(side) for side in sides(change, plan, accounts))
    for (topic, what), where in after.items():
        had = before.get((topic, what))
        if had is None or (new := added(where, had)):
            places = in_words(where if had is None else new)
            yield _warning(change, f"{what} to {places}" if places else what, topic)


def _warning(change: Change, text: str, topic: Topic = Topic.PUBLIC) -> PlanWarning:
    return PlanWarning(topic=topic, address=change.address, text=text)


def _bucket_goes(change: Change, plan: Plan) -> bool:
    """Whether the bucket that is guarded is destroyed as well."""
    bucket = as_text(as_map(change.before).get("bucket"))
    return bool(bucket) and any(
        other.action is Action.DELETE and as_map(other.before).get("bucket") == bucket
        for other in plan.by_type.get("aws_s3_bucket", ())
    )


def _by_what(side: Side) -> Mapping[tuple[Topic, str], list[str]]:
    """What is open, to the addresses for which it is; none where that is no question."""
    found: dict[tuple[Topic, str], list[str]] = {}
    for opening in _openings(side):
        places = found.setdefault((opening.topic, opening.what), [])
        if opening.where:
            places.append(opening.where)
    return found


def _openings(side: Side) -> Iterator[Opening]:
    if not side.values and not side.unknown:
        return
    for path, switch in switches(side.type):
        yield from _switched(side, path, switch)
    yield from chain(rules.openings(side), routes.openings(side), sharing.openings(side))
    yield from sharing.serverless(side)
    if finder := _FINDERS.get(side.type):
        yield from finder(side)


def _switched(side: Side, path: str, switch: Switch) -> Iterator[Opening]:
    if any(value in _NO_OPENING for name in _KINDS for value in side.all(name)):
        return
    values = side.all(path)
    if hidden(values):
        yield Opening(f"{path} is {HIDDEN}")
    elif any(value in switch.opened for value in values) or (
        not values and None in switch.opened and _is_unset(side, path)
    ):
        yield Opening(switch.text)


def _is_unset(side: Side, path: str) -> bool:
    """Whether AWS chooses a value because nobody wrote one."""
    return not (side.is_unknown(path) and side.is_written(path))


_KINDS = ("load_balancer_type", "http_method", "route_key")
_NO_OPENING = ("gateway", "OPTIONS", "$disconnect")
"""A gateway load balancer has no address that anybody asks, browsers ask for OPTIONS before they
sign in, and whoever leaves a WebSocket has signed in.
"""

_ADDRESS = Opening("it gets a public address")


def _address(side: Side) -> Iterator[Opening]:
    """An elastic address that is bound to something other than a NAT gateway."""
    for name in ("instance", "instance_id", "network_interface", "network_interface_id"):
        known = any(map(as_text, side.all(name)))
        if known or (side.is_unknown(name) and side.is_written(name)):
            yield _ADDRESS
            return


def _kubernetes(side: Side) -> Iterator[Opening]:
    """Who reaches the endpoint of a cluster; AWS opens it to all where nobody says otherwise."""
    for config in blocks(side.values.get("vpc_config")) or [{}]:
        if config.get("endpoint_public_access") is False:
            continue
        ranges = [as_text(item) for item in as_list(config.get("public_access_cidrs"))]
        public = [each for each in ranges if is_public(each)]
        if not ranges or is_everything(public):
            public = ["0.0.0.0/0"]
        yield from (Opening("opens the cluster's endpoint", each) for each in public)


def _nodes(side: Side) -> Iterator[Opening]:
    """A key pair opens SSH on nodes to all where no security group is named.

    Source: https://docs.aws.amazon.com/eks/latest/APIReference/API_RemoteAccessConfig.html
    """
    for access in blocks(side.values.get("remote_access")):
        named = access.get("source_security_group_ids") or side.is_unknown(
            "remote_access.source_security_group_ids"
        )
        if as_text(access.get("ec2_ssh_key")) and not named:
            yield Opening("opens port 22 of its nodes", "0.0.0.0/0")


def _search(side: Side) -> Iterator[Opening]:
    """A domain outside a VPC has an endpoint on the internet."""
    if not blocks(side.values.get("vpc_options")) and not side.is_written("vpc_options"):
        yield Opening("its endpoint is on the internet, guarded by its access policy only")


_FINDERS: Mapping[str, Callable[[Side], Iterator[Opening]]] = {
    "aws_eip": _address,
    "aws_eip_association": _address,
    "aws_eks_cluster": _kubernetes,
    "aws_eks_node_group": _nodes,
    "aws_elasticsearch_domain": _search,
    "aws_opensearch_domain": _search,
}

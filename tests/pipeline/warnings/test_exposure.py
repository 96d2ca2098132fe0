"""What opens is told once, when it opens; what stays closed is not told."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from pipeline.plan.model import Change
from pipeline.report.model import Topic
from pipeline.warnings import find_warnings
from tests.pipeline.plans import change, plan
from tests.pipeline.warnings.cases import OPENINGS, Case

GUARDS = {
    "aws_s3_account_public_access_block": "goes: nothing keeps the account's buckets from being made public",
    "aws_s3_bucket_public_access_block": "goes: nothing keeps the bucket from being made public",
    "aws_ebs_snapshot_block_public_access": "goes: snapshots may be shared with anybody",
}  # fmt: skip


def told(*changes: Change, **others: Any) -> list[str]:
    """Warnings of what opens and of permissions."""
    found = find_warnings(plan(*changes, **others))
    return [each.text for each in found if each.topic in (Topic.PUBLIC, Topic.IAM)]


@pytest.mark.parametrize("case", OPENINGS.values(), ids=OPENINGS)
def test_an_opening_that_is_made_is_told_once(case: Case) -> None:
    assert told(change(f"{case.type}.x", after=case.opened)) == [case.text]


@pytest.mark.parametrize("case", OPENINGS.values(), ids=OPENINGS)
def test_its_quiet_sibling_is_not_told(case: Case) -> None:
    assert told(change(f"{case.type}.x", after=case.closed)) == []


@pytest.mark.parametrize("case", OPENINGS.values(), ids=OPENINGS)
def test_an_opening_that_a_change_adds_is_told_and_one_that_was_there_is_not(case: Case) -> None:
    address = f"{case.type}.x"
    assert case.text in told(change(address, "update", before=case.closed, after=case.opened))
    kept = case.opened | {"description": "another"}
    assert told(change(address, "update", before=case.opened, after=kept)) == []


@pytest.mark.parametrize("case", OPENINGS.values(), ids=OPENINGS)
def test_an_opening_that_goes_is_not_told_but_a_guard_that_goes_is(case: Case) -> None:
    gone = [GUARDS[case.type]] if case.type in GUARDS else []
    assert told(change(f"{case.type}.x", "delete", before=case.opened)) == gone


def test_a_guard_that_goes_with_its_bucket_is_not_told() -> None:
    guard = change("aws_s3_bucket_public_access_block.x", "delete", before={"bucket": "b"})
    bucket = change("aws_s3_bucket.x", "delete", before={"bucket": "b"})
    kept = change("aws_s3_bucket.y", "no-op", before={"bucket": "c"})
    assert told(guard, kept, bucket) == []
    assert len(told(guard, change("aws_s3_bucket.x", "delete", before={"bucket": "c"}))) == 1


TRAFFIC = [
    ({"ip_protocol": "-1"}, "all ports"),
    ({"protocol": "all", "from_port": 0, "to_port": 0}, "all ports"),
    ({"protocol": "6", "from_port": 22, "to_port": 22}, "port 22"),
    ({"protocol": "17", "from_port": 53, "to_port": 53}, "UDP port 53"),
    ({"protocol": "udp", "from_port": 0, "to_port": 65535}, "all UDP ports"),
    ({"protocol": "tcp", "from_port": 0, "to_port": 65535}, "all TCP ports"),
    ({"protocol": "tcp"}, "all ports"),
    ({"protocol": "udp", "from_port": -1, "to_port": -1}, "all UDP ports"),
    ({"protocol": "50", "from_port": 0, "to_port": 0}, "protocol 50"),
    ({"protocol": "1", "from_port": 3, "to_port": 4}, "ICMP type 3 code 4"),
    ({"protocol": "icmp", "from_port": -1, "to_port": -1}, "all ICMP"),
    ({"protocol": "icmpv6", "from_port": 128, "to_port": -1}, "ICMPv6 type 128"),
    ({"protocol": "icmp", "icmp_type": 8, "icmp_code": 0, "from_port": 0}, "ICMP type 8 code 0"),
]


@pytest.mark.parametrize(("values", "traffic"), TRAFFIC)
def test_traffic_in_words(values: dict[str, Any], traffic: str) -> None:
    rule = change(
        "aws_vpc_security_group_ingress_rule.x", after={"cidr_ipv4": "0.0.0.0/0", **values}
    )
    assert told(rule) == [f"opens {traffic} to anywhere"]


RANGES: list[tuple[list[str], list[str], str]] = [
    ([], ["0.0.0.0/1", "128.0.0.0/1"], "anywhere"),
    ([], ["8.8.8.8/32", "10.0.0.0/8"], "8.8.8.8/32"),
    (["8.8.8.8/32"], ["8.8.8.8/32", "9.9.9.9/32"], "9.9.9.9/32"),
    (["8.8.8.8/32"], ["0.0.0.0/0"], "anywhere"),
    ([], [f"{n}.1.1.1/32" for n in (11, 13, 15, 17, 19)], "11.1.1.1/32, 13.1.1.1/32, 15.1.1.1/32 and 2 more"),
]  # fmt: skip


@pytest.mark.parametrize(("before", "after", "words"), RANGES)
def test_ranges_that_are_added_are_one_warning(
    before: list[str], after: list[str], words: str
) -> None:
    def group(ranges: list[str]) -> dict[str, Any]:
        return {
            "ingress": [{"protocol": "tcp", "from_port": 1, "to_port": 1, "cidr_blocks": ranges}]
        }

    changed = change("aws_security_group.x", "update", before=group(before), after=group(after))
    assert told(changed) == [f"opens port 1 to {words}"]
    narrowed = change(
        "aws_security_group.x", "update", before=group(["0.0.0.0/0"]), after=group(after)
    )
    assert told(narrowed) == []


def test_what_is_marked_or_unknown_is_told_as_such() -> None:
    address = "aws_vpc_security_group_ingress_rule.x"
    values = {"cidr_ipv4": "10.0.0.0/8", "from_port": 22, "to_port": 22}
    marked = change(address, after=values, sensitive_after=dict.fromkeys(values, True))
    [text] = told(marked)
    assert "addresses that are marked sensitive" in text
    assert "22" not in text
    database = change(
        "aws_db_instance.x",
        after={"publicly_accessible": True},
        sensitive_after={"publicly_accessible": True},
    )
    assert told(database) == ["publicly_accessible is marked sensitive: nobody can review it"]
    caller = {"principal": "999999999999"}
    permission = change(
        "aws_lambda_permission.x", after=caller, sensitive_after={"principal": True}
    )
    assert told(permission) == ["principal is marked sensitive: nobody can review it"]
    unknown = change(address, after={"from_port": 22, "to_port": 22}, unknown={"cidr_ipv4": True})
    assert told(unknown) == ["opens port 22 to addresses that are known only after the apply"]
    ours = {address: {"cidr_ipv4": ("aws_vpc.network_00000000",)}}
    assert told(unknown, references=ours) == []


def test_a_prefix_list_of_the_plan_is_as_open_as_its_ranges() -> None:
    address, listed = "aws_vpc_security_group_ingress_rule.x", "aws_ec2_managed_prefix_list.x"
    ports = {"from_port": 22, "to_port": 22}

    def entries(*ranges: str) -> dict[str, Any]:
        return {"id": "pl-1", "entry": [{"cidr": each} for each in ranges]}

    def rule(ranges: dict[str, Any], **others: Any) -> list[str]:
        return told(change(address, **others), change(listed, "no-op", after=ranges))

    known: dict[str, Any] = {"after": {"prefix_list_id": "pl-1", **ports}}
    assert rule(entries("10.0.0.0/8"), **known) == []
    assert rule(entries("10.0.0.0/8", "0.0.0.0/0"), **known) == ["opens port 22 to anywhere"]
    assert len(rule(entries() | {"id": "pl-2"}, **known)) == 1

    new = change(address, after=ports, unknown={"prefix_list_id": True})
    made = change(listed, after=entries("8.8.8.8/32") | {"id": None}, unknown={"id": True})
    refers = {address: {"prefix_list_id": (listed,)}}
    assert told(new, made, references=refers) == ["opens port 22 to 8.8.8.8/32"]
    assert told(new, made) == ["opens port 22 to a prefix list that is known only after the apply"]


def test_what_aws_chooses_counts_and_what_an_expression_will_say_does_not() -> None:
    unset = change("aws_lb.x", after={"name": "a"}, unknown={"internal": True})
    assert told(unset) == ["it faces the internet"]
    written = _written(unset, internal=True)
    assert told(written) == []


def _written(made: Change, **names: Any) -> Change:
    return replace(made, written=names)


def test_an_address_of_something_new_is_told_and_one_of_a_gateway_is_not() -> None:
    made = change("aws_eip.x", after={}, unknown={"instance": True, "network_interface": True})
    assert told(_written(made, instance=True)) == ["it gets a public address"]
    assert told(_written(made, domain=True)) == []


@pytest.mark.parametrize(
    ("source", "expected"), [(False, 1), (True, 0)], ids=["without-source", "source-to-come"]
)
def test_a_source_that_is_known_after_the_apply_is_a_source(source: bool, expected: int) -> None:
    permission = change(
        "aws_lambda_permission.x",
        after={"principal": "events.amazonaws.com"},
        unknown={"source_arn": source},
    )
    assert len(told(permission)) == expected


def test_a_route_to_a_gateway_that_does_not_exist_yet_is_told() -> None:
    address = "aws_route.way_00000000"
    values = {"destination_cidr_block": "0.0.0.0/0"}
    new = change(address, after=values, unknown={"gateway_id": True, "id": True})
    references = {address: {"gateway_id": ("aws_internet_gateway.network_00000000",)}}
    assert told(new, references=references) == [
        "its subnets become public: a way to the internet gateway"
    ]
    elsewhere = {address: {"gateway_id": ("aws_vpn_gateway.network_00000000",)}}
    assert told(new, references=elsewhere) == []


def test_a_table_with_a_way_to_a_gateway_that_does_not_exist_yet_is_told() -> None:
    address = "aws_route_table.x"
    rows = {
        "route": [{"cidr_block": "0.0.0.0/0"}, {"cidr_block": "1.0.0.0/8", "nat_gateway_id": "n"}]
    }
    new = change(address, after=rows, unknown={"route": [{"gateway_id": True}, {}]})
    text = "its subnets become public: a way to the internet gateway"
    assert told(new, references={address: {"route": ("aws_internet_gateway.x",)}}) == [text]
    assert told(new, references={address: {"route": ("aws_nat_gateway.x",)}}) == []
    all_new = change(address, after={}, unknown={"route": True})
    assert told(all_new, references={address: {"route": ("aws_internet_gateway.x[0]",)}}) == [text]

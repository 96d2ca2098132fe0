"""What was added behind Terraform's back: seen in what its owner tells of all of them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from pipeline.plan.model import Change
from pipeline.warnings import find_warnings
from tests.pipeline.plans import change, plan

GROUP, ROLE, ACL = "aws_security_group.db", "aws_iam_role.rag", "aws_network_acl.db"
TABLE, QUEUE, BUCKET = "aws_route_table.public", "aws_sqs_queue.jobs", "aws_s3_bucket.data"
ADDED = ": added outside Terraform, and no plan takes it away"


def found(*changes: Change) -> list[tuple[str, str]]:
    """Topic and text, without what all texts end with."""
    warnings = find_warnings(plan(*changes))
    assert all(each.text.endswith(ADDED) for each in warnings)
    return [(str(each.topic), each.text.removesuffix(ADDED)) for each in warnings]


def is_there(address: str, **values: Any) -> Change:
    return change(address, "no-op", values)


def group(**rules: Any) -> Change:
    return is_there(GROUP, id="sg-1", name="db", **rules)


def entry(**values: Any) -> dict[str, Any]:
    """A rule as a security group tells of it."""
    empty: dict[str, Any] = {
        name: []
        for name in ("cidr_blocks", "ipv6_cidr_blocks", "prefix_list_ids", "security_groups")
    }
    return {"protocol": "tcp", "from_port": 5432, "to_port": 5432, "self": False, **empty, **values}


def rule(direction: str = "ingress", **values: Any) -> Change:
    """A rule of ours, as a resource."""
    ours = {"security_group_id": "sg-1", "ip_protocol": "tcp", "from_port": 5432, "to_port": 5432}
    return is_there(f"aws_vpc_security_group_{direction}_rule.ours", **{**ours, **values})


@pytest.mark.parametrize(
    ("listed", "ours"),
    [
        ({"cidr_blocks": ["10.0.0.0/8"]}, {"cidr_ipv4": "10.0.0.0/8"}),
        ({"ipv6_cidr_blocks": ["::/0"]}, {"cidr_ipv6": "::/0"}),
        ({"prefix_list_ids": ["pl-1"]}, {"prefix_list_id": "pl-1"}),
        ({"security_groups": ["sg-2"]}, {"referenced_security_group_id": "sg-2"}),
        ({"self": True}, {"referenced_security_group_id": "sg-1"}),
        (
            {"protocol": "-1", "from_port": 0, "to_port": 0, "cidr_blocks": ["0.0.0.0/0"]},
            {"ip_protocol": "-1", "from_port": None, "to_port": None, "cidr_ipv4": "0.0.0.0/0"},
        ),
    ],
)
@pytest.mark.parametrize("direction", ["ingress", "egress"])
def test_a_rule_of_ours_is_none(direction: str, listed: Any, ours: Any) -> None:
    there = group(**{direction: [entry(**listed)]})
    assert found(there, rule(direction, **ours)) == []
    assert len(found(there, rule(direction, **{**ours, "security_group_id": "sg-9"}))) == 1
    assert len(found(there)) == 1


def test_one_more_range_in_a_rule_of_ours_is_seen() -> None:
    there = group(ingress=[entry(cidr_blocks=["10.0.0.0/8", "0.0.0.0/0"])])
    assert found(there, rule(cidr_ipv4="10.0.0.0/8")) == [
        ("harmful-drift", "the security group db lets 0.0.0.0/0 in on port 5432")
    ]


def test_a_way_out_is_harmful_where_it_leads_to_the_internet() -> None:
    inside, outside = entry(cidr_blocks=["10.0.0.0/8"]), entry(cidr_blocks=["0.0.0.0/0"])
    assert found(group(egress=[inside, outside])) == [
        ("harmful-drift", "the security group db lets traffic out to 0.0.0.0/0 on port 5432"),
        ("drift", "the security group db lets traffic out to 10.0.0.0/8 on port 5432"),
    ]


def test_a_rule_in_the_form_of_older_providers_is_ours() -> None:
    ours = is_there(
        "aws_security_group_rule.ours",
        security_group_id="sg-1",
        type="ingress",
        protocol="6",
        from_port=5432,
        to_port=5432,
        cidr_blocks=["10.0.0.0/8"],
    )
    assert found(group(ingress=[entry(cidr_blocks=["10.0.0.0/8"])]), ours) == []


def test_policies_of_a_role() -> None:
    role = is_there(
        ROLE,
        name="rag",
        inline_policy=[{"name": "own", "policy": "{}"}, {"name": "by-hand", "policy": "{}"}],
        managed_policy_arns=["arn:aws:iam::aws:policy/Ours", "arn:aws:iam::aws:policy/Admin"],
    )
    ours = (
        is_there("aws_iam_role_policy.own", role="rag", name="own"),
        is_there(
            "aws_iam_role_policy_attachment.ours",
            role="rag",
            policy_arn="arn:aws:iam::aws:policy/Ours",
        ),
    )
    assert found(role, *ours) == [
        ("harmful-drift", "the IAM role rag has the inline policy by-hand"),
        ("harmful-drift", "the IAM role rag has the policy arn:aws:iam::aws:policy/Admin"),
    ]
    assert len(found(role)) == 4


def test_rules_of_a_network_acl() -> None:
    listed = {"protocol": "-1", "from_port": 0, "to_port": 0, "cidr_block": "0.0.0.0/0"}
    acl = is_there(
        ACL,
        id="acl-1",
        ingress=[
            {**listed, "rule_no": 100, "action": "allow"},
            {**listed, "rule_no": 77, "action": "allow"},
        ],
        egress=[{**listed, "rule_no": 100, "action": "deny"}],
    )
    ours = is_there(
        "aws_network_acl_rule.in", network_acl_id="acl-1", rule_number=100, egress=False
    )
    assert found(acl, ours) == [
        (
            "harmful-drift",
            "the network acl acl-1 has the rule 77: allow all ports in from 0.0.0.0/0",
        ),
        ("drift", "the network acl acl-1 has the rule 100: deny all ports out to 0.0.0.0/0"),
    ]


def test_routes_of_a_table() -> None:
    table = is_there(
        TABLE,
        id="rtb-1",
        route=[
            {"cidr_block": "0.0.0.0/0", "gateway_id": "igw-1"},
            {"cidr_block": "198.51.100.0/24", "gateway_id": "", "nat_gateway_id": "nat-1"},
        ],
    )
    ours = is_there("aws_route.out", route_table_id="rtb-1", destination_cidr_block="0.0.0.0/0")
    assert found(table, ours) == [
        ("harmful-drift", "the route table rtb-1 has a route to 198.51.100.0/24 by nat-1")
    ]


@pytest.mark.parametrize(
    ("owner", "child", "attribute"),
    [
        (QUEUE, "aws_sqs_queue_policy.own", "queue_url"),
        (BUCKET, "aws_s3_bucket_policy.own", "bucket"),
        ("aws_secretsmanager_secret.s", "aws_secretsmanager_secret_policy.own", "secret_arn"),
    ],
)
def test_a_policy_of_its_own(owner: str, child: str, attribute: str) -> None:
    values = {"id": "one", "url": "one", "arn": "one"}
    assert found(is_there(owner, **values, policy="")) == []
    [(topic, text)] = found(is_there(owner, **values, policy='{"Statement": []}'))
    assert topic == "harmful-drift"
    assert text.endswith("has a policy of its own, which lets others use it")
    ours = is_there(child, **{attribute: "one"}, policy='{"Statement": []}')
    assert found(is_there(owner, **values, policy='{"Statement": []}'), ours) == []


def test_what_the_configuration_writes_itself_the_plan_compares() -> None:
    there = group(ingress=[entry(cidr_blocks=["0.0.0.0/0"])])
    written = replace(there, written={"ingress": [{"cidr_blocks": ["0.0.0.0/0"]}]})
    assert found(written) == []


def test_what_does_not_exist_yet_has_nothing_added() -> None:
    created = change(GROUP, "create", after={"name": "db", "ingress": [entry(self=True)]})
    assert found(created) == []

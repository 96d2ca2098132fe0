"""Security groups and their rules, which have no name and carry tags only."""

from __future__ import annotations

from recovery.adopt.rule import Item, Rule, Values, listed

_EVERYTHING = "-1"
_PEERS = {
    "cidr_ipv4": "CidrIpv4",
    "cidr_ipv6": "CidrIpv6",
    "prefix_list_id": "PrefixListId",
    "referenced_security_group_id": "ReferencedGroupInfo.GroupId",
}


def _admits_the_same(rule: Item, values: Values) -> bool:
    """Whether a rule lets the same through; for all protocols AWS writes -1 as ports."""
    group = (rule.get("ReferencedGroupInfo") or {}).get("GroupId")
    peers = {**rule, "ReferencedGroupInfo.GroupId": group}
    if any(peers.get(aws) != values.get(attribute) for attribute, aws in _PEERS.items()):
        return False
    if values["ip_protocol"] == _EVERYTHING:
        return True
    return (rule["FromPort"], rule["ToPort"]) == (values["from_port"], values["to_port"])


def _rule(*, egress: bool) -> Rule:
    direction = "egress" if egress else "ingress"
    return Rule(
        look=listed(
            "ec2.describe_security_group_rules",
            f"SecurityGroupRules[?IsEgress == `{str(egress).lower()}`]",
            Filters=[{"Name": "group-id", "Values": ["{security_group_id}"]}],
        ),
        same={"IpProtocol": "ip_protocol"},
        fits=_admits_the_same,
        id="{SecurityGroupRuleId}",
        removal=f"ec2 revoke-security-group-{direction} --group-id {{GroupId}} "
        "--security-group-rule-ids {id}",
    )


RULES = {
    "aws_security_group": Rule(
        look=listed(
            "ec2.describe_security_groups",
            "SecurityGroups",
            Filters=[{"Name": "vpc-id", "Values": ["{vpc_id}"]}],
        ),
        same={"VpcId": "vpc_id", "GroupName": "name"},
        id="{GroupId}",
        arn="ec2:security-group",
        removal="ec2 delete-security-group --group-id {id}",
    ),
    "aws_vpc_security_group_ingress_rule": _rule(egress=False),
    "aws_vpc_security_group_egress_rule": _rule(egress=True),
}

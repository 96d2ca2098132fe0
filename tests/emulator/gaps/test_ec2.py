"""Gaps of EC2."""

from __future__ import annotations

from typing import Any

import pytest

from tests.emulator.conftest import Aws


def _vpc(ec2: Any) -> str:
    return str(ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"])


@pytest.mark.gap("ec2/rule-descriptions")
@pytest.mark.parametrize("direction", ["ingress", "egress"])
@pytest.mark.parametrize("peer", ["UserIdGroupPairs", "PrefixListIds"])
def test_rules_keep_their_descriptions(aws: Aws, direction: str, peer: str) -> None:
    ec2 = aws("ec2")
    group = ec2.create_security_group(
        VpcId=_vpc(ec2), GroupName=f"described-{direction}-{peer}", Description="described"
    )["GroupId"]
    [prefix_list] = ec2.describe_managed_prefix_lists(
        Filters=[{"Name": "prefix-list-name", "Values": ["com.amazonaws.us-east-1.s3"]}]
    )["PrefixLists"]
    key = {
        "UserIdGroupPairs": {"GroupId": group},
        "PrefixListIds": {"PrefixListId": prefix_list["PrefixListId"]},
    }[peer]
    ports: dict[str, Any] = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443}
    authorize = getattr(ec2, f"authorize_security_group_{direction}")

    [rule] = authorize(
        GroupId=group, IpPermissions=[ports | {peer: [key | {"Description": "why"}]}]
    )["SecurityGroupRules"]
    assert rule["Description"] == "why"

    changed = {
        "UserIdGroupPairs": {"ReferencedGroupId": group},
        "PrefixListIds": {"PrefixListId": prefix_list["PrefixListId"]},
    }[peer]
    ec2.modify_security_group_rules(
        GroupId=group,
        SecurityGroupRules=[
            {
                "SecurityGroupRuleId": rule["SecurityGroupRuleId"],
                "SecurityGroupRule": ports | changed | {"Description": "why not"},
            }
        ],
    )
    [rule] = ec2.describe_security_group_rules(SecurityGroupRuleIds=[rule["SecurityGroupRuleId"]])[
        "SecurityGroupRules"
    ]
    assert rule["Description"] == "why not"


@pytest.mark.gap("ec2/rule-peers")
def test_a_rule_can_be_given_another_group(aws: Aws) -> None:
    ec2 = aws("ec2")
    vpc = _vpc(ec2)
    own, old, new = (
        ec2.create_security_group(VpcId=vpc, GroupName=f"peers-{name}", Description=name)["GroupId"]
        for name in ("own", "old", "new")
    )
    ports: dict[str, Any] = {"IpProtocol": "tcp", "FromPort": 5432, "ToPort": 5432}
    [rule] = ec2.authorize_security_group_egress(
        GroupId=own, IpPermissions=[ports | {"UserIdGroupPairs": [{"GroupId": old}]}]
    )["SecurityGroupRules"]
    rule_id = rule["SecurityGroupRuleId"]

    ec2.modify_security_group_rules(
        GroupId=own,
        SecurityGroupRules=[
            {
                "SecurityGroupRuleId": rule_id,
                "SecurityGroupRule": ports | {"ReferencedGroupId": new},
            }
        ],
    )

    [found] = ec2.describe_security_group_rules(SecurityGroupRuleIds=[rule_id])[
        "SecurityGroupRules"
    ]
    assert found["ReferencedGroupInfo"]["GroupId"] == new


def _flow_log(aws: Aws, bucket: str, prefix: str, **settings: Any) -> dict[str, Any]:
    aws("s3").create_bucket(Bucket=bucket)
    ec2 = aws("ec2")
    answer = ec2.create_flow_logs(
        ResourceType="VPC",
        ResourceIds=[_vpc(ec2)],
        TrafficType="ALL",
        LogDestinationType="s3",
        LogDestination=f"arn:aws:s3:::{bucket}{prefix}",
        **settings,
    )
    assert answer["Unsuccessful"] == []
    [found] = ec2.describe_flow_logs(FlowLogIds=answer["FlowLogIds"])["FlowLogs"]
    flow_log: dict[str, Any] = found
    return flow_log


@pytest.mark.gap("ec2/flow-log-prefix")
def test_flow_logs_may_have_a_prefix(aws: Aws) -> None:
    made = _flow_log(aws, "flow-prefix", "/flow-logs/")

    assert made["LogDestination"] == "arn:aws:s3:::flow-prefix/flow-logs/"


@pytest.mark.gap("ec2/flow-log-options")
@pytest.mark.parametrize("flag", [True, False])
def test_flow_logs_keep_their_options(aws: Aws, flag: bool) -> None:
    made = _flow_log(
        aws,
        f"flow-options-{flag}".lower(),
        "",
        DestinationOptions={
            "FileFormat": "parquet",
            "HiveCompatiblePartitions": flag,
            "PerHourPartition": flag,
        },
    )

    assert made["DestinationOptions"] == {
        "FileFormat": "parquet",
        "HiveCompatiblePartitions": flag,
        "PerHourPartition": flag,
    }


@pytest.mark.gap("ec2/flow-log-options")
def test_flow_log_options_have_defaults(aws: Aws) -> None:
    made = _flow_log(aws, "flow-defaults", "", DestinationOptions={"PerHourPartition": True})

    assert made["DestinationOptions"] == {
        "FileFormat": "plain-text",
        "HiveCompatiblePartitions": False,
        "PerHourPartition": True,
    }


@pytest.mark.gap("ec2/nat-interfaces")
def test_a_nat_gateway_takes_its_interface_with_it(aws: Aws) -> None:
    ec2 = aws("ec2")
    vpc = _vpc(ec2)
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.0.0/24")["Subnet"]["SubnetId"]
    address = ec2.allocate_address(Domain="vpc")["AllocationId"]
    gateway = ec2.create_nat_gateway(SubnetId=subnet, AllocationId=address)["NatGateway"]
    in_vpc = {"Filters": [{"Name": "vpc-id", "Values": [vpc]}]}
    assert len(ec2.describe_network_interfaces(**in_vpc)["NetworkInterfaces"]) == 1

    ec2.delete_nat_gateway(NatGatewayId=gateway["NatGatewayId"])

    assert ec2.describe_network_interfaces(**in_vpc)["NetworkInterfaces"] == []
    [kept] = ec2.describe_addresses(AllocationIds=[address])["Addresses"]
    assert not kept.get("AssociationId")
    ec2.delete_nat_gateway(NatGatewayId=gateway["NatGatewayId"])


@pytest.mark.gap("ec2/instance-interfaces")
def test_an_instance_takes_its_interface_with_it_unless_told_otherwise(aws: Aws) -> None:
    ec2 = aws("ec2")
    vpc = _vpc(ec2)
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.0.0/24")["Subnet"]["SubnetId"]
    [image, *_] = ec2.describe_images(
        Owners=["amazon"], Filters=[{"Name": "name", "Values": ["al2023-ami-2023.*-x86_64"]}]
    )["Images"]
    stays = {"DeviceIndex": 0, "SubnetId": subnet, "DeleteOnTermination": False}
    instances = [
        ec2.run_instances(ImageId=image["ImageId"], MinCount=1, MaxCount=1, **place)["Instances"][0]
        for place in ({"SubnetId": subnet}, {"NetworkInterfaces": [stays]})
    ]

    ec2.terminate_instances(InstanceIds=[instance["InstanceId"] for instance in instances])

    left = ec2.describe_network_interfaces(Filters=[{"Name": "vpc-id", "Values": [vpc]}])
    assert [each["PrivateIpAddress"] for each in left["NetworkInterfaces"]] == [
        instances[1]["PrivateIpAddress"]
    ]


@pytest.mark.gap("ec2/acl-icmp")
@pytest.mark.parametrize("call", ["create_network_acl_entry", "replace_network_acl_entry"])
def test_an_entry_for_icmp_keeps_type_and_code(aws: Aws, call: str) -> None:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateNetworkAclEntry.html."""
    ec2 = aws("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    acl = ec2.create_network_acl(VpcId=vpc)["NetworkAcl"]["NetworkAclId"]
    entry = {
        "NetworkAclId": acl,
        "RuleNumber": 900,
        "Protocol": "1",
        "RuleAction": "allow",
        "Egress": False,
        "CidrBlock": "0.0.0.0/0",
    }
    if call == "replace_network_acl_entry":
        ec2.create_network_acl_entry(**entry, IcmpTypeCode={"Type": 8, "Code": 0})

    getattr(ec2, call)(**entry, IcmpTypeCode={"Type": 3, "Code": 4})

    [found] = ec2.describe_network_acls(NetworkAclIds=[acl])["NetworkAcls"]
    kept = [each for each in found["Entries"] if each["RuleNumber"] == 900]
    assert [each["IcmpTypeCode"] for each in kept] == [{"Code": 4, "Type": 3}]


@pytest.mark.gap("ec2/acl-subnets")
def test_a_deleted_subnet_is_in_no_acl(aws: Aws) -> None:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeNetworkAcls.html."""
    ec2 = aws("ec2")
    vpc = _vpc(ec2)
    stays, goes = (
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{number}.0/24")["Subnet"]["SubnetId"]
        for number in range(2)
    )

    ec2.delete_subnet(SubnetId=goes)

    acls = ec2.describe_network_acls(Filters=[{"Name": "vpc-id", "Values": [vpc]}])["NetworkAcls"]
    assert [each["SubnetId"] for acl in acls for each in acl["Associations"]] == [stays]

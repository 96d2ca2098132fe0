"""EC2: security-group rules, flow logs, NAT gateways and instances."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from moto.ec2.models.flow_logs import FlowLogsBackend
from moto.ec2.models.instances import Instance
from moto.ec2.models.nat_gateways import NatGateway, NatGatewayBackend
from moto.ec2.models.security_groups import SecurityGroupBackend, SecurityGroupRule
from moto.ec2.models.subnets import Subnet, SubnetBackend
from moto.ec2.responses.flow_logs import FlowLogs
from moto.ec2.responses.network_acls import NetworkACLs

from emulator.gaps.registry import Gap, replace


def _rule_descriptions() -> None:
    @replace(SecurityGroupRule, "__init__")
    def _(
        original: Callable[..., None], self: SecurityGroupRule, *args: Any, **kwargs: Any
    ) -> None:
        original(self, *args, **kwargs)
        given = inspect.signature(original).bind(self, *args, **kwargs).arguments
        for peer in (given.get("source_group"), given.get("prefix_list_id")):
            if peer and peer.get("Description"):
                # moto reads and updates the description of every rule here.
                self.ip_range = {**self.ip_range, "Description": peer["Description"]}


def _rule_peers() -> None:
    @replace(SecurityGroupBackend, "modify_security_group_rules")
    def _(
        original: Callable[..., None], self: Any, group_id: str, rules: dict[str, dict[str, Any]]
    ) -> None:
        original(self, group_id, rules)
        group = self.get_security_group_by_name_or_id(group_id)
        for rule_id, wanted in rules.items():
            rule = group.get_rule(rule_id)
            if wanted.get("ReferencedGroupId"):
                rule.source_group = rule.source_group | {"GroupId": wanted["ReferencedGroupId"]}
            if wanted.get("PrefixListId"):
                rule.prefix_list_id = wanted["PrefixListId"]
            if wanted.get("CidrIpv6"):
                rule.ip_range["CidrIpv6"] = wanted["CidrIpv6"]


def _flow_log_prefix() -> None:
    @replace(FlowLogsBackend, "create_flow_logs")
    def _(original: Callable[..., Any], self: FlowLogsBackend, **kwargs: Any) -> Any:
        destination = kwargs["log_destination"]
        if kwargs["log_destination_type"] != "s3" or "/" not in destination:
            return original(self, **kwargs)
        bucket = destination.partition("/")[0]
        created, failed = original(self, **kwargs | {"log_destination": bucket})
        for flow_log in created:
            flow_log.log_destination = destination
        return created, failed


def _flow_log_options() -> None:
    @replace(FlowLogs, "create_flow_logs")
    def _(original: Callable[..., Any], self: FlowLogs) -> Any:
        answer = original(self)
        options = self._get_param("DestinationOptions")
        if options:
            for flow_log_id in answer.result["FlowLogIds"]:
                self.ec2_backend.flow_logs[flow_log_id].destination_options = {
                    "FileFormat": options.get("FileFormat", "plain-text"),
                    "HiveCompatiblePartitions": options.get("HiveCompatiblePartitions", False),
                    "PerHourPartition": options.get("PerHourPartition", False),
                }
        return answer


def _acl_icmp() -> None:
    def keep(name: str) -> None:
        @replace(NetworkACLs, name)
        def _(original: Callable[..., Any], self: NetworkACLs) -> Any:
            answer = original(self)
            icmp = self._get_param("IcmpTypeCode") or {}
            acl = self.ec2_backend.get_network_acl(self._get_param("NetworkAclId"))
            for entry in acl.network_acl_entries:
                if (entry.rule_number, entry.egress) == (
                    self._get_param("RuleNumber"),
                    self._get_param("Egress"),
                ):
                    entry.icmp_code, entry.icmp_type = icmp.get("Code"), icmp.get("Type")
            return answer

    keep("create_network_acl_entry")
    keep("replace_network_acl_entry")


def _acl_subnets() -> None:
    @replace(SubnetBackend, "delete_subnet")
    def _(original: Callable[..., Subnet], self: Any, subnet_id: str) -> Subnet:
        deleted = original(self, subnet_id)
        for acl in self.network_acls.values():
            for key, association in [*acl._associations.items()]:
                if association.subnet_id == subnet_id:
                    del acl._associations[key]
        return deleted


def _nat_interfaces() -> None:
    @replace(NatGatewayBackend, "delete_nat_gateway")
    def _(original: Callable[..., NatGateway], self: Any, nat_gateway_id: str) -> NatGateway:
        gateway = original(self, nat_gateway_id)
        interface = gateway._eni
        for address in self.describe_addresses():
            if address.eni is interface:
                self.disassociate_address(address=address.public_ip)
        self.enis.pop(interface.id, None)  # gone already if the gateway is deleted again
        return gateway


def _instance_interfaces() -> None:
    @replace(Instance, "prep_nics")
    def _(
        original: Callable[..., None],
        self: Instance,
        nic_spec: list[dict[str, Any]],
        *args: Any,
        **kwargs: Any,
    ) -> None:
        given = {int(spec["DeviceIndex"]): dict(spec) for spec in nic_spec}
        original(self, nic_spec, *args, **kwargs)
        for index, interface in self.nics.items():
            spec = given.get(index, {})
            if "NetworkInterfaceId" not in spec and "DeleteOnTermination" not in spec:
                interface.delete_on_termination = True


GAPS = (
    Gap(
        service="ec2",
        name="rule-descriptions",
        moto="drops a rule's description beside a referenced group or a prefix list",
        aws="keeps it whatever the peer is",
        fill=_rule_descriptions,
    ),
    Gap(
        service="ec2",
        name="rule-peers",
        moto="keeps a changed rule's old group, prefix list or IPv6 range",
        aws="changes it",
        fill=_rule_peers,
    ),
    Gap(
        service="ec2",
        name="flow-log-prefix",
        moto="takes an S3 destination's prefix for a part of the bucket's name and refuses it",
        aws="writes below the prefix",
        fill=_flow_log_prefix,
    ),
    Gap(
        service="ec2",
        name="flow-log-options",
        moto="drops a flow log's destination options",
        aws="keeps them, with defaults for those left out",
        fill=_flow_log_options,
    ),
    Gap(
        service="ec2",
        name="acl-icmp",
        moto="forgets type and code of an ACL's entry for ICMP",
        aws="keeps them",
        fill=_acl_icmp,
    ),
    Gap(
        service="ec2",
        name="acl-subnets",
        moto="leaves a deleted subnet associated with its ACL",
        aws="ends the association with the subnet",
        fill=_acl_subnets,
    ),
    Gap(
        service="ec2",
        name="nat-interfaces",
        moto="leaves a NAT gateway's network interface behind, with the address still on it",
        aws="deletes it with the gateway and frees the address",
        fill=_nat_interfaces,
    ),
    Gap(
        service="ec2",
        name="instance-interfaces",
        moto="leaves the network interface of a terminated instance behind",
        aws="deletes what it made with the instance, unless told otherwise",
        fill=_instance_interfaces,
    ),
)

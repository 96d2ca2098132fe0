"""Who may open a connection to whom: both security-group rules in one verb."""

from __future__ import annotations

from typing import Protocol

from cdktf import TerraformResource
from cdktf_cdktf_provider_aws.security_group import SecurityGroup
from cdktf_cdktf_provider_aws.vpc_security_group_egress_rule import VpcSecurityGroupEgressRule
from cdktf_cdktf_provider_aws.vpc_security_group_ingress_rule import VpcSecurityGroupIngressRule
from constructs import Construct


class Peer(Protocol):
    """Anything with a security group of its own."""

    @property
    def security_group(self) -> SecurityGroup:
        """The group that its network interfaces carry."""
        ...


def allow(
    scope: Construct, construct_id: str, *, source: Peer, target: Peer, port: int, purpose: str
) -> list[TerraformResource]:
    """Let ``source`` open TCP connections to ``target`` on one port.

    Rules are resources of their own: rules written inside a security group would be a cycle when
    two groups name each other, and lose their content when they are given as dicts.

    Args:
        scope: the construct that owns the two rules.
        construct_id: their ids are ``<construct_id>-egress`` and ``<construct_id>-ingress``.
        source: who connects.
        target: who listens.
        port: TCP port.
        purpose: the rules' description, up to 255 characters that EC2 accepts.

    Returns:
        Both rules, for what must wait until they exist.
    """
    egress = VpcSecurityGroupEgressRule(
        scope,
        f"{construct_id}-egress",
        security_group_id=source.security_group.id,
        referenced_security_group_id=target.security_group.id,
        ip_protocol="tcp",
        from_port=port,
        to_port=port,
        description=purpose,
    )
    ingress = VpcSecurityGroupIngressRule(
        scope,
        f"{construct_id}-ingress",
        security_group_id=target.security_group.id,
        referenced_security_group_id=source.security_group.id,
        ip_protocol="tcp",
        from_port=port,
        to_port=port,
        description=purpose,
    )
    return [egress, ingress]


def allow_https_out(
    scope: Construct, construct_id: str, *, source: Peer
) -> VpcSecurityGroupEgressRule:
    """Let ``source`` open HTTPS connections to any address; the routes of its subnet decide whether it reaches the internet."""
    return VpcSecurityGroupEgressRule(
        scope,
        construct_id,
        security_group_id=source.security_group.id,
        cidr_ipv4="0.0.0.0/0",
        ip_protocol="tcp",
        from_port=443,
        to_port=443,
        description="HTTPS through NAT",
    )

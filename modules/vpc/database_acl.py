"""The network ACL of the database tier: a second, stateless guard behind the security groups."""

from __future__ import annotations

from collections.abc import Mapping

from cdktf_cdktf_provider_aws.network_acl import NetworkAcl
from cdktf_cdktf_provider_aws.network_acl_association import NetworkAclAssociation
from cdktf_cdktf_provider_aws.network_acl_rule import NetworkAclRule
from cdktf_cdktf_provider_aws.subnet import Subnet
from constructs import Construct

from modules.checkov import skip
from modules.naming import Naming

FIRST_EPHEMERAL_PORT, LAST_EPHEMERAL_PORT = 1024, 65535
"""Ports that answers go to; Lambda and RDS Proxy use the whole range."""


class DatabaseAcl(Construct):
    """Admits the database's port from the application tier and from within the database tier.

    The proxy lives in the database tier beside the instance, so both of its directions are
    covered. Rules name whole tiers, so that a zone added later changes none of them.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        naming: Naming,
        vpc_id: str,
        subnets: Mapping[str, Subnet],
        application_range: str,
        database_range: str,
        port: int,
    ) -> None:
        """Create the ACL and attach it to each subnet.

        Args:
            scope: the construct that owns it.
            construct_id: id within the scope.
            naming: names of the environment.
            vpc_id: the VPC.
            subnets: zone to subnet of the database tier.
            application_range: range of the whole application tier.
            database_range: range of the whole database tier.
            port: TCP port of the database.
        """
        super().__init__(scope, construct_id)
        self.acl = NetworkAcl(
            self, "acl", vpc_id=vpc_id, tags={"Name": naming.tag("database-tier")}
        )
        skip(
            self.acl,
            "CKV2_AWS_1",
            reason="attached by association resources, which the check does not follow",
        )
        for zone, subnet in subnets.items():
            NetworkAclAssociation(
                self, f"association-{zone}", network_acl_id=self.acl.id, subnet_id=subnet.id
            )
        answers = (FIRST_EPHEMERAL_PORT, LAST_EPHEMERAL_PORT)
        queries = (port, port)
        self.rules = [
            self._rule("queries-from-application", 100, application_range, queries, egress=False),
            self._rule("queries-within-tier", 110, database_range, queries, egress=False),
            self._rule("answers-within-tier", 120, database_range, answers, egress=False),
            self._rule("answers-to-application", 100, application_range, answers, egress=True),
            self._rule("answers-to-tier", 110, database_range, answers, egress=True),
        ]

    def _rule(
        self, rule_id: str, number: int, cidr: str, ports: tuple[int, int], *, egress: bool
    ) -> NetworkAclRule:
        return NetworkAclRule(
            self,
            rule_id,
            network_acl_id=self.acl.id,
            rule_number=number,
            egress=egress,
            protocol="tcp",
            rule_action="allow",
            cidr_block=cidr,
            from_port=ports[0],
            to_port=ports[1],
        )

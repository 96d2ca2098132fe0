"""Network ACLs of the tiers: a second, stateless guard behind the security groups.

Rules name whole tiers, so that a zone added later changes none of them. Answers come back to any of
the high ports: an ACL does not know which of them somebody waits at.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cdktf import TerraformResource
from cdktf_cdktf_provider_aws.network_acl import NetworkAcl
from cdktf_cdktf_provider_aws.network_acl_association import NetworkAclAssociation
from cdktf_cdktf_provider_aws.network_acl_rule import NetworkAclRule
from cdktf_cdktf_provider_aws.subnet import Subnet
from constructs import Construct

from modules.checkov import skip
from modules.naming import Naming
from modules.vpc.addresses import Tier, tier_range

FIRST_EPHEMERAL_PORT, LAST_EPHEMERAL_PORT = 1024, 65535
"""Ports that answers go to; Lambda, RDS Proxy and NAT gateways use the whole range.

Source: https://docs.aws.amazon.com/vpc/latest/userguide/vpc-network-acls.html#nacl-ephemeral-ports
"""

_ANYWHERE = "0.0.0.0/0"
_HTTPS = (443, 443)
_ANSWERS = (FIRST_EPHEMERAL_PORT, LAST_EPHEMERAL_PORT)
_UNREACHABLE, _FRAGMENTATION_NEEDED = 3, 4


@dataclass(frozen=True, kw_only=True, slots=True)
class Admission:
    """What an ACL lets through, in one direction.

    Attributes:
        id: of the rule's construct.
        number: order of the rule among those of its direction.
        egress: out of the subnets; into them otherwise.
        cidr: the other side.
        ports: first and last of TCP; None for ICMP's message that a packet is too large.
    """

    id: str
    number: int
    egress: bool
    cidr: str
    ports: tuple[int, int] | None


_TOO_LARGE_PACKETS = tuple(
    Admission(id=f"{name}-too-large", number=900, egress=egress, cidr=_ANYWHERE, ports=None)
    for name, egress in (("hear-of", False), ("tell-of", True))
)
"""Without it a connection over a path that takes only smaller packets hangs.

Source: https://docs.aws.amazon.com/vpc/latest/userguide/path_mtu_discovery.html
"""


def admissions(tier: Tier, *, cidr: str, database_port: int) -> tuple[Admission, ...]:
    """What a tier lets through.

    Public: NAT gateways only, which carry HTTPS of the application tier. Application: HTTPS out
    and to the endpoints in the tier, and queries. Database: queries from the application tier, and
    within the tier, for RDS Proxy lives there beside the instance.

    Args:
        tier: which.
        cidr: the VPC's range.
        database_port: TCP port of the database.
    """
    application, database = (tier_range(cidr, each) for each in ("application", "database"))
    queries = (database_port, database_port)

    def inbound(rule_id: str, number: int, source: str, ports: tuple[int, int]) -> Admission:
        return Admission(id=rule_id, number=number, egress=False, cidr=source, ports=ports)

    def outbound(rule_id: str, number: int, target: str, ports: tuple[int, int]) -> Admission:
        return Admission(id=rule_id, number=number, egress=True, cidr=target, ports=ports)

    return {
        "public": (
            inbound("requests-from-application", 100, application, _HTTPS),
            inbound("answers-from-internet", 110, _ANYWHERE, _ANSWERS),
            outbound("requests-to-internet", 100, _ANYWHERE, _HTTPS),
            outbound("answers-to-application", 110, application, _ANSWERS),
            *_TOO_LARGE_PACKETS,
        ),
        "application": (
            inbound("requests-to-endpoints", 100, application, _HTTPS),
            inbound("answers", 110, _ANYWHERE, _ANSWERS),
            outbound("requests", 100, _ANYWHERE, _HTTPS),
            outbound("queries-to-database", 110, database, queries),
            outbound("answers-of-endpoints", 120, application, _ANSWERS),
            *_TOO_LARGE_PACKETS,
        ),
        "database": (
            inbound("queries-from-application", 100, application, queries),
            inbound("queries-within-tier", 110, database, queries),
            inbound("answers-within-tier", 120, database, _ANSWERS),
            outbound("answers-to-application", 100, application, _ANSWERS),
            outbound("answers-to-tier", 110, database, _ANSWERS),
        ),
    }[tier]


class TierAcl(Construct):
    """The ACL of one tier.

    Attributes:
        associations: what must exist before anybody gets through, and before the VPC's default
            ACL guards none of the subnets.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        naming: Naming,
        vpc_id: str,
        tier: Tier,
        subnets: Mapping[str, Subnet],
        admitted: Sequence[Admission],
    ) -> None:
        """Create the ACL, its rules, and then attach it to each subnet.

        Args:
            scope: the construct that owns it.
            construct_id: id within the scope.
            naming: names of the environment.
            vpc_id: the VPC.
            tier: which tier.
            subnets: zone to subnet of the tier.
            admitted: what it lets through; everything else is refused.
        """
        super().__init__(scope, construct_id)
        self.acl = NetworkAcl(self, "acl", vpc_id=vpc_id, tags={"Name": naming.tag(f"{tier}-tier")})
        skip(
            self.acl,
            "CKV2_AWS_1",
            reason="attached by association resources, which the check does not follow",
        )
        rules = [self._rule(each) for each in admitted]
        self.associations: list[TerraformResource] = [
            NetworkAclAssociation(
                self,
                f"association-{zone}",
                network_acl_id=self.acl.id,
                subnet_id=subnet.id,
                # Without its rules the ACL would cut off what already runs in the subnet.
                depends_on=rules,
            )
            for zone, subnet in subnets.items()
        ]

    def _rule(self, admitted: Admission) -> NetworkAclRule:
        rule = NetworkAclRule(
            self,
            admitted.id,
            network_acl_id=self.acl.id,
            rule_number=admitted.number,
            egress=admitted.egress,
            rule_action="allow",
            cidr_block=admitted.cidr,
            protocol="tcp" if admitted.ports else "icmp",
        )
        if admitted.ports:
            rule.from_port, rule.to_port = admitted.ports
        else:
            rule.icmp_type, rule.icmp_code = _UNREACHABLE, _FRAGMENTATION_NEEDED
        if not admitted.egress and admitted.cidr == _ANYWHERE:
            _explain(rule)
        return rule


def _explain(rule: NetworkAclRule) -> None:
    """Tell Checkov why anybody's packets come in here."""
    if rule.protocol_input == "tcp":
        skip(
            rule,
            "CKV_AWS_231",
            reason="answers come back to any high port, 3389 among them; nothing listens there",
        )
    else:
        skip(
            rule,
            "CKV_AWS_352",
            reason="ICMP has no ports; only the message that a packet is too large comes in",
        )

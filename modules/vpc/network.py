"""The VPC itself: subnets, routes, NAT and the guards around the tiers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from cdktf import TerraformResource
from cdktf_cdktf_provider_aws.default_network_acl import DefaultNetworkAcl
from cdktf_cdktf_provider_aws.default_security_group import DefaultSecurityGroup
from cdktf_cdktf_provider_aws.eip import Eip
from cdktf_cdktf_provider_aws.internet_gateway import InternetGateway
from cdktf_cdktf_provider_aws.nat_gateway import NatGateway
from cdktf_cdktf_provider_aws.route import Route
from cdktf_cdktf_provider_aws.route_table import RouteTable
from cdktf_cdktf_provider_aws.route_table_association import RouteTableAssociation
from cdktf_cdktf_provider_aws.subnet import Subnet, SubnetTimeouts
from cdktf_cdktf_provider_aws.vpc import Vpc as VpcResource
from cdktf_cdktf_provider_aws.vpc_endpoint import VpcEndpoint
from cdktf_cdktf_provider_aws.vpc_endpoint_route_table_association import (
    VpcEndpointRouteTableAssociation,
)
from constructs import Construct

from modules.naming import Naming
from modules.timeouts import NETWORK_INTERFACE_RELEASE
from modules.vpc.addresses import TIERS, Tier, subnet_range
from modules.vpc.endpoint_policies import amazon_linux, endpoint_policy
from modules.vpc.tier_acl import TierAcl, admissions

NatGateways = Literal["none", "single", "per_zone"]

GATEWAY_ENDPOINTS = ("s3", "dynamodb")
"""They cost nothing and keep this traffic off NAT gateways, so every network has them."""


class Vpc(Construct):
    """Tiers ``public``, ``application`` and ``database`` over named zones.

    Everything that exists once a zone is keyed by the zone's name: going from two zones to three
    adds resources and touches none. Attachments that AWS keeps as lists (an endpoint's route
    tables, an ACL's subnets) are resources of their own for the same reason.

    The application tier reaches the internet only through NAT, the database tier never. Each tier
    has an ACL of its own; the VPC's default one is closed, as is its default security group.

    Attributes:
        name: its name, a tag.
        nat_gateways: zone to NAT gateway, where there is one.
        routes_and_rules: what must exist before functions reach anything.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        naming: Naming,
        cidr: str,
        zones: Sequence[str],
        nat: NatGateways = "none",
        database_port: int = 5432,
    ) -> None:
        """Create the network.

        Args:
            scope: the construct that owns the network.
            construct_id: id within the scope.
            naming: names and ARNs of the environment.
            cidr: the VPC's range, /16 to /21.
            zones: full names of the availability zones. A single NAT gateway stands in the first.
            nat: NAT gateways of the application tier: none, one for all zones, or one a zone.
            database_port: TCP port that the database tier accepts from the application tier.
        """
        super().__init__(scope, construct_id)
        self.name = naming.tag("vpc")
        self.cidr = cidr
        self.zones = tuple(zones)
        self._naming = naming
        self.vpc = VpcResource(
            self,
            "vpc",
            cidr_block=cidr,
            enable_dns_support=True,
            enable_dns_hostnames=True,
            tags={"Name": self.name},
        )
        DefaultSecurityGroup(
            self,
            "default-security-group",
            vpc_id=self.vpc.id,
            tags={"Name": naming.tag("default-empty")},
        )
        self.internet_gateway = InternetGateway(
            self, "internet-gateway", vpc_id=self.vpc.id, tags={"Name": naming.tag("internet")}
        )
        self._subnets = {
            tier: {zone: self._subnet(tier, zone) for zone in self.zones} for tier in TIERS
        }
        self._route_tables = {
            "public": {zone: self._route_table("public", zone) for zone in self.zones},
            "application": {zone: self._route_table("application", zone) for zone in self.zones},
            "database": {zone: self._route_table("database", zone) for zone in self.zones},
        }
        self._route_to_internet()
        through_nat = self._route_through_nat(nat)
        self._gateways = {service: self._gateway(service) for service in GATEWAY_ENDPOINTS}
        acls = [self._acl(tier, database_port) for tier in TIERS]
        associations = [each for acl in acls for each in acl.associations]
        DefaultNetworkAcl(
            self,
            "default-acl",
            default_network_acl_id=self.vpc.default_network_acl_id,
            tags={"Name": naming.tag("default-closed")},
            # A subnet is the default ACL's until it has its own.
            depends_on=associations,
        )
        self.routes_and_rules: list[TerraformResource] = [*through_nat, *associations]

    @property
    def id(self) -> str:
        """The VPC's id (a token until apply)."""
        return self.vpc.id

    def subnet_ids(self, tier: Tier, zones: Sequence[str] | None = None) -> list[str]:
        """Ids of a tier's subnets, in the order of the zones.

        Args:
            tier: which tier.
            zones: only these zones; all of them by default.

        Raises:
            KeyError: a zone that the network does not have.
        """
        return [self._subnets[tier][zone].id for zone in (zones or self.zones)]

    def allow_amazon_linux(self) -> None:
        """Let machines with Amazon Linux fetch its packages through the endpoint of S3."""
        self._gateways["s3"].policy = endpoint_policy(
            "s3", amazon_linux(self._naming), naming=self._naming
        )

    def _acl(self, tier: Tier, database_port: int) -> TierAcl:
        return TierAcl(
            self,
            f"{tier}-acl",
            naming=self._naming,
            vpc_id=self.vpc.id,
            tier=tier,
            subnets=self._subnets[tier],
            admitted=admissions(tier, cidr=self.cidr, database_port=database_port),
        )

    def _subnet(self, tier: Tier, zone: str) -> Subnet:
        return Subnet(
            self,
            f"{tier}-{zone}",
            vpc_id=self.vpc.id,
            availability_zone=zone,
            cidr_block=subnet_range(self.cidr, tier, zone),
            map_public_ip_on_launch=False,
            timeouts=SubnetTimeouts(delete=NETWORK_INTERFACE_RELEASE),
            tags={"Name": self._naming.tag(f"{tier}-{zone}"), "Tier": tier},
        )

    def _route_table(self, tier: Tier, zone: str) -> RouteTable:
        table = RouteTable(
            self,
            f"{tier}-routes-{zone}",
            vpc_id=self.vpc.id,
            tags={"Name": self._naming.tag(f"{tier}-{zone}"), "Tier": tier},
        )
        RouteTableAssociation(
            self,
            f"{tier}-routes-{zone}-association",
            subnet_id=self._subnets[tier][zone].id,
            route_table_id=table.id,
        )
        return table

    def _route_to_internet(self) -> None:
        for zone, table in self._route_tables["public"].items():
            Route(
                self,
                f"public-internet-{zone}",
                route_table_id=table.id,
                destination_cidr_block="0.0.0.0/0",
                gateway_id=self.internet_gateway.id,
            )

    def _route_through_nat(self, nat: NatGateways) -> list[Route]:
        zones = {"none": (), "single": self.zones[:1], "per_zone": self.zones}[nat]
        self.nat_gateways = gateways = {zone: self._nat_gateway(zone) for zone in zones}
        if not gateways:
            return []
        return [
            Route(
                self,
                f"application-nat-{zone}",
                route_table_id=table.id,
                destination_cidr_block="0.0.0.0/0",
                nat_gateway_id=(gateways.get(zone) or gateways[self.zones[0]]).id,
            )
            for zone, table in self._route_tables["application"].items()
        ]

    def _nat_gateway(self, zone: str) -> NatGateway:
        tags = {"Name": self._naming.tag(f"nat-{zone}")}
        # AWS hands out the address without an internet gateway, but it works only with one.
        address = Eip(
            self, f"nat-address-{zone}", domain="vpc", tags=tags, depends_on=[self.internet_gateway]
        )
        return NatGateway(
            self,
            f"nat-{zone}",
            allocation_id=address.allocation_id,
            subnet_id=self._subnets["public"][zone].id,
            tags=tags,
            depends_on=[self.internet_gateway],
        )

    def _gateway(self, service: str) -> VpcEndpoint:
        endpoint = VpcEndpoint(
            self,
            f"endpoint-{service}",
            vpc_id=self.vpc.id,
            vpc_endpoint_type="Gateway",
            service_name=f"com.amazonaws.{self._naming.region}.{service}",
            policy=endpoint_policy(service, naming=self._naming),
            tags={"Name": self._naming.tag(service)},
        )
        for zone, table in self._route_tables["application"].items():
            VpcEndpointRouteTableAssociation(
                self,
                f"endpoint-{service}-{zone}",
                vpc_endpoint_id=endpoint.id,
                route_table_id=table.id,
            )
        return endpoint

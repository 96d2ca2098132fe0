"""Interface endpoints: private connections to AWS services, without a NAT gateway."""

from __future__ import annotations

from collections.abc import Sequence

from cdktf_cdktf_provider_aws.security_group import SecurityGroup, SecurityGroupTimeouts
from cdktf_cdktf_provider_aws.vpc_endpoint import VpcEndpoint
from cdktf_cdktf_provider_aws.vpc_endpoint_subnet_association import VpcEndpointSubnetAssociation
from constructs import Construct

from modules.naming import Naming
from modules.timeouts import NETWORK_INTERFACE_RELEASE
from modules.vpc.endpoint_policies import endpoint_policy
from modules.vpc.network import Vpc


class InterfaceEndpoints(Construct):
    """Endpoints by service name, in chosen zones, behind one security group.

    An endpoint is billed by the hour and zone. A function in another zone still reaches it, at
    the price of traffic between zones, and loses it when the zone is lost.

    Attributes:
        interfaces: what must exist before anybody can use the endpoints.
    """

    port = 443

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        naming: Naming,
        network: Vpc,
        services: Sequence[str],
        zones: Sequence[str],
    ) -> None:
        """Create one endpoint a service.

        Args:
            scope: the construct that owns them.
            construct_id: id within the scope.
            naming: names and region of the environment.
            network: the VPC; the endpoints stand in its application tier.
            services: AWS's short names, for example ``bedrock-runtime``, ``secretsmanager``.
            zones: full names of the zones that get an interface.
        """
        super().__init__(scope, construct_id)
        self.interfaces: list[VpcEndpointSubnetAssociation] = []
        self.security_group = SecurityGroup(
            self,
            "security-group",
            vpc_id=network.id,
            name=naming.name("endpoints"),
            description="Interface endpoints: HTTPS from those that were admitted one by one",
            timeouts=SecurityGroupTimeouts(delete=NETWORK_INTERFACE_RELEASE),
            tags={"Name": naming.name("endpoints")},
        )
        for service in services:
            endpoint = VpcEndpoint(
                self,
                service,
                vpc_id=network.id,
                vpc_endpoint_type="Interface",
                service_name=f"com.amazonaws.{naming.region}.{service}",
                private_dns_enabled=True,
                security_group_ids=[self.security_group.id],
                policy=endpoint_policy(service, naming=naming),
                tags={"Name": naming.tag(service)},
            )
            for zone, subnet_id in zip(
                zones, network.subnet_ids("application", zones), strict=True
            ):
                interface = VpcEndpointSubnetAssociation(
                    self, f"{service}-{zone}", vpc_endpoint_id=endpoint.id, subnet_id=subnet_id
                )
                self.interfaces.append(interface)

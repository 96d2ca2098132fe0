"""Where a function runs: in the application tier of a network, or outside of any VPC."""

from __future__ import annotations

from dataclasses import dataclass

from cdktf_cdktf_provider_aws.lambda_function import (
    LambdaFunctionTimeouts,
    LambdaFunctionVpcConfig,
)
from cdktf_cdktf_provider_aws.security_group import SecurityGroup, SecurityGroupTimeouts
from constructs import Construct

from modules.iam import Statement
from modules.lambda_function.permissions import INTERFACES_OF_LAMBDA, interface_statements
from modules.timeouts import NETWORK_INTERFACE_RELEASE
from modules.vpc import Vpc


@dataclass(frozen=True, kw_only=True, slots=True)
class Placement:
    """What depends on where a function runs.

    Attributes:
        security_group: of its network interfaces; None outside of a VPC.
        vpc_config: as the function takes it; None outside of a VPC.
        managed_policy: path of the policy with which Lambda makes the interfaces; None without.
        statements: what the function's own policy says of the interfaces.
        timeouts: how long they may take to go.
    """

    security_group: SecurityGroup | None = None
    vpc_config: LambdaFunctionVpcConfig | None = None
    managed_policy: str | None = None
    statements: tuple[Statement, ...] = ()
    timeouts: LambdaFunctionTimeouts | None = None


OUTSIDE = Placement()
"""Lambda's own network: it reaches the internet and AWS's public endpoints, and no VPC."""


def within(network: Vpc, scope: Construct, *, name: str, function_arn: str) -> Placement:
    """In the network's application tier, with a security group that allows nothing yet.

    Args:
        network: the VPC.
        scope: the function's construct, which owns the group.
        name: of the function and of the group.
        function_arn: the function.
    """
    group = SecurityGroup(
        scope,
        "security-group",
        vpc_id=network.id,
        name=name,
        description=f"Lambda function {name}: connects where verbs let it",
        timeouts=SecurityGroupTimeouts(delete=NETWORK_INTERFACE_RELEASE),
        tags={"Name": name},
    )
    return Placement(
        security_group=group,
        vpc_config=LambdaFunctionVpcConfig(
            subnet_ids=network.subnet_ids("application"), security_group_ids=[group.id]
        ),
        managed_policy=INTERFACES_OF_LAMBDA,
        statements=interface_statements(function_arn),
        timeouts=LambdaFunctionTimeouts(delete=NETWORK_INTERFACE_RELEASE),
    )

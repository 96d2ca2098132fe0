"""The VPC that AWS puts into every region of an account, closed.

Terraform adopts it and can delete it only together with its own state. So it stays, without a rule
in its default security group and network ACL: what is started there by mistake reaches nothing and
cannot be reached.

Sources: https://docs.aws.amazon.com/vpc/latest/userguide/default-vpc.html and
https://docs.aws.amazon.com/securityhub/latest/userguide/ec2-controls.html (EC2.2)
"""

from __future__ import annotations

from cdktf import TerraformResourceLifecycle
from cdktf_cdktf_provider_aws.default_network_acl import DefaultNetworkAcl
from cdktf_cdktf_provider_aws.default_security_group import DefaultSecurityGroup
from cdktf_cdktf_provider_aws.default_vpc import DefaultVpc
from constructs import Construct

from modules.checkov import skip


class ClosedDefaultVpc(Construct):
    """Only where there is a default VPC: Terraform would make one where there is none.

    Attributes:
        vpc: the default VPC.
    """

    def __init__(self, scope: Construct, construct_id: str) -> None:
        """Adopt the VPC, its default security group and its default network ACL.

        Args:
            scope: the construct that owns it.
            construct_id: id within the scope.
        """
        super().__init__(scope, construct_id)
        self.vpc = DefaultVpc(self, "vpc")
        skip(
            self.vpc,
            "CKV_AWS_148",
            reason="it is adopted to be closed; nothing of ours is in it",
        )
        DefaultSecurityGroup(self, "security-group", vpc_id=self.vpc.id)
        DefaultNetworkAcl(
            self,
            "network-acl",
            default_network_acl_id=self.vpc.default_network_acl_id,
            # The default subnets use it, and they are AWS's.
            lifecycle=TerraformResourceLifecycle(ignore_changes=["subnet_ids"]),
        )

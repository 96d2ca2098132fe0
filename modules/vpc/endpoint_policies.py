"""What goes through a VPC endpoint: requests of this account, for what this account owns.

An endpoint without a policy carries anybody's request to anybody's resource: with a stranger's
credentials, what is in the network could be written to a stranger's bucket.

Sources: https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html and
https://github.com/aws-samples/data-perimeter-policy-examples/tree/main/vpc_endpoint_policies
"""

from __future__ import annotations

from modules.iam import Statement, policy
from modules.naming import Naming

_IAM_PREFIXES = {"bedrock-runtime": "bedrock", "monitoring": "cloudwatch"}
"""Services whose actions IAM names otherwise than PrivateLink names the service."""

_OF_AWS = ("bedrock-runtime",)
"""Services whose resources belong to AWS, such as Bedrock's models."""


def endpoint_policy(service: str, *more: Statement, naming: Naming) -> str:
    """Policy of an endpoint.

    Args:
        service: AWS's short name, for example ``secretsmanager``.
        more: what else goes through.
        naming: the account.
    """
    conditions = {"aws:PrincipalAccount": naming.account_id}
    if service not in _OF_AWS:
        conditions["aws:ResourceAccount"] = naming.account_id
    prefix = _IAM_PREFIXES.get(service, service.partition(".")[0])
    own = Statement(
        sid="ThisAccount",
        principals={"*": "*"},
        actions=(f"{prefix}:*",),
        resources=("*",),
        conditions={"StringEquals": conditions},
    )
    return policy(own, *more)


def amazon_linux(naming: Naming) -> Statement:
    """Packages of Amazon Linux and the agent of Systems Manager, which nobody signs requests for.

    Sources: https://repost.aws/knowledge-center/ec2-al1-al2-update-yum-without-internet and
    https://docs.aws.amazon.com/systems-manager/latest/userguide/ssm-agent-minimum-s3-permissions.html
    """
    buckets = (
        f"al2023-repos-{naming.region}-de612dc2",
        f"amazon-ssm-{naming.region}",
        f"amazon-ssm-packages-{naming.region}",
    )
    return Statement(
        sid="AmazonLinux",
        principals={"*": "*"},
        actions=("s3:GetObject",),
        resources=tuple(f"arn:aws:s3:::{bucket}/*" for bucket in buckets),
    )

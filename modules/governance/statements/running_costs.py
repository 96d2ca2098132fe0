"""What costs by the hour and has no class or size that a policy could read: not for people."""

from __future__ import annotations

from modules.iam import Statement


def running_costs() -> tuple[Statement, ...]:
    """Refuse to people what only the pipeline makes or makes larger, after a review.

    Changes of volumes and databases are here for what AWS does not say of their keys, see
    ``volumes`` and ``databases``.
    """
    return (
        Statement(
            sid="RunningCosts",
            effect="Deny",
            actions=(
                "dynamodb:UpdateTable",
                "ec2:CreateClientVpn*",
                "ec2:CreateNatGateway",
                "ec2:CreateTransitGateway*",
                "ec2:CreateVpcEndpoint*",
                "ec2:CreateVpnConnection",
                "ec2:EnableFastSnapshotRestores",
                "ec2:ModifyInstanceCreditSpecification",
                "ec2:ModifyVolume",
                "elasticloadbalancing:CreateLoadBalancer",
                "lambda:PutProvisionedConcurrencyConfig",
                "lambda:*CapacityProvider",
                "rds:CreateDBProxy*",
                "rds:ModifyDBInstance",
                "secretsmanager:ReplicateSecretToRegions",
            ),
            resources=("*",),
        ),
    )

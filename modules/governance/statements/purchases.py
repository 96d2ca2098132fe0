"""Purchases: what is paid for a month, a year or three, used or not."""

from __future__ import annotations

from modules.iam import Statement

_ACTIONS = (
    "acm-pca:CreateCertificateAuthority",
    "bedrock:CreateCustomModelDeployment",
    "bedrock:CreateMarketplaceModelEndpoint",
    "bedrock:CreateModelCustomizationJob",
    "bedrock:CreateProvisionedModelThroughput",
    "bedrock:UpdateProvisionedModelThroughput",
    "cloudfront:CreateSavingsPlan",
    "cloudhsm:CreateCluster",
    "cloudhsm:CreateHsm",
    "dynamodb:Purchase*",
    "ec2:AcceptReservedInstances*",
    "ec2:AllocateHosts",
    "ec2:CreateCapacityReservation*",
    "ec2:CreateReservedInstancesListing",
    "ec2:ModifyReservedInstances",
    "ec2:Purchase*",
    "elasticache:Purchase*",
    "es:Purchase*",
    "freetier:UpgradeAccountPlan",
    "memorydb:Purchase*",
    "outposts:CreateOrder",
    "rds:Purchase*",
    "redshift:Purchase*",
    "route53domains:RegisterDomain",
    "route53domains:RenewDomain",
    "route53domains:TransferDomain*",
    "sagemaker:CreateReservedCapacity",
    "sagemaker:CreateTrainingPlan",
    "savingsplans:CreateSavingsPlan",
    "shield:CreateSubscription",
    "snowball:CreateJob",
    "supportplans:CreateSupportPlanSchedule",
    "supportplans:StartSupportPlanUpdate",
)

_MARKETPLACE = (
    "aws-marketplace:AcceptAgreementRequest",
    "aws-marketplace:CreateAgreementRequest",
    "aws-marketplace:Subscribe",
)


def purchases() -> tuple[Statement, ...]:
    """Refuse purchases, and agreements with sellers, but for those that Bedrock makes.

    The first call of some models subscribes the account to them, in the caller's name. It costs
    nothing by itself.

    Sources: https://docs.aws.amazon.com/bedrock/latest/userguide/model-access.html and
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-calledvialast
    """
    return (
        Statement(sid="Purchases", effect="Deny", actions=_ACTIONS, resources=("*",)),
        Statement(
            sid="Marketplace",
            effect="Deny",
            actions=_MARKETPLACE,
            resources=("*",),
            conditions={"StringNotEquals": {"aws:CalledViaLast": "bedrock.amazonaws.com"}},
        ),
    )

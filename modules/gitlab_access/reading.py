"""What ``terraform plan`` reads: configuration and the state, and no data but one secret's value.

The actions are those that the provider was seen to call for the resources of our stacks, and the
reads that belong to their updates. Describing actions that AWS ties to no resource, or to ids that
it chooses, name every resource.
"""

from __future__ import annotations

from modules.gitlab_access.scope import Scope
from modules.iam import Statement

_NETWORK = (
    "ec2:DescribeAccountAttributes",
    "ec2:DescribeAddresses",
    "ec2:DescribeAddressesAttribute",
    "ec2:DescribeAvailabilityZones",
    "ec2:DescribeFlowLogs",
    "ec2:DescribeInternetGateways",
    "ec2:DescribeNatGateways",
    "ec2:DescribeNetworkAcls",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribePrefixLists",
    "ec2:DescribeRouteTables",
    "ec2:DescribeSecurityGroupRules",
    "ec2:DescribeSecurityGroups",
    "ec2:DescribeSubnets",
    "ec2:DescribeTags",
    "ec2:DescribeVpcAttribute",
    "ec2:DescribeVpcEndpointServices",
    "ec2:DescribeVpcEndpoints",
    "ec2:DescribeVpcs",
)

_ANY_RESOURCE = (
    *_NETWORK,
    "kms:DescribeKey",
    "kms:GetKeyPolicy",
    "kms:GetKeyRotationStatus",
    "kms:ListAliases",
    "kms:ListResourceTags",
    "logs:DescribeLogGroups",
    "logs:ListTagsForResource",
    "rds:Describe*",
    "rds:ListTagsForResource",
    "secretsmanager:GetRandomPassword",
)

_BUCKET_CONFIGURATION = (
    "s3:GetAccelerateConfiguration",
    "s3:GetBucketAcl",
    "s3:GetBucketCORS",
    "s3:GetBucketLogging",
    "s3:GetBucketObjectLockConfiguration",
    "s3:GetBucketOwnershipControls",
    "s3:GetBucketPolicy",
    "s3:GetBucketPublicAccessBlock",
    "s3:GetBucketRequestPayment",
    "s3:GetBucketTagging",
    "s3:GetBucketVersioning",
    "s3:GetBucketWebsite",
    "s3:GetEncryptionConfiguration",
    "s3:GetLifecycleConfiguration",
    "s3:GetReplicationConfiguration",
)


def configuration(scope: Scope) -> tuple[Statement, ...]:
    """Read how the environment's resources are configured."""
    return (
        Statement(sid="SeeConfiguration", actions=_ANY_RESOURCE, resources=("*",)),
        Statement(
            sid="SeeFunctions",
            actions=(
                "lambda:GetAlias",
                "lambda:GetFunction",
                "lambda:GetFunctionCodeSigningConfig",
                "lambda:GetFunctionConcurrency",
                "lambda:GetFunctionConfiguration",
                "lambda:GetPolicy",
                "lambda:GetProvisionedConcurrencyConfig",
                "lambda:ListTags",
                "lambda:ListVersionsByFunction",
            ),
            resources=(scope.own("lambda", "function:"),),
        ),
        Statement(sid="SeeApis", actions=("apigateway:GET",), resources=scope.api_paths),
        Statement(
            sid="SeeRoles",
            actions=(
                "iam:GetRole",
                "iam:GetRolePolicy",
                "iam:ListAttachedRolePolicies",
                "iam:ListInstanceProfilesForRole",
                "iam:ListRolePolicies",
                "iam:ListRoleTags",
            ),
            resources=(scope.iam("role"),),
        ),
        Statement(
            sid="SeeQueues",
            actions=("sqs:GetQueueAttributes", "sqs:GetQueueUrl", "sqs:ListQueueTags"),
            resources=(scope.own("sqs"),),
        ),
        Statement(
            sid="SeeBuckets",
            actions=_BUCKET_CONFIGURATION,
            resources=(f"arn:aws:s3:::{scope.naming.pattern('*')}",),
        ),
        Statement(
            sid="SeeSecrets",
            actions=(
                "secretsmanager:DescribeSecret",
                "secretsmanager:GetResourcePolicy",
                "secretsmanager:ListSecretVersionIds",
            ),
            resources=(scope.own_secrets,),
        ),
    )


def state(scope: Scope) -> tuple[Statement, ...]:
    """Read the state of the one stack, and the checksum that tells a stale copy of it.

    Terraform lists the bucket under ``env:/`` to see which workspaces there are.

    Source: https://developer.hashicorp.com/terraform/language/backend/s3
    """
    return (
        Statement(
            sid="FindState",
            actions=("s3:ListBucket",),
            resources=(scope.state.bucket_arn,),
            conditions={"StringEquals": {"s3:prefix": ("env:/", scope.state.object_key)}},
        ),
        Statement(sid="ReadState", actions=("s3:GetObject",), resources=(scope.state.arn,)),
        Statement(
            sid="ReadChecksum",
            actions=("dynamodb:GetItem",),
            resources=(scope.naming.arn("dynamodb", f"table/{scope.state.lock_table}"),),
            conditions={
                "ForAllValues:StringEquals": {
                    "dynamodb:LeadingKeys": (scope.state.lock_item, scope.state.digest_item)
                }
            },
        ),
        Statement(
            sid="DecryptState",
            actions=("kms:Decrypt",),
            resources=(scope.keys,),
            conditions={
                **scope.via("s3", "dynamodb"),
                # An alias in a policy's resource would mean the alias itself, never its key.
                "ForAnyValue:StringEquals": {"kms:ResourceAliases": scope.state.key_alias},
            },
        ),
    )


def unavoidable(scope: Scope) -> tuple[Statement, ...]:
    """Values that this provider release cannot plan without.

    It reads a secret's value whenever it refreshes the version, even one that Terraform wrote and
    forgot; later releases ask for the version's id only. And Lambda shows a function's environment
    to those alone who may decrypt it: without, every plan would want to set the variables again.

    Sources: https://github.com/hashicorp/terraform-provider-aws/issues/42383 and
    https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars-encryption.html
    """
    return (
        Statement(
            sid="RefreshSecretVersions",
            actions=("secretsmanager:GetSecretValue",),
            resources=scope.refreshed_secrets,
        ),
        Statement(
            sid="DecryptForRefresh",
            actions=("kms:Decrypt",),
            resources=(scope.keys,),
            conditions=scope.via("lambda", "secretsmanager"),
        ),
    )


def no_data(scope: Scope) -> tuple[Statement, ...]:
    """Refuse data, whatever else is ever attached to the role."""
    return (
        Statement(
            sid="NoOtherSecret",
            effect="Deny",
            actions=("secretsmanager:BatchGetSecretValue", "secretsmanager:GetSecretValue"),
            not_resources=scope.refreshed_secrets,
        ),
        Statement(
            sid="NoOtherObject",
            effect="Deny",
            actions=("s3:GetObject", "s3:GetObjectVersion"),
            not_resources=(scope.state.arn,),
        ),
        Statement(
            sid="NoData",
            effect="Deny",
            actions=(
                "bedrock:Invoke*",
                "dynamodb:BatchGetItem",
                "dynamodb:PartiQL*",
                "dynamodb:Query",
                "dynamodb:Scan",
                "lambda:Invoke*",
                "logs:FilterLogEvents",
                "logs:Get*",
                "logs:StartLiveTail",
                "logs:StartQuery",
                "logs:Unmask",
                "rds-data:*",
                "rds-db:connect",
                "rds:Download*",
                "sqs:ReceiveMessage",
                "ssm:GetParameter*",
            ),
            resources=("*",),
        ),
    )

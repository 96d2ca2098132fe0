"""What applying functions, APIs, queues, logs, database, secrets and keys needs."""

from __future__ import annotations

from modules.gitlab_access.scope import Scope
from modules.iam import Statement


def compute(scope: Scope) -> tuple[Statement, ...]:
    """Functions, the HTTP API, queues, log groups and the bucket of flow logs.

    Sources: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging.html and
    https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-and-resource-policy.html
    """
    return (
        Statement(
            sid="Functions",
            actions=(
                "lambda:AddPermission",
                "lambda:CreateAlias",
                "lambda:CreateFunction",
                "lambda:DeleteAlias",
                "lambda:DeleteFunction",
                "lambda:DeleteFunctionConcurrency",
                "lambda:DeleteProvisionedConcurrencyConfig",
                "lambda:InvokeFunction",
                "lambda:PublishVersion",
                "lambda:PutFunctionConcurrency",
                "lambda:PutProvisionedConcurrencyConfig",
                "lambda:RemovePermission",
                "lambda:TagResource",
                "lambda:UntagResource",
                "lambda:UpdateAlias",
                "lambda:UpdateFunctionCode",
                "lambda:UpdateFunctionConfiguration",
            ),
            resources=(scope.own("lambda", "function:"),),
        ),
        Statement(
            sid="Apis",
            actions=(
                "apigateway:DELETE",
                "apigateway:PATCH",
                "apigateway:POST",
                "apigateway:PUT",
            ),
            resources=scope.api_paths,
        ),
        Statement(
            sid="Queues",
            actions=(
                "sqs:CreateQueue",
                "sqs:DeleteQueue",
                "sqs:SetQueueAttributes",
                "sqs:TagQueue",
                "sqs:UntagQueue",
            ),
            resources=(scope.own("sqs"),),
        ),
        Statement(
            sid="LogGroups",
            actions=(
                "logs:AssociateKmsKey",
                "logs:CreateLogGroup",
                "logs:DeleteLogGroup",
                "logs:DeleteRetentionPolicy",
                "logs:DisassociateKmsKey",
                "logs:PutRetentionPolicy",
                "logs:TagResource",
                "logs:UntagResource",
            ),
            resources=(*scope.log_groups, *(f"{group}:*" for group in scope.log_groups)),
        ),
        Statement(
            sid="LogDelivery",
            actions=(
                "logs:CreateLogDelivery",
                "logs:DeleteLogDelivery",
                "logs:DescribeResourcePolicies",
                "logs:GetLogDelivery",
                "logs:ListLogDeliveries",
                "logs:PutResourcePolicy",
                "logs:UpdateLogDelivery",
            ),
            resources=("*",),
        ),
        Statement(
            sid="FlowLogBucket",
            actions=(
                "s3:CreateBucket",
                "s3:DeleteBucket",
                "s3:DeleteBucketPolicy",
                "s3:ListBucket",
                "s3:PutBucket*",
                "s3:PutEncryptionConfiguration",
                "s3:PutLifecycleConfiguration",
            ),
            resources=(f"arn:aws:s3:::{scope.naming.global_name('vpc-flow')}",),
        ),
    )


def data(scope: Scope) -> tuple[Statement, ...]:
    """The database, its proxy and secrets, and the key that encrypts them.

    RDS makes the master user's secret with the caller's permissions. A new key has no alias and
    its tags take minutes to count, so keys are not limited here but in ``guards.py``.

    Sources: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-secrets-manager.html and
    https://docs.aws.amazon.com/kms/latest/developerguide/alias-authorization.html
    """
    own = tuple(scope.own("rds", kind) for kind in ("db:", "pg:", "subgrp:", "snapshot:"))
    by_id = tuple(scope.naming.arn("rds", kind) for kind in ("db-proxy:*", "target-group:*"))
    return (
        Statement(
            sid="Database",
            actions=(
                "rds:AddTagsToResource",
                "rds:CreateDBInstance",
                "rds:CreateDBParameterGroup",
                "rds:CreateDBSnapshot",
                "rds:CreateDBSubnetGroup",
                "rds:DeleteDBInstance",
                "rds:DeleteDBParameterGroup",
                "rds:DeleteDBProxy",
                "rds:DeleteDBSubnetGroup",
                "rds:DeregisterDBProxyTargets",
                "rds:ModifyDBInstance",
                "rds:ModifyDBParameterGroup",
                "rds:ModifyDBProxy",
                "rds:ModifyDBProxyTargetGroup",
                "rds:ModifyDBSubnetGroup",
                "rds:RebootDBInstance",
                "rds:RegisterDBProxyTargets",
                "rds:RemoveTagsFromResource",
                "rds:ResetDBParameterGroup",
            ),
            resources=(*own, *by_id),
        ),
        Statement(sid="Proxy", actions=("rds:CreateDBProxy",), resources=("*",)),
        Statement(
            sid="Secrets",
            actions=(
                "secretsmanager:CreateSecret",
                "secretsmanager:DeleteSecret",
                "secretsmanager:PutSecretValue",
                "secretsmanager:RestoreSecret",
                "secretsmanager:TagResource",
                "secretsmanager:UntagResource",
                "secretsmanager:UpdateSecret",
                "secretsmanager:UpdateSecretVersionStage",
            ),
            resources=(scope.own_secrets,),
        ),
        Statement(
            sid="MasterSecret",
            actions=(
                "secretsmanager:CreateSecret",
                "secretsmanager:RotateSecret",
                "secretsmanager:TagResource",
            ),
            resources=(scope.naming.arn("secretsmanager", "secret:rds!db-*"),),
        ),
        Statement(sid="NewKey", actions=("kms:CreateKey",), resources=("*",)),
        Statement(
            sid="Keys",
            actions=(
                "kms:CancelKeyDeletion",
                "kms:DisableKeyRotation",
                "kms:EnableKeyRotation",
                "kms:PutKeyPolicy",
                "kms:ScheduleKeyDeletion",
                "kms:TagResource",
                "kms:UntagResource",
                "kms:UpdateKeyDescription",
                "kms:CreateAlias",
                "kms:DeleteAlias",
                "kms:UpdateAlias",
            ),
            resources=(scope.keys, scope.own("kms", "alias/")),
        ),
        Statement(
            sid="EncryptThroughServices",
            actions=("kms:CreateGrant", "kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey*"),
            resources=(scope.keys,),
            conditions=scope.via("lambda", "rds", "secretsmanager", "sqs"),
        ),
    )


def state(scope: Scope) -> tuple[Statement, ...]:
    """Write the state of the one stack, and hold its lock.

    Source: https://developer.hashicorp.com/terraform/language/backend/s3
    """
    return (
        Statement(
            sid="WriteState",
            actions=("s3:PutObject",),
            resources=(scope.state.arn, scope.state.lock_file_arn),
        ),
        Statement(
            sid="HoldLockFile",
            actions=("s3:DeleteObject", "s3:GetObject"),
            resources=(scope.state.lock_file_arn,),
        ),
        Statement(
            sid="HoldLock",
            actions=("dynamodb:DeleteItem", "dynamodb:PutItem"),
            resources=(scope.naming.arn("dynamodb", f"table/{scope.state.lock_table}"),),
            conditions={
                "ForAllValues:StringEquals": {
                    "dynamodb:LeadingKeys": (scope.state.lock_item, scope.state.digest_item)
                }
            },
        ),
        Statement(
            sid="EncryptState",
            actions=("kms:Encrypt", "kms:GenerateDataKey*"),
            resources=(scope.keys,),
            conditions={
                **scope.via("s3", "dynamodb"),
                "ForAnyValue:StringEquals": {"kms:ResourceAliases": scope.state.key_alias},
            },
        ),
    )

"""The most that a role of the environment's own services can ever be given by the pipeline."""

from __future__ import annotations

from modules.gitlab_access.scope import PIPELINE, Scope
from modules.iam import Statement
from modules.naming import Naming

_BOUNDARY = f"{PIPELINE}-boundary"


def boundary_name(naming: Naming) -> str:
    """Name of the policy that bounds the environment's roles."""
    return naming.name(_BOUNDARY)


def boundary_arn(naming: Naming) -> str:
    """Its ARN, known before it exists: the environment's own stack names it."""
    return f"arn:aws:iam::{naming.account_id}:policy/{boundary_name(naming)}"


def statements(scope: Scope) -> tuple[Statement, ...]:
    """What functions, RDS's proxy and monitoring, and flow logs do; nothing that changes IAM.

    A boundary permits nothing by itself: a role may do what its own policies allow and this, too.
    A module that grants a service more needs it here first, which an administrator applies.

    Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
    """
    naming = scope.naming
    return (
        Statement(
            sid="Logs",
            actions=(
                "logs:CreateLogGroup",
                "logs:CreateLogStream",
                "logs:DescribeLogGroups",
                "logs:DescribeLogStreams",
                "logs:GetLogEvents",
                "logs:PutLogEvents",
                "logs:PutRetentionPolicy",
            ),
            resources=(naming.arn("logs", "*"),),
        ),
        Statement(
            sid="Traces",
            actions=(
                "xray:GetSampling*",
                "xray:PutTelemetryRecords",
                "xray:PutTraceSegments",
            ),
            resources=("*",),
        ),
        Statement(
            sid="InterfacesOfLambda",
            actions=(
                "ec2:AssignPrivateIpAddresses",
                "ec2:CreateNetworkInterface",
                "ec2:DeleteNetworkInterface",
                "ec2:DescribeNetworkInterfaces",
                "ec2:DescribeSubnets",
                "ec2:UnassignPrivateIpAddresses",
            ),
            resources=("*",),
        ),
        Statement(
            sid="Models",
            actions=("bedrock:ApplyGuardrail", "bedrock:InvokeModel"),
            resources=("*",),
        ),
        Statement(sid="DeadLetters", actions=("sqs:SendMessage",), resources=(scope.own("sqs"),)),
        Statement(
            sid="Connect", actions=("rds-db:connect",), resources=(naming.arn("rds-db", "*"),)
        ),
        Statement(
            sid="Secrets",
            actions=("secretsmanager:GetSecretValue",),
            resources=(scope.own_secrets, naming.arn("secretsmanager", "secret:rds!db-*")),
        ),
        Statement(
            sid="Keys",
            actions=("kms:Decrypt", "kms:GenerateDataKey"),
            resources=(scope.keys,),
        ),
        Statement(
            sid="NotTheStatesKey",
            effect="Deny",
            actions=("kms:Decrypt", "kms:GenerateDataKey"),
            resources=(scope.keys,),
            conditions={"ForAnyValue:StringEquals": {"kms:ResourceAliases": scope.state.key_alias}},
        ),
    )

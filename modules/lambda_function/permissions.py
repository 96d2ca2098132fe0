"""What a function's role may do before any verb grants it more."""

from __future__ import annotations

from cdktf_cdktf_provider_aws.cloudwatch_log_group import CloudwatchLogGroup
from cdktf_cdktf_provider_aws.sqs_queue import SqsQueue

from modules.encryption import EncryptionKey
from modules.iam import Statement

INTERFACES_OF_LAMBDA = "service-role/AWSLambdaENIManagementAccess"
"""AWS-managed: create, describe and delete network interfaces; no log permissions."""

TRACING = "AWSXRayDaemonWriteAccess"

_INTERFACE_ACTIONS = (
    "ec2:CreateNetworkInterface",
    "ec2:DeleteNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSubnets",
    "ec2:DetachNetworkInterface",
    "ec2:AssignPrivateIpAddresses",
    "ec2:UnassignPrivateIpAddresses",
)


def own_statements(
    *, log_group: CloudwatchLogGroup, dead_letters: SqsQueue, key: EncryptionKey
) -> tuple[Statement, ...]:
    """Write to its own log group, send dead letters, and nothing else.

    There is no ``logs:CreateLogGroup``: with it, a late log line would bring a deleted group back
    without retention.
    """
    return (
        Statement(
            sid="WriteOwnLogs",
            actions=("logs:CreateLogStream", "logs:PutLogEvents"),
            resources=(f"{log_group.arn}:*",),
        ),
        Statement(
            sid="LeaveDeadLetters", actions=("sqs:SendMessage",), resources=(dead_letters.arn,)
        ),
        key.generate_data_key(),
    )


def interface_statements(function_arn: str) -> tuple[Statement, ...]:
    """What a function in a VPC needs beside ``INTERFACES_OF_LAMBDA``.

    The network interfaces are Lambda's business: the function's own code is refused the permissions
    that Lambda needs to attach it.

    Source: https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
    """
    return (
        # Lambda describes the subnets before it attaches the function to them. The AWS-managed
        # policy does not hold this action, which IAM ties to no resource.
        Statement(sid="SeeSubnets", actions=("ec2:DescribeSubnets",), resources=("*",)),
        Statement(
            sid="InterfacesAreLambdasBusiness",
            effect="Deny",
            actions=_INTERFACE_ACTIONS,
            resources=("*",),
            conditions={"ArnEquals": {"lambda:SourceFunctionArn": function_arn}},
        ),
    )

"""Functions, HTTP APIs, queues, and the models that functions call."""

from __future__ import annotations

from typing import TYPE_CHECKING

from modules.bedrock import profile_scope
from modules.gitlab_access.services.logs import write_logs
from modules.gitlab_access.services.service import Service
from modules.iam import Statement

if TYPE_CHECKING:
    from modules.gitlab_access.applied_stack import AppliedStack


def _write_functions(stack: AppliedStack) -> tuple[Statement, ...]:
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
            resources=(stack.own("lambda", "function:"),),
        ),
    )


def _read_functions(stack: AppliedStack) -> tuple[Statement, ...]:
    return (
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
            resources=(stack.own("lambda", "function:"),),
        ),
    )


def _functions_may(stack: AppliedStack) -> tuple[Statement, ...]:
    """Log, trace, and what Lambda itself does with a role to reach the network."""
    return (
        *write_logs(stack),
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
    )


FUNCTIONS = Service(
    policy="compute",
    title="functions",
    write=_write_functions,
    read=_read_functions,
    boundary=_functions_may,
    roles_for=("lambda.amazonaws.com",),
    encrypts_as="lambda",
    decrypts_on_refresh=True,
)


def _api_paths(stack: AppliedStack) -> tuple[str, ...]:
    """HTTP APIs, domain names and their tags; their ARNs carry ids that AWS chooses."""
    region = stack.naming.region
    return tuple(
        f"arn:aws:apigateway:{region}::/{path}"
        for path in ("apis", "apis/*", "domainnames", "domainnames/*", "tags/*")
    )


def _write_apis(stack: AppliedStack) -> tuple[Statement, ...]:
    return (
        Statement(
            sid="Apis",
            actions=(
                "apigateway:DELETE",
                "apigateway:PATCH",
                "apigateway:POST",
                "apigateway:PUT",
            ),
            resources=_api_paths(stack),
        ),
    )


def _read_apis(stack: AppliedStack) -> tuple[Statement, ...]:
    return (Statement(sid="SeeApis", actions=("apigateway:GET",), resources=_api_paths(stack)),)


APIS = Service(
    policy="compute",
    title="API",
    write=_write_apis,
    read=_read_apis,
    service_linked_roles=("ops.apigateway.amazonaws.com",),
)


def _write_queues(stack: AppliedStack) -> tuple[Statement, ...]:
    return (
        Statement(
            sid="Queues",
            actions=(
                "sqs:CreateQueue",
                "sqs:DeleteQueue",
                "sqs:SetQueueAttributes",
                "sqs:TagQueue",
                "sqs:UntagQueue",
            ),
            resources=(stack.own("sqs"),),
        ),
    )


def _read_queues(stack: AppliedStack) -> tuple[Statement, ...]:
    return (
        Statement(
            sid="SeeQueues",
            actions=("sqs:GetQueueAttributes", "sqs:GetQueueUrl", "sqs:ListQueueTags"),
            resources=(stack.own("sqs"),),
        ),
    )


def _send(stack: AppliedStack) -> tuple[Statement, ...]:
    return (
        Statement(sid="DeadLetters", actions=("sqs:SendMessage",), resources=(stack.own("sqs"),)),
    )


QUEUES = Service(
    policy="compute",
    title="queues",
    write=_write_queues,
    read=_read_queues,
    boundary=_send,
    encrypts_as="sqs",
)


def _invoke(stack: AppliedStack) -> tuple[Statement, ...]:
    """Models, and nothing of a model that nobody has chosen; the limits say from which regions."""
    naming = stack.naming
    profiles = [model for model in stack.models if profile_scope(model)]
    plain = {model.split(".", 1)[1] if profile_scope(model) else model for model in stack.models}
    guardrails = Statement(
        sid="Guardrails",
        actions=("bedrock:ApplyGuardrail",),
        resources=(naming.arn("bedrock", "guardrail/*"),),
    )
    if not plain:
        return (guardrails,)
    return (
        Statement(
            sid="Models",
            actions=("bedrock:InvokeModel",),
            resources=(
                *(naming.arn("bedrock", f"inference-profile/{profile}") for profile in profiles),
                *(f"arn:aws:bedrock:*::foundation-model/{model}" for model in sorted(plain)),
            ),
        ),
        guardrails,
    )


MODELS = Service(policy="compute", boundary=_invoke)
"""Bedrock's models: functions call them, Terraform makes none."""

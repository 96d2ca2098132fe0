"""What ``terraform plan`` reads: configuration and the state, and no data but a secret's value.

The actions are those that the provider was seen to call for the resources of our stacks, and the
reads that belong to their updates.
"""

from __future__ import annotations

from collections.abc import Sequence

from modules.gitlab_access import state
from modules.gitlab_access.applied_stack import AppliedStack
from modules.gitlab_access.services import Service, chosen
from modules.iam import Statement


def policies(stack: AppliedStack) -> list[tuple[str, str, tuple[Statement, ...]]]:
    """Name, description and statements of each: how a stack is configured, and its state.

    What watches the stack has a policy of its own for its length.
    """
    services = chosen(stack.services)
    watching = [service for service in services if service.policy == "monitoring"]
    others = [service for service in services if service.policy != "monitoring"]
    own = stack.id if stack.system else "the environment"
    found = [
        (
            "read",
            f"Configuration and state of {own}",
            (*_configuration(stack, others), *state.read(stack), *_unavoidable(stack)),
        )
    ]
    if watching:
        found.append(
            (
                "read-monitoring",
                f"Configuration of what watches {own}",
                _configuration(stack, watching),
            )
        )
    return found


def _configuration(stack: AppliedStack, services: Sequence[Service]) -> tuple[Statement, ...]:
    described = sorted({action for service in services for action in service.describe})
    # Two services may read the same, such as buckets.
    read = {each.sid: each for service in services for each in service.read(stack)}
    return (
        *(
            [Statement(sid="SeeConfiguration", actions=described, resources=("*",))]
            if described
            else []
        ),
        *read.values(),
    )


def _unavoidable(stack: AppliedStack) -> tuple[Statement, ...]:
    """Values that this provider release cannot plan without.

    It reads a secret's value whenever it refreshes the version, even one that Terraform wrote and
    forgot; later releases ask for the version's id only. And Lambda shows a function's environment
    to those alone who may decrypt it: without, every plan would want to set the variables again.

    Sources: https://github.com/hashicorp/terraform-provider-aws/issues/42383 and
    https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars-encryption.html
    """
    encrypted = [s.encrypts_as for s in chosen(stack.services) if s.decrypts_on_refresh]
    found = []
    if stack.secrets:
        found.append(
            Statement(
                sid="RefreshSecretVersions",
                actions=("secretsmanager:GetSecretValue",),
                resources=stack.refreshed_secrets,
            )
        )
    if encrypted:
        found.append(
            Statement(
                sid="DecryptForRefresh",
                actions=("kms:Decrypt",),
                resources=(stack.keys,),
                conditions=stack.via(*encrypted),
            )
        )
    return tuple(found)


def telling(stacks: Sequence[AppliedStack]) -> tuple[Statement, ...]:
    """Publish what has drifted. A plan of any branch may: it can send noise, and reads nothing so.

    Args:
        stacks: all stacks that the role plans.
    """
    found = {
        statement.sid: statement
        for stack in stacks
        for service in chosen(stack.services)
        for statement in service.tell(stack)
    }
    return tuple(found.values())


def no_data(stacks: Sequence[AppliedStack]) -> tuple[Statement, ...]:
    """Refuse data, whatever else is ever attached to the plan role.

    Args:
        stacks: all stacks that the role plans.
    """
    secrets = tuple(secret for stack in stacks for secret in stack.refreshed_secrets)
    states = tuple(stack.state.arn for stack in stacks)
    return (
        Statement(
            sid="NoOtherSecret",
            effect="Deny",
            actions=("secretsmanager:BatchGetSecretValue", "secretsmanager:GetSecretValue"),
            resources=() if secrets else ("*",),
            not_resources=secrets,
        ),
        Statement(
            sid="NoOtherObject",
            effect="Deny",
            actions=("s3:GetObject", "s3:GetObjectVersion"),
            not_resources=states,
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
                # Not every logs:Get*: a plan reads which log groups mask what.
                "logs:GetLog*",
                "logs:GetQuery*",
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

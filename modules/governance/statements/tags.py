"""Tags by which costs are told apart: demanded on creation, and kept as they are."""

from __future__ import annotations

from collections.abc import Sequence

from modules.governance.limits import Limits
from modules.iam import Statement

_BESIDE_OTHERS = (
    ("ec2:CreateFlowLogs", "arn:aws:ec2:*:*:vpc-flow-log/*"),
    ("ec2:CreateNatGateway", "arn:aws:ec2:*:*:natgateway/*"),
    ("ec2:CreateVpcEndpoint", "arn:aws:ec2:*:*:vpc-endpoint/*"),
    ("ec2:RunInstances", "arn:aws:ec2:*:*:instance/*"),
    ("rds:CreateDBInstance*", "arn:aws:rds:*:*:db:*"),
    ("rds:RestoreDBInstance*", "arn:aws:rds:*:*:db:*"),
)
"""Action, and what of all that the request names is new and can have tags."""

_ALONE = (
    "dynamodb:CreateTable",
    "ec2:AllocateAddress",
    "ec2:CreateVolume",
    "ec2:CreateVpc",
    "kms:CreateKey",
    "lambda:CreateFunction",
    "secretsmanager:CreateSecret",
)
"""Actions whose request names what is new and hardly anything else: ``_NEVER_TAGGED``."""

_SNAPSHOT = "arn:aws:ec2:*:*:snapshot/*"
_NEVER_TAGGED = (
    # RDS makes the master user's secret in the caller's name.
    "arn:aws:secretsmanager:*:*:secret:rds!*",
    # What exists already: a volume's snapshot, and the pool of a network's or public addresses.
    _SNAPSHOT,
    "arn:aws:ec2:*:*:*pool*/*",
)


_BY_PEOPLE = (
    "ec2:CreateVolume",
    "ec2:RunInstances",
    "lambda:CreateFunction",
    "rds:CreateDBInstance*",
    "rds:RestoreDBInstance*",
)


def demanded(limits: Limits) -> tuple[Statement, ...]:
    """Refuse what costs money without a tag, for each tag by itself: conditions are joined by "and".

    The keys of the request are asked, and not the value of one, because IAM takes ``environment`` for
    ``Environment`` where it reads a value, and the bill does not.

    Some creations are left out, for their tags come in a second call or never: buckets, hosted zones,
    budgets, and the network interfaces that Lambda makes with a function's role.

    Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-tagkeys
    and https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html
    """
    return _demanded(limits, _BESIDE_OTHERS, _ALONE, _NEVER_TAGGED)


def demanded_of_people(limits: Limits) -> tuple[Statement, ...]:
    """The same for what people can be allowed to make at all."""
    beside = [each for each in _BESIDE_OTHERS if each[0] in _BY_PEOPLE]
    alone = [action for action in _ALONE if action in _BY_PEOPLE]
    return _demanded(limits, beside, alone, (_SNAPSHOT,))


def _demanded(
    limits: Limits,
    beside_others: Sequence[tuple[str, str]],
    alone: Sequence[str],
    never_tagged: Sequence[str],
) -> tuple[Statement, ...]:
    actions, resources = zip(*beside_others, strict=True)
    found = []
    for tag in limits.tags:
        missing = {"ForAllValues:StringNotEquals": {"aws:TagKeys": tag}}
        found += [
            Statement(
                sid=f"With{tag}",
                effect="Deny",
                actions=actions,
                resources=tuple(dict.fromkeys(resources)),
                conditions=missing,
            ),
            Statement(
                sid=f"With{tag}Too",
                effect="Deny",
                actions=alone,
                not_resources=never_tagged,
                conditions=missing,
            ),
        ]
    return tuple(found)


def valued(limits: Limits) -> tuple[Statement, ...]:
    """Refuse a tag with another value, in a creation or a change, of every service.

    Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/access_tags.html
    """
    return tuple(
        Statement(
            sid=f"Other{tag}",
            effect="Deny",
            actions=("*",),
            resources=("*",),
            conditions={
                "Null": {f"aws:RequestTag/{tag}": "false"},
                "StringNotEquals": {f"aws:RequestTag/{tag}": value},
            },
        )
        for tag, value in limits.tags.items()
    )


def kept(limits: Limits) -> tuple[Statement, ...]:
    """Refuse to take a tag off, with every service.

    A request that names a tag's key and no value for it takes the tag off, whatever the action is
    called. EC2 takes off all tags where no key is named.

    Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteTags.html
    """
    return (
        Statement(
            sid="AllTags",
            effect="Deny",
            actions=("ec2:DeleteTags",),
            resources=("*",),
            conditions={"Null": {"aws:TagKeys": "true"}},
        ),
        *(
            Statement(
                sid=f"Without{tag}",
                effect="Deny",
                actions=("*",),
                resources=("*",),
                conditions={
                    "Null": {f"aws:RequestTag/{tag}": "true"},
                    "ForAnyValue:StringEquals": {"aws:TagKeys": tag},
                },
            )
            for tag in limits.tags
        ),
    )


_REMOVALS = (
    "ec2:DeleteFlowLogs",
    "ec2:DeleteInternetGateway",
    "ec2:DeleteNatGateway",
    "ec2:DeleteNetworkAcl",
    "ec2:DeleteRouteTable",
    "ec2:DeleteSecurityGroup",
    "ec2:DeleteSubnet",
    "ec2:DeleteVolume",
    "ec2:DeleteVpc",
    "ec2:DeleteVpcEndpoints",
    "ec2:ReleaseAddress",
    "ec2:StopInstances",
    "ec2:TerminateInstances",
)
"""Of what EC2 gave its tags when it made it, and so not of interfaces that Lambda made."""


def only_ours(limits: Limits) -> Statement:
    """Refuse to remove what does not carry the environment's tag: what is another's may have none."""
    return Statement(
        sid="OnlyOurs",
        effect="Deny",
        actions=_REMOVALS,
        resources=("*",),
        conditions={
            "StringNotEquals": {"aws:ResourceTag/Environment": limits.environment.environment}
        },
    )

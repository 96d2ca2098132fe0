"""The database with its proxy, secrets, and the key that encrypts them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from modules.gitlab_access.services.service import Service
from modules.iam import Statement

if TYPE_CHECKING:
    from modules.gitlab_access.applied_stack import AppliedStack

_MASTER_SECRETS = "secret:rds!db-*"
"""RDS keeps the master user's password under a name that it chooses."""


def _write_database(stack: AppliedStack) -> tuple[Statement, ...]:
    """What has a name and what RDS numbers: proxies, and the groups of their targets.

    Taking a target from a proxy is judged on all that a target can be, clusters too, of which we
    have none.

    Source: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonrds.html
    """
    own = tuple(stack.own("rds", kind) for kind in ("db:", "pg:", "subgrp:", "snapshot:"))
    by_id = tuple(stack.naming.arn("rds", kind) for kind in ("db-proxy:*", "target-group:*"))
    targets = tuple(stack.own("rds", kind) for kind in ("cluster:", "db:"))
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
        Statement(
            sid="ProxyTargets",
            actions=("rds:DeregisterDBProxyTargets",),
            resources=(*targets, *by_id),
        ),
        Statement(sid="Proxy", actions=("rds:CreateDBProxy",), resources=("*",)),
    )


def _connect(stack: AppliedStack) -> tuple[Statement, ...]:
    return (
        Statement(
            sid="Connect",
            actions=("rds-db:connect",),
            resources=(stack.naming.arn("rds-db", "*"),),
        ),
    )


DATABASE = Service(
    policy="data",
    title="database",
    write=_write_database,
    describe=("rds:Describe*", "rds:ListTagsForResource"),
    boundary=_connect,
    roles_for=("monitoring.rds.amazonaws.com", "rds.amazonaws.com"),
    service_linked_roles=("rds.amazonaws.com",),
    encrypts_as="rds",
)


def _write_secrets(stack: AppliedStack) -> tuple[Statement, ...]:
    """The stack's secrets, and the master user's, which RDS makes with the caller's permissions.

    Source: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-secrets-manager.html
    """
    own = Statement(
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
        resources=(stack.own_secrets,),
    )
    if "database" not in stack.services:
        return (own,)
    return (
        own,
        Statement(
            sid="MasterSecret",
            actions=(
                "secretsmanager:CreateSecret",
                "secretsmanager:RotateSecret",
                "secretsmanager:TagResource",
            ),
            resources=(stack.naming.arn("secretsmanager", _MASTER_SECRETS),),
        ),
    )


def _describe_secrets(stack: AppliedStack) -> tuple[Statement, ...]:
    return (
        Statement(
            sid="SeeSecrets",
            actions=(
                "secretsmanager:DescribeSecret",
                "secretsmanager:GetResourcePolicy",
                "secretsmanager:ListSecretVersionIds",
            ),
            resources=(stack.own_secrets,),
        ),
    )


def _read_secrets(stack: AppliedStack) -> tuple[Statement, ...]:
    master = (
        (stack.naming.arn("secretsmanager", _MASTER_SECRETS),)
        if "database" in stack.services
        else ()
    )
    return (
        Statement(
            sid="Secrets",
            actions=("secretsmanager:GetSecretValue",),
            resources=(stack.own_secrets, *master),
        ),
    )


SECRETS = Service(
    policy="data",
    title="secrets",
    write=_write_secrets,
    describe=("secretsmanager:GetRandomPassword",),
    read=_describe_secrets,
    boundary=_read_secrets,
    encrypts_as="secretsmanager",
    decrypts_on_refresh=True,
)


def _write_keys(stack: AppliedStack) -> tuple[Statement, ...]:
    """A new key has no alias and its tags take minutes to count: ``guards.py`` limits keys.

    Source: https://docs.aws.amazon.com/kms/latest/developerguide/alias-authorization.html
    """
    return (
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
            resources=(stack.keys, stack.own("kms", "alias/")),
        ),
    )


def _use_keys(stack: AppliedStack) -> tuple[Statement, ...]:
    return (
        Statement(
            sid="Keys",
            actions=("kms:Decrypt", "kms:GenerateDataKey"),
            resources=(stack.keys,),
        ),
    )


KEYS = Service(
    policy="data",
    title="key",
    write=_write_keys,
    describe=(
        "kms:DescribeKey",
        "kms:GetKeyPolicy",
        "kms:GetKeyRotationStatus",
        "kms:ListAliases",
        "kms:ListResourceTags",
    ),
    boundary=_use_keys,
)

"""Reading and writing the state of a stack.

Source: https://developer.hashicorp.com/terraform/language/backend/s3
"""

from __future__ import annotations

from modules.gitlab_access.applied_stack import AppliedStack
from modules.iam import Conditions, Statement


def read(stack: AppliedStack) -> tuple[Statement, ...]:
    """Read the state, and the checksum that tells a stale copy of it.

    Terraform lists the bucket under ``env:/`` to see which workspaces there are.
    """
    state = stack.state
    return (
        Statement(
            sid="FindState",
            actions=("s3:ListBucket",),
            resources=(state.bucket_arn,),
            conditions={"StringEquals": {"s3:prefix": ("env:/", state.object_key)}},
        ),
        Statement(sid="ReadState", actions=("s3:GetObject",), resources=(state.arn,)),
        Statement(
            sid="ReadChecksum",
            actions=("dynamodb:GetItem",),
            resources=(_lock_table(stack),),
            conditions=_own_items(stack),
        ),
        Statement(
            sid="DecryptState",
            actions=("kms:Decrypt",),
            resources=(stack.keys,),
            conditions=_state_key(stack),
        ),
    )


def write(stack: AppliedStack) -> tuple[Statement, ...]:
    """Write the state, and hold its lock."""
    state = stack.state
    return (
        Statement(
            sid="WriteState",
            actions=("s3:PutObject",),
            resources=(state.arn, state.lock_file_arn),
        ),
        Statement(
            sid="HoldLockFile",
            actions=("s3:DeleteObject", "s3:GetObject"),
            resources=(state.lock_file_arn,),
        ),
        Statement(
            sid="HoldLock",
            actions=("dynamodb:DeleteItem", "dynamodb:PutItem"),
            resources=(_lock_table(stack),),
            conditions=_own_items(stack),
        ),
        Statement(
            sid="EncryptState",
            actions=("kms:Encrypt", "kms:GenerateDataKey*"),
            resources=(stack.keys,),
            conditions=_state_key(stack),
        ),
    )


def _lock_table(stack: AppliedStack) -> str:
    return stack.naming.arn("dynamodb", f"table/{stack.state.lock_table}")


def _own_items(stack: AppliedStack) -> Conditions:
    items = (stack.state.lock_item, stack.state.digest_item)
    return {"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": items}}


def _state_key(stack: AppliedStack) -> Conditions:
    """The state's key, through S3 and DynamoDB.

    An alias in a policy's resource would mean the alias itself, never its key.
    """
    return {
        **stack.via("s3", "dynamodb"),
        "ForAnyValue:StringEquals": {"kms:ResourceAliases": stack.state.key_alias},
    }

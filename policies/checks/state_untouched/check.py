"""Nobody but the stack that made them changes the state's bucket, lock table and key."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase

from pipeline.plan.values import as_text
from pipeline.warnings.documents import Grant, Statement, grants
from policies.check import Check, Unknown
from policies.documents import IDENTITIES, read
from policies.stack import Resource, Stack, values_in

_OWNER = "backend-"
"""How the id of the stack begins that makes an environment's state."""

_NAMING = ("bucket", "id", "name", "resource_arn", "table_name", "target_key_id")
_KINDS = ("aws_dynamodb_", "aws_kms_", "aws_s3_", "aws_s3control_")

_OF_BUCKET = (
    "s3:deletebucket",
    "s3:deletebucketpolicy",
    "s3:putbucketpolicy",
    "s3:putbucketversioning",
    "s3:putencryptionconfiguration",
    "s3:putlifecycleconfiguration",
)
_OF_OBJECT = ("s3:deleteobjectversion",)
_OF_TABLE = ("dynamodb:deletetable", "dynamodb:updatecontinuousbackups", "dynamodb:updatetable")
"""What ends the state or its history; to write the state is what an apply is for."""


class StateUntouched(Check):
    """What a stack manages, and what the roles that it makes may do."""

    types = ("aws_*",)

    def concerns(self, resource: Resource, stack: Stack) -> bool:
        """Whatever may manage buckets, tables and keys, and whoever may."""
        manages = resource.type.startswith(_KINDS) and not stack.name.startswith(_OWNER)
        return bool(stack.state) and (manages or resource.type in IDENTITIES)

    def faults(self, resource: Resource, stack: Stack) -> Iterator[str]:
        """A resource that is the state's, or a permission that ends its history."""
        if resource.type in IDENTITIES:
            yield from _allowed(resource, stack)
            return
        names = _names(stack)
        for name, value in values_in(resource.values):
            if name in _NAMING and value in names:
                yield f"manages {value}, which belongs to the state"


def _names(stack: Stack) -> set[str]:
    """The bucket, the table, and the key's alias by name and by ARN."""
    state = stack.state
    key = as_text(state.get("kms_key_id"))
    named = {as_text(state.get("bucket")), as_text(state.get("dynamodb_table"))}
    return {*named, key, key.rpartition(":")[2]} - {""}


def _allowed(resource: Resource, stack: Stack) -> Iterator[str]:
    statements: list[Statement] = []
    for each in read(resource, IDENTITIES[resource.type]):
        if isinstance(each, Unknown):
            yield each
        else:
            statements.append(each)
    denied = grants([*statements, *_beside(resource, stack)], "Deny")
    allowed = grants(statements)
    for action, target in _targets(stack):
        if _permit(allowed, action, target) and not _permit(
            (each for each in denied if not each.conditions), action, target
        ):
            yield f"allows {action} on {target}, which belongs to the state"


def _targets(stack: Stack) -> Iterator[tuple[str, str]]:
    state = stack.state
    if bucket := as_text(state.get("bucket")):
        arn = f"arn:aws:s3:::{bucket}"
        yield from ((action, arn) for action in _OF_BUCKET)
        yield from ((action, f"{arn}/{as_text(state.get('key'))}") for action in _OF_OBJECT)
    if table := as_text(state.get("dynamodb_table")):
        accounts = state.get("allowed_account_ids") or [""]
        arn = f"arn:aws:dynamodb:{as_text(state.get('region'))}:{accounts[0]}:table/{table}"
        yield from ((action, arn) for action in _OF_TABLE)


def _permit(found: Iterable[Grant], action: str, target: str) -> bool:
    """Whether one of the grants or denials is for an action on a resource."""
    return any(
        each.allows(action) and fnmatchcase(target, each.resource.replace("[", "[[]"))
        for each in found
    )


def _beside(resource: Resource, stack: Stack) -> Iterator[Statement]:
    """The statements of all policies that its roles have as well, in this stack."""
    attachments = stack.of_type("aws_iam_role_policy", "aws_iam_role_policy_attachment")
    policies = {
        each.address: [each]
        if each.type == "aws_iam_role_policy"
        else stack.named_by(each, "policy_arn")
        for each in attachments
    }
    roles = {
        each.address: {as_text(each.first("role")), *each.references.get("role", ())}
        for each in attachments
    }
    mine = {
        role
        for address, found in policies.items()
        if resource in found
        for role in roles[address]
        if role
    }
    for address, found in policies.items():
        if not mine.isdisjoint(roles[address]):
            for policy in found:
                for row in read(policy, IDENTITIES[policy.type]):
                    if not isinstance(row, Unknown):
                        yield row

"""Nobody outside the account reaches what holds data."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.plan.values import as_list, as_text
from pipeline.warnings import conditions
from pipeline.warnings.documents import grants
from pipeline.warnings.judged import switches
from policies.check import Check, Unknown
from policies.documents import read, resource_documents
from policies.stack import Resource, Stack, is_unknown

_BUCKET = "aws_s3_bucket"
_BLOCK = "aws_s3_bucket_public_access_block"
_BLOCKS = {
    _BLOCK: (
        "block_public_acls",
        "block_public_policy",
        "ignore_public_acls",
        "restrict_public_buckets",
    ),
    "aws_s3_account_public_access_block": (
        "block_public_acls",
        "block_public_policy",
        "ignore_public_acls",
        "restrict_public_buckets",
    ),
}
"""Guards whose switches are off unless somebody writes that they are on."""

_SWITCHES = frozenset(
    {
        "acl",
        "allow_unauthenticated_identities",
        "anonymous_auth_enabled",
        "authorization_type",
        "public_connectivity",
        "publicly_accessible",
        "state",
        "unauthenticated",
    }
)
_NO_DATA = ("aws_apigatewayv2_route",)
"""Types of which Checkov asks who signs in."""

_ANYBODY = re.compile(r"\*|arn:[\w-]*:(?:iam|sts)::\*:.*")
_SHARED = ("shared_accounts", "group", "share_with")
_SHARING = frozenset(
    {
        "aws_ami_launch_permission",
        "aws_db_cluster_snapshot",
        "aws_db_snapshot",
        "aws_db_snapshot_copy",
    }
)
_PERMISSION = "aws_lambda_permission"


class NoPublicData(Check):
    """Public addresses, public buckets, policies for anybody, shared snapshots."""

    types = ("aws_*",)

    def concerns(self, resource: Resource, stack: Stack) -> bool:
        """Only what can be opened at all."""
        kind = resource.type
        return (
            kind in _BLOCKS
            or kind in _SHARING
            or kind in (_BUCKET, _PERMISSION)
            or bool(resource_documents(kind))
            or any(True for _ in _switches(kind))
        )

    def faults(self, resource: Resource, stack: Stack) -> Iterator[str]:
        """What lets strangers in."""
        yield from _switched(resource)
        for name in _BLOCKS.get(resource.type, ()):
            if (value := resource.first(name)) is not True and str(value).lower() != "true":
                unknown = is_unknown(value)
                text = f"{name} is {'not known yet' if unknown else 'not on'}"
                yield Unknown(text) if unknown else text
        if resource.type == _BUCKET and not stack.about(resource, "bucket", _BLOCK):
            yield "nothing keeps it from being made public: it has no public access block"
        if resource.type == _PERMISSION:
            yield from _permission(resource)
        if resource.type in _SHARING:
            yield from _shared(resource)
        yield from _policies(resource)


def _switches(kind: str) -> Iterator[tuple[str, tuple[object, ...], str]]:
    if kind in _NO_DATA:
        return
    for path, switch in switches(kind):
        if path.rpartition(".")[2] in _SWITCHES:
            yield path, switch.opened, switch.text


def _switched(resource: Resource) -> Iterator[str]:
    for path, opened, text in _switches(resource.type):
        values = resource.all(path)
        if any(map(is_unknown, values)):
            yield Unknown(f"its {path} is not known yet")
        elif any(value in opened for value in values) or (not values and None in opened):
            yield text


def _permission(resource: Resource) -> Iterator[str]:
    limits = ("source_account", "source_arn", "principal_org_id")
    if resource.first("principal") == "*" and not any(map(resource.first, limits)):
        yield "anybody may call the function"


def _shared(resource: Resource) -> Iterator[str]:
    for name in _SHARED:
        if "all" in map(as_text, as_list(resource.values.get(name))):
            yield "anybody may copy it"


def _policies(resource: Resource) -> Iterator[str]:
    for path in resource_documents(resource.type):
        for statement in read(resource, path):
            if isinstance(statement, Unknown):
                yield statement
                continue
            for grant in sorted(grants([statement])):
                if _ANYBODY.fullmatch(grant.principal) and not conditions.limits(grant.conditions):
                    yield f"its {path.rpartition('.')[2]} lets anybody do {grant.action}"

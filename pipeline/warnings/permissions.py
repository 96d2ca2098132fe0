"""Permissions that widen: whoever has the role or user may do more than before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pipeline.plan.model import Action, Change
from pipeline.report.model import PlanWarning, Topic
from pipeline.warnings.documents import Grant, added, grants, statements

Values = Mapping[str, Any]

_SHOWN = 3
"""Grants named in one warning; the plan below it holds all."""

_DOCUMENTS = {
    "aws_iam_policy": "policy",
    "aws_iam_role_policy": "policy",
    "aws_iam_user_policy": "policy",
    "aws_iam_group_policy": "policy",
    "aws_iam_role": "assume_role_policy",
    "aws_kms_key": "policy",
    "aws_kms_key_policy": "policy",
    "aws_s3_bucket_policy": "policy",
    "aws_secretsmanager_secret_policy": "policy",
    "aws_sns_topic_policy": "policy",
    "aws_sqs_queue": "policy",
    "aws_sqs_queue_policy": "policy",
    "aws_ecr_repository_policy": "policy",
    "aws_vpc_endpoint": "policy",
}
"""Type to the attribute that holds its policy document."""

_ATTACHMENTS = frozenset(
    {
        "aws_iam_role_policy_attachment",
        "aws_iam_user_policy_attachment",
        "aws_iam_group_policy_attachment",
        "aws_iam_policy_attachment",
    }
)
_BROAD_MANAGED = ("AdministratorAccess", "PowerUserAccess", "FullAccess")
_READ_ONLY = ("describe", "get", "list", "batchget", "view", "lookup")


def widened(change: Change) -> Iterator[PlanWarning]:
    """A warning for each way in which the plan lets somebody do more."""
    for text in _texts(change):
        yield PlanWarning(topic=Topic.IAM, address=change.address, text=text)


def _texts(change: Change) -> Iterator[str]:
    if change.type in _ATTACHMENTS:
        yield from _attached(change)
    if change.type == "aws_iam_role" and change.action != Action.DELETE:
        yield from _boundary(change)
        yield from _inline(change)
    if name := _DOCUMENTS.get(change.type):
        yield from _document(change, name)


def _document(change: Change, name: str) -> Iterator[str]:
    before = statements((change.before or {}).get(name))
    after = statements((change.after or {}).get(name))
    if change.action == Action.DELETE:
        yield from _denials(grants(before, "Deny"))
        return
    if change.action != Action.CREATE and not after and _unknown(change, name):
        yield f"{name} is known only after the apply: nobody can review what it will allow"
        return
    gained = added(before, after)
    if change.action == Action.CREATE:
        # All that a new policy grants is new; what is worth a look is what it does not limit.
        gained = [grant for grant in gained if _unlimited(grant)]
    yield from _gained(gained)
    if change.action != Action.CREATE:
        yield from _denials(grants(before, "Deny") - grants(after, "Deny"))


def _unknown(change: Change, name: str) -> bool:
    return isinstance(change.unknown, Mapping) and change.unknown.get(name) is True


def _gained(gained: list[Grant]) -> Iterator[str]:
    if gained:
        yield f"may now {_listed(sorted(map(str, gained)))}"


def _denials(gone: frozenset[Grant]) -> Iterator[str]:
    if gone:
        yield f"is no longer denied {_listed(sorted(map(str, gone)))}"


def _listed(texts: list[str]) -> str:
    more = len(texts) - _SHOWN
    return "; ".join(texts[:_SHOWN]) + (f"; and {more} more" if more > 0 else "")


def _unlimited(grant: Grant) -> bool:
    """Whether a grant reaches further than one action on named resources."""
    if grant.action.startswith("not ") or grant.resource.startswith("not "):
        return True
    service, _, action = grant.action.lower().partition(":")
    if service == "*" or action == "*":
        # A key's or bucket's own policy means itself by "*", and hands over to its account.
        return not grant.principal.endswith(":root")
    reads = action.startswith(_READ_ONLY)
    return grant.resource == "*" and not reads and not grant.conditions and not grant.principal


def _attached(change: Change) -> Iterator[str]:
    if change.action in (Action.DELETE, Action.FORGET):
        return
    arn = str((change.after or {}).get("policy_arn") or "")
    if arn == (change.before or {}).get("policy_arn"):
        return
    if arn.rpartition("/")[2].endswith(_BROAD_MANAGED):
        yield f"gets the policy {arn}"
    elif change.action != Action.CREATE and arn:
        yield f"gets another policy: {arn}"


def _boundary(change: Change) -> Iterator[str]:
    had = (change.before or {}).get("permissions_boundary")
    if had and not (change.after or {}).get("permissions_boundary"):
        yield "loses its permissions boundary"


def _inline(change: Change) -> Iterator[str]:
    before = _inline_statements(change.before or {})
    gained = added(before, _inline_statements(change.after or {}))
    yield from _gained([g for g in gained if change.action != Action.CREATE or _unlimited(g)])


def _inline_statements(values: Values) -> list[dict[str, Any]]:
    policies = values.get("inline_policy") or ()
    return [row for item in policies for row in statements(item.get("policy"))]

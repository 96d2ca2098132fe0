"""Managed policies that are attached, and permissions boundaries that go."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pipeline.plan.masked import Masked
from pipeline.plan.model import Action, Change
from pipeline.plan.values import as_list, as_map, as_text
from pipeline.report.model import PlanWarning, Topic
from pipeline.warnings.side import HIDDEN

_ATTACHED: Mapping[str, str] = {
    "aws_iam_group_policy_attachment": "policy_arn",
    "aws_iam_group_policy_attachments_exclusive": "policy_arns",
    "aws_iam_policy_attachment": "policy_arn",
    "aws_iam_role": "managed_policy_arns",
    "aws_iam_role_policy_attachment": "policy_arn",
    "aws_iam_role_policy_attachments_exclusive": "policy_arns",
    "aws_iam_user_policy_attachment": "policy_arn",
    "aws_iam_user_policy_attachments_exclusive": "policy_arns",
    "aws_ssoadmin_managed_policy_attachment": "managed_policy_arn",
    "aws_eks_access_policy_association": "policy_arn",
}
"""Type to the attribute that names managed policies."""

_BROAD_ENDINGS = ("PowerUserAccess", "FullAccess", "ClusterAdminPolicy")
_BROAD = "AdministratorAccess"
_BOUNDARY = "permissions_boundary"
_BOUNDED = ("aws_iam_role", "aws_iam_user")


def widened(change: Change) -> Iterator[PlanWarning]:
    """A warning for each managed policy or lost boundary that lets somebody do more."""
    if change.action in (Action.DELETE, Action.FORGET):
        return
    for text in _texts(change):
        yield PlanWarning(topic=Topic.IAM, address=change.address, text=text)


def _texts(change: Change) -> Iterator[str]:
    before, after = as_map(change.before), as_map(change.after)
    if name := _ATTACHED.get(change.type):
        had = as_list(before.get(name))
        for policy in as_list(after.get(name)):
            if policy not in had:
                yield from _attached(change, policy)
    kept = after.get(_BOUNDARY) or as_map(change.unknown).get(_BOUNDARY)
    if change.type in _BOUNDED and before.get(_BOUNDARY) and not kept:
        yield "loses its permissions boundary"


def _attached(change: Change, policy: object) -> Iterator[str]:
    arn = as_text(policy)
    name = arn.rpartition("/")[2]
    if isinstance(policy, Masked):
        yield f"gets a policy whose name is {HIDDEN}"
    elif _BROAD in name or name.endswith(_BROAD_ENDINGS):
        yield f"gets the policy {arn}"
    elif change.action is not Action.CREATE and arn:
        yield f"gets another policy: {arn}"

"""IAM policy documents from typed statements, and roles for AWS services.

Documents are rendered as JSON text when the stack is synthesised. The alternative, a data source
a document, is read again with every plan and hides a policy's text ("known after apply") from
whoever reviews the change.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from cdktf_cdktf_provider_aws.iam_role import IamRole
from cdktf_cdktf_provider_aws.iam_role_policy_attachment import IamRolePolicyAttachment
from constructs import Construct

from modules.errors import RefusedByAws

LONGEST_MANAGED_POLICY = 6_144
LONGEST_GROUP_POLICIES = 5_120
LONGEST_TRUST_POLICY = 2_048
MOST_ATTACHED_POLICIES = 10
"""Characters of a managed policy, of a group's inline policies together and of a trust policy, and
the managed policies of a role; AWS raises the last two on request.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
"""

Conditions = Mapping[str, Mapping[str, str | Sequence[str]]]
"""Operator to condition key to value, as IAM writes them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Statement:
    """One statement of a policy.

    Attributes:
        actions: IAM actions, for example ``kms:Decrypt``.
        not_actions: everything but these actions, instead of ``actions``; only to deny.
        resources: ARNs. ``*`` must be written out by the caller, who then owns it; empty in a
            role's trust policy, which names no resource.
        not_resources: everything but these ARNs, instead of ``resources``; only to deny.
        sid: a name for the reader; letters and digits only.
        effect: ``Allow`` or ``Deny``.
        principals: kind (``Service``, ``AWS``) to identifiers; only in resource policies.
        conditions: operator to key to value.
    """

    actions: Sequence[str] = ()
    resources: Sequence[str] = ()
    sid: str | None = None
    effect: str = "Allow"
    not_actions: Sequence[str] = ()
    not_resources: Sequence[str] = ()
    principals: Mapping[str, str | Sequence[str]] | None = None
    conditions: Conditions = field(default_factory=dict)

    def render(self) -> dict[str, Any]:
        """The statement as IAM's JSON; lists of one become plain values, as AWS returns them."""
        rendered: dict[str, Any] = {}
        if self.sid:
            rendered["Sid"] = self.sid
        rendered["Effect"] = self.effect
        if self.principals:
            everyone = self.principals == {"*": "*"}
            rendered["Principal"] = (
                "*" if everyone else {k: _one_or_many(v) for k, v in self.principals.items()}
            )
        if self.actions:
            rendered["Action"] = _one_or_many(self.actions)
        if self.not_actions:
            rendered["NotAction"] = _one_or_many(self.not_actions)
        if self.resources:
            rendered["Resource"] = _one_or_many(self.resources)
        if self.not_resources:
            rendered["NotResource"] = _one_or_many(self.not_resources)
        if self.conditions:
            rendered["Condition"] = {
                operator: {key: _one_or_many(value) for key, value in keys.items()}
                for operator, keys in self.conditions.items()
            }
        return rendered


def acting_for(account_id: str, source_arn: str = "") -> Conditions:
    """That a service acts for this account's own resources, and not for a stranger's.

    Only what AWS documents that the service sends: with a condition on anything else, it is refused.
    ``tests/stacks/service_principals.csv`` says what each service sends, and where AWS says so.

    Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html

    Args:
        account_id: the account.
        source_arn: pattern of the resources; empty if the service sends no ARN.
    """
    conditions: dict[str, Mapping[str, str]] = {
        "StringEquals": {"aws:SourceAccount": account_id},
    }
    if source_arn:
        conditions["ArnLike"] = {"aws:SourceArn": source_arn}
    return conditions


def _one_or_many(value: str | Sequence[str]) -> str | list[str]:
    if isinstance(value, str):
        return value
    return value[0] if len(value) == 1 else list(value)


def policy(*statements: Statement) -> str:
    """A policy document (version 2012-10-17) of these statements, as JSON text.

    Tokens inside the statements are resolved when the stack is synthesised.
    """
    if not statements:
        raise ValueError("a policy needs at least one statement")
    document = {"Version": "2012-10-17", "Statement": [s.render() for s in statements]}
    return json.dumps(document)


def size(document: str) -> int:
    """Characters of a policy as IAM counts them: without white space."""
    return len(re.sub(r"\s", "", document))


def limited_policy(what: str, longest: int, *statements: Statement) -> str:
    """A policy document that IAM's limit allows; for documents without tokens.

    Args:
        what: whose document, for the message.
        longest: characters at most.
        statements: the statements.

    Raises:
        RefusedByAws: the document is longer.
    """
    document = policy(*statements)
    refuse_longer(what, longest, document)
    return document


def refuse_longer(what: str, longest: int, *documents: str) -> None:
    """Refuse documents that are together longer than IAM takes.

    Args:
        what: whose documents, for the message.
        longest: characters at most.
        documents: the documents, without tokens.

    Raises:
        RefusedByAws: they are longer.
    """
    characters = sum(size(document) for document in documents)
    if characters > longest:
        raise RefusedByAws(
            f"{what}: {characters} characters, and IAM takes {longest}; divide it, or name "
            "fewer actions and resources"
        )


def service_role(
    scope: Construct,
    construct_id: str,
    *,
    name: str,
    service: str,
    description: str,
    conditions: Conditions | None = None,
) -> IamRole:
    """A role that one AWS service may assume.

    Args:
        scope: the construct that owns the role.
        construct_id: id within the scope.
        name: the role's name; 64 characters at most.
        service: the service principal, for example ``lambda.amazonaws.com``.
        description: what the role is for, shown in the console.
        conditions: what else must hold before the service may assume the role.
    """
    return IamRole(
        scope,
        construct_id,
        name=name,
        description=description,
        assume_role_policy=policy(
            Statement(
                principals={"Service": service},
                actions=("sts:AssumeRole",),
                resources=(),
                conditions=conditions or {},
            )
        ),
    )


def managed_policy(
    scope: Construct, construct_id: str, *, role: IamRole, path: str
) -> IamRolePolicyAttachment:
    """Attach an AWS-managed policy to a role.

    Args:
        scope: the construct that owns the attachment.
        construct_id: id within the scope.
        role: the role.
        path: the policy's path, for example ``service-role/AmazonRDSEnhancedMonitoringRole``.
    """
    return IamRolePolicyAttachment(
        scope, construct_id, role=role.id, policy_arn=f"arn:aws:iam::aws:policy/{path}"
    )

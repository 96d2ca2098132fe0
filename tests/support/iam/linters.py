"""What two linters say against a policy: parliament of its form and reach, cloudsplaining of its risk."""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from cloudsplaining.scan.policy_document import PolicyDocument
from cloudsplaining.scan.resource_policy_document import ResourcePolicyDocument

from tests.support.iam.documents import Policy

with warnings.catch_warnings():
    # It leaves its files to be closed by chance, and asks for a part of setuptools that will go.
    warnings.simplefilter("ignore")
    import parliament


@dataclass(frozen=True, order=True)
class Finding:
    """One thing that a linter says.

    Attributes:
        tool: the linter.
        issue: its name for what it found.
        policy: Terraform address of the policy.
        detail: the action that it means, or its own words.
    """

    tool: str
    issue: str
    policy: str
    detail: str


def findings(policy: Policy) -> Iterator[Finding]:
    """What both linters say; each only of the kinds of policies that it knows."""
    for issue, detail in _parliament(policy):
        yield Finding("parliament", issue, policy.address, detail)
    for issue, detail in _cloudsplaining(policy):
        yield Finding("cloudsplaining", issue, policy.address, detail)


_ITSELF = "arn:aws:iam::111122223333:role/itself"


def _parliament(policy: Policy) -> Iterator[tuple[str, str]]:
    # It wants a resource of every statement; a trust policy's is the role that holds it.
    added = {"Resource": _ITSELF} if policy.place.kind == "trust" else {}
    analysed = parliament.analyze_policy_string(
        json.dumps(_document([{**added, **statement} for statement in policy.statements]))
    )
    for found in analysed.findings:
        told = found.detail if isinstance(found.detail, list) else [found.detail]
        for each in told:
            yield found.issue, str(each["action"] if isinstance(each, dict) else each)


_RISKS: Mapping[str, Callable[[PolicyDocument], list[Any]]] = {
    "data exfiltration": lambda document: document.allows_data_exfiltration_actions,
    "exposed credentials": lambda document: document.credentials_exposure,
    "permissions of others": lambda document: document.permissions_management_without_constraints,
    "privilege escalation": lambda document: document.allows_privilege_escalation,
    "service wildcard": lambda document: document.service_wildcard,
    "tagging without limits": lambda document: document.tagging_actions_without_constraints,
    "writing without limits": lambda document: document.write_actions_without_constraints,
}


def _cloudsplaining(policy: Policy) -> Iterator[tuple[str, str]]:
    document = _document(policy.statements)
    if policy.place.kind == "identity":
        analysed = PolicyDocument(document)
        for issue, found in _RISKS.items():
            for each in found(analysed):
                yield issue, str(each["type"] if isinstance(each, dict) else each)
    elif policy.place.kind in ("resource", "trust"):
        for action in ResourcePolicyDocument(document).internet_accessible_actions:
            yield "open to the internet", action


def _document(statements: Any) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": list(statements)}

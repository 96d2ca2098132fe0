"""Whom a trust policy or a resource's policy lets in that a reviewer must know of."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from pipeline.report.model import Topic
from pipeline.warnings import conditions
from pipeline.warnings.accounts import Accounts, is_service
from pipeline.warnings.documents import Grant

_ANYBODY = re.compile(r"\*|arn:[\w-]*:(?:iam|sts)::\*:.*")

_WEB_IDENTITIES = (
    ":oidc-provider/",
    "accounts.google.com",
    "cognito-identity.amazonaws.com",
    "graph.facebook.com",
    "www.amazon.com",
)
_SAML = ":saml-provider/"

_FOR_ANYBODY = frozenset(
    {"apigateway", "config", "events", "iot", "s3", "ses", "sns"},
)
"""Services that do to a queue, topic or bucket what a user of any account tells them.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
"""

Caller = tuple[Topic, str]
"""What the warning is about, and who it is."""


def caller(
    grant: Grant, denials: Collection[Grant], accounts: Accounts, *, trust: bool
) -> Caller | None:
    """Who gets a grant, where it is somebody to be told of.

    Args:
        grant: of a policy that names principals.
        denials: what the same policy denies.
        accounts: which are ours.
        trust: it is the policy of who may assume a role.
    """
    who = grant.principal
    if _ANYBODY.fullmatch(who):
        return _anybody(grant, denials, accounts)
    if any(each in who for each in _WEB_IDENTITIES):
        if conditions.has_subject(grant.conditions):
            return None
        name = who.rpartition("provider/")[2]
        return Topic.PUBLIC, f"anybody whom {name} signs in (no condition on :sub limits it)"
    if _SAML in who and not conditions.has_audience(grant.conditions):
        return Topic.IAM, f"{who.rpartition('/')[2]} (no condition on SAML:aud limits it)"
    if is_service(who):
        return None if trust else _service(grant, accounts)
    foreign = accounts.foreign(who)
    return (Topic.IAM, foreign) if foreign else None


def _anybody(grant: Grant, denials: Collection[Grant], accounts: Accounts) -> Caller | None:
    if not conditions.limits(grant.conditions) and not _denied(grant, denials):
        useless = " under a condition that limits nobody" if grant.conditions else ""
        return Topic.PUBLIC, f"anybody{useless}"
    return _named_in_conditions(grant, accounts)


def _service(grant: Grant, accounts: Accounts) -> Caller | None:
    if conditions.limits(grant.conditions):
        return _named_in_conditions(grant, accounts)
    service = grant.principal.partition(".")[0]
    if service in _FOR_ANYBODY and not grant.action.lower().startswith("kms:"):
        return Topic.PUBLIC, f"{grant.principal}, for any account,"
    return None


def _named_in_conditions(grant: Grant, accounts: Accounts) -> Caller | None:
    found = accounts.surely_foreign(conditions.accounts(grant.conditions))
    return (Topic.IAM, found) if found else None


def _denied(grant: Grant, denials: Collection[Grant]) -> bool:
    """Whether the same policy denies it to all but some."""
    return any(
        denial.principal == "*" and conditions.excepts(denial.conditions) and denial.reaches(grant)
        for denial in denials
    )


def grouped(found: Mapping[Grant, Caller]) -> dict[Caller, list[Grant]]:
    """Grants by who gets them."""
    by_caller: dict[Caller, list[Grant]] = {}
    for grant, who in found.items():
        by_caller.setdefault(who, []).append(grant)
    return by_caller

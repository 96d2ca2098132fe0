"""Only somebody who is named may assume a role."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.warnings import conditions
from pipeline.warnings.accounts import account_of, is_service
from pipeline.warnings.documents import Grant, grants
from policies.check import Check, Unknown
from policies.documents import TRUST, read
from policies.stack import Resource, Stack

_ANYBODY = re.compile(r"\*|arn:[\w-]*:(?:iam|sts)::\*:.*")
_WEB = (
    ":oidc-provider/",
    "accounts.google.com",
    "cognito-identity.amazonaws.com",
    "graph.facebook.com",
    "www.amazon.com",
)
_SAML = ":saml-provider/"


class TrustedPrincipals(Check):
    """Trust policies: anybody, other accounts, and all whom an identity provider signs in."""

    types = ("aws_iam_role",)

    def faults(self, resource: Resource, stack: Stack) -> Iterator[str]:
        """Who may assume the role and is not meant to."""
        accounts = {each for p in stack.providers for each in p.all("allowed_account_ids")}
        for statement in read(resource, TRUST):
            if isinstance(statement, Unknown):
                yield statement
                continue
            for grant in sorted(grants([statement])):
                if who := _stranger(grant, accounts):
                    yield f"{who} may assume it"


def _stranger(grant: Grant, accounts: set[str]) -> str:
    """Who gets a role that is not named well enough; empty where all is well."""
    who = grant.principal
    if _ANYBODY.fullmatch(who):
        return "" if conditions.limits(grant.conditions) else "anybody"
    if any(each in who for each in _WEB):
        known = conditions.has_subject(grant.conditions)
        return "" if known else f"whoever {who.rpartition('provider/')[2]} signs in"
    if _SAML in who:
        known = conditions.has_audience(grant.conditions)
        return "" if known else f"whoever {who.rpartition('/')[2]} signs in"
    account = account_of(who)
    if is_service(who) or account in {"", *accounts} or conditions.limits(grant.conditions):
        return ""
    return f"account {account}, which is not the environment's,"

"""Whether the conditions of a statement limit who it is for.

``cloudsplaining`` and ``policyuniverse`` were looked at for this: both end in a ``KeyError`` at a
statement that misses an element, take ``...IfExists`` and ``ForAllValues`` for limits, and know no
web identities. What counts as a limit follows AWS's own meaning of "public".
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from pipeline.plan.values import as_list, as_map, as_text
from pipeline.warnings.accounts import account_of
from pipeline.warnings.ranges import is_everything

_KEYS = frozenset(
    {
        "aws:principalaccount",
        "aws:principalarn",
        "aws:principalorgid",
        "aws:principalorgpaths",
        "aws:sourceaccount",
        "aws:sourcearn",
        "aws:sourceip",
        "aws:sourceorgid",
        "aws:sourceorgpaths",
        "aws:sourceowner",
        "aws:sourcevpc",
        "aws:sourcevpce",
        "aws:userid",
        "aws:vpcsourceip",
        "elasticfilesystem:accessedviamounttarget",
        "kms:calleraccount",
        "s3:dataaccesspointaccount",
        "s3:dataaccesspointarn",
        "sts:externalid",
    }
)
_PREFIXES = ("aws:principaltag/", "kms:encryptioncontext:")
"""Keys that say who asks, or through what. Sources:
https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
"""

_OF_ACCOUNTS = frozenset(
    {
        "aws:principalaccount",
        "aws:principalarn",
        "aws:sourceaccount",
        "aws:sourcearn",
        "aws:sourceowner",
        "kms:calleraccount",
    }
)
_LITERAL = ("stringequals", "stringequalsignorecase", "bool", "numericequals")
_PATTERN = ("stringlike", "arnlike", "arnequals")
_ADDRESS = "ipaddress"
_NEGATED = {
    "stringnotequals": "stringequals",
    "stringnotequalsignorecase": "stringequals",
    "stringnotlike": "stringlike",
    "arnnotlike": "arnlike",
    "arnnotequals": "arnequals",
    "notipaddress": _ADDRESS,
}

_SUBJECT = ":sub"
_AUDIENCE = ("saml:aud", "saml:iss")
_BARE = ("", "o-", "vpc-", "vpce-", "repo:", "project_path:", "system:serviceaccount:", "/")
"""How values begin that say nothing before their wildcard: any repository, any project."""

Term = tuple[str, str, list[str]]
"""Operator, key, values; the first two in lower case."""


@lru_cache(maxsize=4096)
def limits(conditions: str) -> bool:
    """Whether conditions hold for some callers only.

    Args:
        conditions: canonical JSON of a statement's ``Condition``; empty where it has none.
    """
    return any(_is_limit(term) for term in _terms(conditions) if _says_who(term[1]))


@lru_cache(maxsize=4096)
def excepts(conditions: str) -> bool:
    """Whether a denial under these conditions spares some callers only."""
    spared = [
        (_NEGATED[operator.removesuffix("ifexists")], key, values)
        for operator, key, values in _terms(conditions)
        if operator.removesuffix("ifexists") in _NEGATED
    ]
    return bool(spared) and all(_says_who(term[1]) and _is_limit(term) for term in spared)


def narrows(conditions: str) -> bool:
    """Whether conditions leave an identity less than the statement says.

    A permissions boundary, a tag or the service that gets a role does; what every caller can
    fulfil does not.
    """
    return any(_is_limit(term) for term in _terms(conditions) if term[1] not in _FOR_ALL)


_FOR_ALL = frozenset(
    {
        "aws:currenttime",
        "aws:multifactorauthpresent",
        "aws:requestedregion",
        "aws:securetransport",
        "aws:useragent",
    }
)


def has_subject(conditions: str) -> bool:
    """Whether conditions name whom an identity provider must have signed in.

    Amazon Cognito and the providers that AWS knows by itself name the application instead.
    Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_oidc.html
    """
    known = ("cognito-identity.amazonaws.com:aud", "accounts.google.com:aud", ":app_id")
    return any(
        _is_limit(term) for term in _terms(conditions) if term[1].endswith((_SUBJECT, *known))
    )


def has_audience(conditions: str) -> bool:
    """Whether conditions name for whom a SAML assertion must be made."""
    return any(_is_limit(term) for term in _terms(conditions) if term[1] in _AUDIENCE)


def accounts(conditions: str) -> Iterator[str]:
    """Accounts to which conditions limit a grant."""
    for term in _terms(conditions):
        if term[1] in _OF_ACCOUNTS and _is_limit(term):
            yield from filter(None, map(account_of, term[2]))


def _terms(conditions: str) -> Iterator[Term]:
    loaded: Mapping[str, Any] = as_map(json.loads(conditions)) if conditions else {}
    for operator, tests in loaded.items():
        for key, values in as_map(tests).items():
            yield operator.lower(), key.lower(), [_text(value) for value in as_list(values)]


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else as_text(value)


def _says_who(key: str) -> bool:
    return key in _KEYS or key.startswith(_PREFIXES)


def _is_limit(term: Term) -> bool:
    """Whether a test fails for somebody.

    ``...IfExists`` and ``ForAllValues`` also hold where the key is missing, so that they limit
    nobody. Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
    """
    operator, _, values = term
    operator = operator.removeprefix("foranyvalue:")
    if operator in _LITERAL:
        return "false" not in values or operator != "bool"
    if operator == _ADDRESS:
        return not is_everything(values)
    return operator in _PATTERN and not any(map(_is_open, values))


def _is_open(pattern: str) -> bool:
    """Whether a pattern fits everybody's values."""
    start = pattern.replace("?", "*").split("*", 1)[0]
    if not pattern.startswith("arn:"):
        return start in _BARE
    parts = pattern.split(":", 5)
    if len(parts) < 6:
        return True
    service, account, resource = parts[2], parts[4], parts[5]
    if service == "s3":  # the names of buckets are unique among all accounts
        return resource[:1] in ("*", "?")
    return account[:1] in ("*", "?")

"""Nobody may do whatever he likes to whatever there is."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.warnings.conditions import narrows
from pipeline.warnings.documents import Grant, grants
from policies.check import Check, Unknown
from policies.documents import IDENTITIES, read
from policies.stack import Resource, Stack, is_unknown

_EVERYTHING = re.compile(r"\*+|arn:[*\w-]*:(?:\*|[*\w-]+:[*\w-]*:[*\d]*:\*+)")
"""A resource pattern that leaves nothing out: ``*``, ``arn:aws:s3:::*``, ``arn:*:*:*:*:*``."""

_OF_ONE = re.compile(r"[._]arn\b")
"""What an expression for the ARN of one resource has in it."""

_LOOKING = ("describe", "list", "view", "lookup", "search")
_READING = ("get", "batchget")
_CONTENT = frozenset(
    {"dynamodb", "kms", "lambda", "s3", "secretsmanager", "sns", "sqs", "ssm", "sts"}
)
"""Services whose ``Get`` gives content or credentials, and not only settings."""

_NEVER_ON_ALL = frozenset(
    {"iam:passrole", "sts:assumerole", "secretsmanager:getsecretvalue", "kms:decrypt"}
)
"""Actions whose names are no patterns, and that on every resource give all that others have."""


class NoWildcardPermissions(Check):
    """What identities are allowed: inline and managed policies, in whichever form JSON has them."""

    types = tuple(IDENTITIES)

    def faults(self, resource: Resource, stack: Stack) -> Iterator[str]:
        """A grant that is as good as all."""
        for statement in read(resource, IDENTITIES[resource.type]):
            if isinstance(statement, Unknown):
                yield statement
                continue
            for grant in sorted(grants([statement])):
                yield from _judged(grant)


def _judged(grant: Grant) -> Iterator[str]:
    action = grant.action.lower()
    if action.startswith("not "):
        yield f"allows everything {_left_out(grant)}, and what AWS adds tomorrow"
    elif action in ("*", "*:*"):
        yield f"allows every action on {grant.resource or 'nothing'}"
    elif is_unknown(grant.resource) and not _OF_ONE.search(grant.resource) and _is_broad(action):
        yield Unknown(f"on what it allows {grant.action} is not known yet")
    elif _everything(grant.resource) and _is_broad(action) and not narrows(grant.conditions):
        yield f"allows {grant.action} on {grant.resource}"


def _left_out(grant: Grant) -> str:
    return f"but {grant.action.removeprefix('not ')}"


def _everything(resource: str) -> bool:
    return resource.startswith("not ") or _EVERYTHING.fullmatch(resource) is not None


def _is_broad(action: str) -> bool:
    """Whether an action on all resources is more than to look."""
    if action in _NEVER_ON_ALL:
        return True
    service, _, verb = action.partition(":")
    if "*" not in action and "?" not in action:
        return False
    if "*" in service or "?" in service:
        return True
    if verb.startswith(_LOOKING):
        return False
    return not (verb.startswith(_READING) and service not in _CONTENT)

"""Policy documents inside resources: of identities, and of what they reach."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from pipeline.warnings.documents import Statement, statements
from pipeline.warnings.judged import documents
from policies.check import Unknown
from policies.stack import Resource, is_unknown

IDENTITIES: Mapping[str, str] = {
    "aws_iam_group_policy": "policy",
    "aws_iam_policy": "policy",
    "aws_iam_role": "inline_policy.policy",
    "aws_iam_role_policy": "policy",
    "aws_iam_user_policy": "policy",
    "aws_ssoadmin_permission_set_inline_policy": "inline_policy",
}
"""Type to where it says what somebody may do."""

TRUST = "assume_role_policy"

_NARROW_ONLY = (
    "aws_organizations_policy",
    "aws_vpc_endpoint",
    "aws_vpc_endpoint_policy",
)
"""Types whose policy takes from what others allow."""


def resource_documents(kind: str) -> list[str]:
    """Where a type says who may reach it."""
    if kind in IDENTITIES or kind in _NARROW_ONLY:
        return []
    return [path for path in documents(kind) if path.rpartition(".")[2] != TRUST]


def read(resource: Resource, path: str) -> Iterator[Statement | Unknown]:
    """The statements of the policies at a path, and what can't be read of them."""
    for text in resource.all(path):
        # Terraform takes text only, but an object must not pass for that.
        found = statements(json.dumps(text) if isinstance(text, dict) else text)
        yield from found
        if not found and is_unknown(text):
            yield Unknown(f"its {path.rpartition('.')[2]} is not known yet")
        elif not found:
            yield Unknown(f"its {path.rpartition('.')[2]} is no policy that can be read")

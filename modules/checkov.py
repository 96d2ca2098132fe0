"""What the policy checks must know beside the resources: skips, and what an environment allows.

Checkov reads no skip comments in Terraform's JSON. A skip is therefore kept in the resource's own
metadata (the ``//`` key, which Terraform ignores), and ``python -m policies`` honours it, counts
it, and fails on one that is no longer needed. The limits of an environment stand in the metadata of
its stacks, so that a stack's JSON alone says whether it keeps to them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from cdktf import TerraformElement, TerraformStack

METADATA_KEY = "checkov_skip"
LIMITS_KEY = "limits"
_CHECK_ID = re.compile(r"[A-Z][A-Z0-9]*_[A-Z]+_\d+")
_SHORTEST_REASON = 20


def skip(resource: TerraformElement, check_id: str, *, reason: str) -> None:
    """Exempt one resource from one check.

    Args:
        resource: the resource, not a construct around it.
        check_id: the check's id, for example ``CKV_AWS_272``, or ``MV_AWS_8`` of our own.
        reason: why the check does not apply, for whoever reads the count.

    Raises:
        ValueError: it is no check's id, or the reason says nothing.
    """
    if not _CHECK_ID.fullmatch(check_id):
        raise ValueError(f"{check_id!r} is not the id of a check")
    if len(reason) < _SHORTEST_REASON:
        raise ValueError(f"the skip of {check_id} needs a reason in words, not {reason!r}")
    resource.add_override(f"//.{METADATA_KEY}.{check_id}", reason)


def carry_limits(stack: TerraformStack, limits: Mapping[str, Any]) -> None:
    """Let a stack's JSON say what its environment allows.

    Args:
        stack: the stack.
        limits: as ``policies.limits.Limits`` reads them.
    """
    stack.add_override(f"//.{LIMITS_KEY}", dict(limits))

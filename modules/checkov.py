"""Skips of Checkov checks, written beside the resource that needs them.

Checkov reads no skip comments in Terraform's JSON. A skip is therefore kept in the resource's own
metadata (the ``//`` key, which Terraform ignores), and ``python -m policies`` honours it, counts
it, and fails on one that is no longer needed.
"""

from __future__ import annotations

import re

from cdktf import TerraformElement

METADATA_KEY = "checkov_skip"
_CHECK_ID = re.compile(r"CKV2?_[A-Z]+_\d+")
_SHORTEST_REASON = 20


def skip(resource: TerraformElement, check_id: str, *, reason: str) -> None:
    """Exempt one resource from one check.

    Args:
        resource: the resource, not a construct around it.
        check_id: Checkov's id, for example ``CKV_AWS_272``.
        reason: why the check does not apply, for whoever reads the count.

    Raises:
        ValueError: the id is not Checkov's, or the reason says nothing.
    """
    if not _CHECK_ID.fullmatch(check_id):
        raise ValueError(f"{check_id!r} is not the id of a Checkov check")
    if len(reason) < _SHORTEST_REASON:
        raise ValueError(f"the skip of {check_id} needs a reason in words, not {reason!r}")
    resource.add_override(f"//.{METADATA_KEY}.{check_id}", reason)

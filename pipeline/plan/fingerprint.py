"""One short text for what a plan would do: equal plans have equal ones, other plans have others."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator

import msgspec

from pipeline.plan.diff import Difference, canonical
from pipeline.plan.masking import mask_address, with_secrecy
from pipeline.plan.model import Change, Plan

CHARACTERS = 20
"""Hexadecimal digits that are kept: 80 bits, far beyond two plans that meet by chance."""

_SECRET = {"secret": True}
_UNKNOWN = {"unknown": True}
_ENCODER = msgspec.json.Encoder()


def fingerprint(plan: Plan) -> str:
    """The fingerprint of what a plan would do.

    It depends on the stack, on each change (address, type, action, the address it moves
    from, import, and the planned value of every attribute that changes), and on what is done to
    each output. It does not depend on order, on Terraform's version, on what stays as it is, or
    on drift that the plan does not act on.

    Secret values are replaced by one constant, and so are keys that look like secrets: the
    fingerprint stands in a comment, and nobody may find a password by guessing until the digest
    fits. So two plans that differ in nothing but a secret's value have the same fingerprint.

    Args:
        plan: the plan; one that changes nothing has a fingerprint too.
    """
    return digest(plan, [content(change, with_secrecy(change)) for change in plan.changed])


def digest(plan: Plan, contents: Iterable[bytes]) -> str:
    """The fingerprint of a plan whose changes have these contents, in any order."""
    whole = {
        # As it was called before an environment could have several stacks: a change here would
        # make every reviewed plan another one.
        "environment": plan.stack,
        # A change is sorted by its whole content: masked addresses may be equal.
        "changes": sorted(contents),
        "outputs": {name: str(action) for name, action in plan.outputs.items()},
    }
    return hashlib.sha256(canonical(whole)).hexdigest()[:CHARACTERS]


def content(change: Change, leaves: Iterable[tuple[Difference, bool]]) -> bytes:
    """All of a change that counts, as one text.

    Args:
        change: the change.
        leaves: what differs in it, each with whether it is secret.
    """
    return canonical(
        {
            "address": mask_address(change.address),
            "type": change.type,
            "action": str(change.action),
            "from": (
                None if change.previous_address is None else mask_address(change.previous_address)
            ),
            "imported": change.imported,
            "deposed": change.deposed,
            "values": [] if change.after is None else sorted(_values(leaves)),
        }
    )


def _values(leaves: Iterable[tuple[Difference, bool]]) -> Iterator[bytes]:
    """Path and planned value of each attribute that changes."""
    encode = _ENCODER.encode
    for leaf, secret in leaves:
        if not leaf.stands_in:
            value = _UNKNOWN if leaf.unknown else _SECRET if secret else leaf.after
            yield encode((leaf.path, value))

"""Turns changes into what may be shown: attributes that change, masked, escaped and cut."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

from pipeline.plan.diff import Difference, Path
from pipeline.plan.masked import MASK
from pipeline.plan.masking import mask_address, with_secrecy
from pipeline.plan.model import Action, Change, Plan
from pipeline.plan.text import LONGEST, cut, escaped
from pipeline.report.model import AttributeView, ChangeView

UNKNOWN = "(known after apply)"

_WORD = re.compile(r"[\w()-]+", re.ASCII)
_CONTEXT = 40
"""Characters before the first difference of two long texts that are shown."""


def views(plan: Plan) -> tuple[tuple[ChangeView, ...], int]:
    """What the plan would do, as it may be shown, and the number of values that were masked."""
    shown = tuple(view(change) for change in plan.changed)
    return shown, sum(map(masked, shown))


def view(change: Change) -> ChangeView:
    """One change as it may be shown, see ``shown``."""
    return shown(change, with_secrecy(change))


def shown(change: Change, leaves: Iterable[tuple[Difference, bool]]) -> ChangeView:
    """One change as it may be shown.

    A destruction shows no attributes. A creation shows those that are set: what AWS decides is
    unknown for every resource, and says nothing.

    Args:
        change: with its values in clear.
        leaves: what differs in it, each with whether it is secret.
    """
    return ChangeView(
        address=mask_address(change.address),
        type=escaped(change.type),
        module=mask_address(change.module),
        action=change.action,
        attributes=tuple(_attributes(change, leaves)),
        previous_address=(
            None if change.previous_address is None else mask_address(change.previous_address)
        ),
        imported=change.imported,
    )


def masked(change: ChangeView) -> int:
    """Values, keys and parts of addresses of which only the mask is left."""
    addresses = (change.address, change.previous_address or "")
    return sum(MASK in address for address in addresses) + sum(
        MASK in attribute.path or MASK in (attribute.before, attribute.after)
        for attribute in change.attributes
    )


def _attributes(
    change: Change, leaves: Iterable[tuple[Difference, bool]]
) -> Iterator[AttributeView]:
    if change.action in (Action.DELETE, Action.FORGET):
        return
    creation = change.before is None
    for leaf, secret in leaves:
        if leaf.unknown if creation else leaf.stands_in:
            continue
        before, after = _sides(leaf, secret)
        yield AttributeView(
            path=path_text(leaf.path),
            before=before,
            after=after,
            forces_replacement=bool(change.replace_paths)
            and any(_overlap(leaf.path, path) for path in change.replace_paths),
        )


@lru_cache(maxsize=16_384)
def path_text(path: Path) -> str:
    """A path as Terraform writes it: ``ingress[0].cidr_ipv4``, ``tags["a b"]``."""
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part}]"
        elif _WORD.fullmatch(part):
            text += f".{cut(part)}" if text else cut(part)
        else:
            text += f"[{json.dumps(cut(escaped(part)), ensure_ascii=False)}]"
    return text


def _overlap(path: Path, forcing: Path) -> bool:
    """Whether one path is within the other."""
    shared = min(len(path), len(forcing))
    return path[:shared] == forcing[:shared]


def _sides(difference: Difference, secret: bool) -> tuple[str | None, str | None]:
    if secret:
        return (
            None if difference.before is None else MASK,
            UNKNOWN if difference.unknown else None if difference.after is None else MASK,
        )
    before, after = _text(difference.before), _text(difference.after)
    start = 0
    if before and after and len(before) > LONGEST and len(after) > LONGEST:
        # Two long texts may differ far behind their beginning.
        start = max(0, _shared(before, after) - _CONTEXT)
    return (
        None if before is None else cut(before, start),
        UNKNOWN if difference.unknown else None if after is None else cut(after, start),
    )


def _shared(one: str, other: str) -> int:
    """Number of characters at the beginning that are the same."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((i for i, (a, b) in pairs if a != b), min(len(one), len(other)))


def _text(value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, str):
        return escaped(value) or '""'
    return json.dumps(value)

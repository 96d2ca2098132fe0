"""Says in words what a plan would do."""

from __future__ import annotations

from collections.abc import Sequence

from recovery.adopt.plan import Change
from recovery.adopt.search import Show

_NAMED = 12

_WORDS = (
    ("adopt", lambda change: change.imported),
    ("change in place", lambda change: change.actions == ("update",)),
    ("make", lambda change: change.actions == ("create",)),
    ("REPLACE", lambda change: {"create", "delete"} <= set(change.actions)),
    ("DESTROY", lambda change: change.actions == ("delete",)),
)


def show_plan(changes: Sequence[Change], imports: dict[str, str], show: Show) -> None:
    """Print what would be adopted, changed, made, replaced and destroyed.

    Args:
        changes: of the plan.
        imports: address to what it is imported by.
        show: prints one line.
    """
    for word, is_meant in _WORDS:
        addresses = [change.address for change in changes if is_meant(change)]
        if not addresses:
            continue
        show(f"{word} {len(addresses)}:")
        # What is adopted shall be read one by one; the rest is the deployment that was killed.
        listed = addresses if word == "adopt" else addresses[:_NAMED]
        for address in listed:
            show(f"      {address}{f'  {imports[address]}' if word == 'adopt' else ''}")
        if len(addresses) > len(listed):
            show(f"      and {len(addresses) - len(listed)} more")

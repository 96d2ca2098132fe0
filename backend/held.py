"""The locks of a state that somebody holds: shown, and released once their owner is gone."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from backend import lock
from backend.aws import check_account
from backend.errors import BackendError
from backend.owner import Life, Owner, owner_of
from backend.synthesised import StackState, read_state

_UNREADABLE = "unreadable"
"""Stands for the id of a lock that holds none."""

Show = Callable[[str], object]


@dataclass(frozen=True, kw_only=True, slots=True)
class Held:
    """A lock that somebody holds.

    Attributes:
        place: where it was found.
        found: it as it was found, which is what may be released.
        id: Terraform's id of it.
        who: ``user@host``.
        created: when it was taken; None where it does not tell.
        operation: what for, such as ``OperationTypeApply``.
        owner: whether that run still lives.
    """

    place: str
    found: lock.Found
    id: str
    who: str
    created: datetime | None
    operation: str
    owner: Owner


def read_locks(state: StackState) -> list[Held]:
    """The locks of a state, of which there may be two: in the lock table and as a file."""
    return [_held(state, found) for found in lock.find(state)]


def show_lock(stack: str, *, root: Path, show: Show = print) -> None:
    """Tell who holds a stack's lock, since when, and whether that run still lives.

    Args:
        stack: the stack's id; it is synthesised.
        root: the project's folder.
        show: prints one line.

    Raises:
        BackendError: no such stack, or its account cannot be asked.
    """
    _locks(stack, root, show)


def release_lock(stack: str, *, root: Path, lock_id: str | None = None, show: Show = print) -> None:
    """Release the lock that a run has left behind.

    Args:
        stack: the stack's id; it is synthesised.
        root: the project's folder.
        lock_id: the lock's id, by which a person vouches that its owner is gone; needed only where
            this machine cannot know.
        show: prints one line.

    Raises:
        BackendError: its owner lives, nobody vouches, or another run has taken it meanwhile; every
            lock is as it was then.
    """
    state, locks = _locks(stack, root, show)
    for each in locks:
        _refuse(stack, each, lock_id)
    try:
        for each in locks:
            lock.release(state, each.found)
            show(f"stack {stack}: released, in {each.place}")
    except (ClientError, BotoCoreError) as error:
        raise BackendError(f"{state.location}: {error}") from error
    if locks:
        show(
            "A run that ended half way has applied a part: plan, and read the plan "
            "(docs/runbooks/state.md)"
        )


def _locks(stack: str, root: Path, show: Show) -> tuple[StackState, list[Held]]:
    state = read_state(root, stack)
    check_account(state)
    try:
        locks = read_locks(state)
    except (ClientError, BotoCoreError) as error:
        raise BackendError(f"{state.location}: {error}") from error
    if not locks:
        show(f"stack {stack}: nobody holds its lock")
    for each in locks:
        for line in _lines(stack, each):
            show(line)
    return state, locks


def _held(state: StackState, found: lock.Found) -> Held:
    try:
        body: dict[str, Any] = dict(json.loads(found.text))
    except (ValueError, TypeError):
        body = {}
    who, created = str(body.get("Who", "")), _time(body.get("Created"))
    return Held(
        place=found.place,
        found=found,
        id=str(body.get("ID") or _UNREADABLE),
        who=who,
        created=created,
        operation=str(body.get("Operation", "")),
        owner=owner_of(
            who=who,
            created=created,
            info=str(body.get("Info", "")),
            location=(state.bucket, state.key),
        ),
    )


def _time(text: object) -> datetime | None:
    try:
        time = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return time if time.tzinfo else time.replace(tzinfo=UTC)


def _lines(stack: str, held: Held) -> list[str]:
    """One line a fact, for a person."""
    since = "not known"
    if held.created:
        age = datetime.now(UTC) - held.created
        whole = timedelta(seconds=max(0, int(age.total_seconds())))
        since = f"{held.created:%Y-%m-%d %H:%M:%S} UTC, {whole} ago"
    return [
        f"stack {stack}: locked, in {held.place}",
        f"  lock       {held.id}",
        f"  who        {held.who or 'not known'}",
        f"  since      {since}",
        f"  operation  {held.operation or 'not known'}",
        f"  its owner  {held.owner.life.value}: {held.owner.why}",
    ]


def _refuse(stack: str, held: Held, lock_id: str | None) -> None:
    """Release nothing whose owner may still write the state."""
    if held.owner.life is Life.LIVES:
        raise BackendError(
            f"stack {stack}: the lock's owner lives ({held.owner.why}); wait until it ends, or "
            "interrupt it once, so that it saves the state; nothing was released"
        )
    if lock_id is not None and lock_id != held.id:
        raise BackendError(
            f"stack {stack}: the lock is {held.id}, not {lock_id}; nothing was released"
        )
    if held.owner.life is Life.UNKNOWN and lock_id is None:
        raise BackendError(
            f"stack {stack}: whether the lock's owner lives cannot be told from here; make sure "
            f"that it has ended, then make unlock STACK={stack} LOCK={held.id}"
        )

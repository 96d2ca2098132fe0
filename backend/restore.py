"""Makes an older version of a state the current one again, with its digest, under its lock."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError

from backend.aws import check_account, client
from backend.errors import BackendError
from backend.lock import locked, read_digest, write_digest
from backend.planned_changes import show_planned_changes
from backend.synthesised import StackState, read_state
from backend.versions import Content, Version, list_versions

_LISTED = 20
_NAMED = 10

Ask = Callable[[str], str]
"""Asks a person a question and gives the answer; the safe answer is an empty one."""


def restore(
    stack: str,
    *,
    root: Path,
    version: str | None = None,
    replace: bool = False,
    ask: Ask | None = None,
    show: Callable[[str], object] = print,
) -> None:
    """Restore a stack's state, then let Terraform compare it with what exists in AWS.

    The object that it replaces stays in the bucket as a version.

    Args:
        stack: the stack's id; it is synthesised.
        root: the project's folder.
        version: id of the version to restore; a person is asked without it.
        replace: replace a current state that is intact, too, without asking.
        ask: asks a person; None where there is none.
        show: prints one line.

    Raises:
        BackendError: nothing to restore, nothing chosen, a version that is no state, or somebody
            holds the lock; nothing was changed then.
    """
    state = read_state(root, stack)
    check_account(state)
    try:
        with locked(state, "restore-state"):
            versions = list_versions(state)
            chosen = _choose(versions, version, ask, show)
            if chosen is None:
                show("nothing was changed")
                return
            _write(state, versions, chosen, replace=replace, ask=ask, show=show)
            show_planned_changes(state, show)
    except (ClientError, BotoCoreError) as error:
        raise BackendError(f"{state.location}: {error}") from error


def _choose(
    versions: Sequence[Version], wanted: str | None, ask: Ask | None, show: Callable[[str], object]
) -> Version | None:
    state = versions[0].state
    if wanted is not None:
        for each in versions:
            if each.id == wanted:
                return each
        raise BackendError(f"{state.location}: there is no version {wanted}")
    show(f"{state.location}, newest first:")
    listed = versions[:_LISTED]
    for number, each in enumerate(listed, start=1):
        show(f"{number:>4}  {each}{'  (current)' if each.latest else ''}")
    if len(versions) > _LISTED:
        show(f"      {len(versions) - _LISTED} older ones; name one by its id")
    if ask is None:
        raise BackendError(
            f"{state.stack}: name the version to restore: "
            f"make restore-state STACK={state.stack} VERSION=ID"
        )
    answer = ask(f"Which one shall be restored? [1-{len(listed)}, or Enter for none] ").strip()
    if not answer:
        return None
    if not answer.isdigit() or not 1 <= int(answer) <= len(listed):
        raise BackendError(f"{answer!r}: not a number of the list; nothing was changed")
    return listed[int(answer) - 1]


def _write(
    state: StackState,
    versions: Sequence[Version],
    chosen: Version,
    *,
    replace: bool,
    ask: Ask | None,
    show: Callable[[str], object],
) -> None:
    if chosen.content is None:
        what = "is the mark of a deletion" if chosen.deleted else "is damaged"
        raise BackendError(f"{state.location}: version {chosen.id} {what}; choose another one")
    current = versions[0]
    if not current.deleted and current.data == chosen.data:
        show(f"the current version {current.id} is the same: it stays as it is")
        _put_digest(state, current.data, show)
        return
    if current.content is not None and not replace:
        _confirm(current.content, chosen.content, ask, show)
    data = _newest_serial(versions, chosen)
    answer = client("s3", state).put_object(
        Bucket=state.bucket,
        Key=state.key,
        Body=data,
        ContentType="application/json",
        ServerSideEncryption="aws:kms",
        SSEKMSKeyId=state.kms_key_id,
    )
    show(f"restored version {chosen.id}, as version {answer['VersionId']}")
    show(f"what it replaces is kept: version {current.id}")
    _put_digest(state, data, show)


def _confirm(
    current: Content, chosen: Content, ask: Ask | None, show: Callable[[str], object]
) -> None:
    """Let a person agree to replace a state that is intact."""
    forgotten = sorted(current.resources - chosen.resources)
    show(
        f"The current state is intact: serial {current.serial}, {len(current.resources)} resources"
        + ("" if current.lineage == chosen.lineage else ", of another lineage")
        + f". Terraform would forget {len(forgotten)} of them:"
    )
    for address in forgotten[:_NAMED]:
        show(f"      {address}")
    if len(forgotten) > _NAMED:
        show(f"      and {len(forgotten) - _NAMED} more")
    if ask is None:
        raise BackendError("the current state is intact; to replace it all the same, add REPLACE=1")
    if ask("Replace it? [yes, or Enter to leave it] ").strip() != "yes":
        raise BackendError("the current state stays; nothing was changed")


def _newest_serial(versions: Sequence[Version], chosen: Version) -> bytes:
    """The chosen state, with a serial above all others where others came after it.

    A plan that was made of one of those must not fit the restored state.
    """
    content = chosen.content
    assert content is not None  # noqa: S101 - for the type checker: _write has refused it
    others = (v.content.serial for v in versions[:_LISTED] if v.content and v.id != chosen.id)
    newest = max(others, default=-1)
    if newest < content.serial:
        return chosen.data
    return f"{json.dumps({**content.body, 'serial': newest + 1}, indent=2)}\n".encode()


def _put_digest(state: StackState, data: bytes, show: Callable[[str], object]) -> None:
    digest = hashlib.md5(data, usedforsecurity=False).hexdigest()
    if state.lock_table is None or read_digest(state) == digest:
        return
    write_digest(state, digest)
    show(f"its digest is in the table {state.lock_table}")

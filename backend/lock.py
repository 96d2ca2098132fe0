"""The state's lock and digest, as Terraform's S3 backend keeps them."""

from __future__ import annotations

import contextlib
import getpass
import json
import os
import socket
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from botocore.exceptions import ClientError

from backend.aws import client, error_code
from backend.errors import BackendError
from backend.owner import process_note
from backend.synthesised import StackState

LOCK_ATTRIBUTE = "LockID"
"""The attribute that Terraform's S3 backend expects."""


@contextlib.contextmanager
def locked(state: StackState, operation: str) -> Iterator[None]:
    """Hold the state's lock as Terraform would, so that no run of it comes in between.

    Args:
        state: whose lock.
        operation: what others are told is going on.

    Raises:
        BackendError: somebody holds the lock, or the lock table is missing.
    """
    lock_id = str(uuid.uuid4())
    text = json.dumps(
        {
            "ID": lock_id,
            "Operation": operation,
            "Info": process_note(os.getpid()),
            "Who": f"{getpass.getuser()}@{socket.gethostname()}",
            "Version": "",
            "Created": datetime.now(UTC).isoformat(),
            "Path": f"{state.bucket}/{state.key}",
        }
    )
    with contextlib.ExitStack() as held:
        # In Terraform's order.
        if state.lockfile:
            _take_file(state, text)
            held.callback(_free_file, state)
        if state.lock_table:
            _take_item(state, text)
            held.callback(_free_item, state)
        yield


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """A lock as it was found.

    Attributes:
        place: where, in words.
        text: what Terraform wrote into it.
        etag: of the lock file; None for the lock in the table.
    """

    place: str
    text: str
    etag: str | None = None


def find(state: StackState) -> list[Found]:
    """The locks of the state, in Terraform's order; none where nobody holds it."""
    return [*_find_file(state), *_find_item(state)]


def release(state: StackState, found: Found) -> None:
    """Release a lock, if it is still the one that was found.

    Raises:
        BackendError: another run has taken it meanwhile.
    """
    try:
        if found.etag is not None:
            _free_file(state, IfMatch=found.etag)
        else:
            _free_item(
                state,
                ConditionExpression="Info = :found OR attribute_not_exists(Info)",
                ExpressionAttributeValues={":found": {"S": found.text}},
            )
    except ClientError as error:
        if error_code(error) not in ("ConditionalCheckFailedException", "PreconditionFailed"):
            raise
        raise BackendError(
            f"{found.place}: another run has taken the lock meanwhile; look again"
        ) from error


def read_digest(state: StackState) -> str | None:
    """The MD5 of the state that Terraform expects to read; None where it expects nothing."""
    item = _item(state, f"{_item_id(state)}-md5")
    return str(item["Digest"]["S"]) if "Digest" in item else None


def write_digest(state: StackState, digest: str) -> None:
    """Let Terraform expect a state with this MD5."""
    item = {LOCK_ATTRIBUTE: {"S": f"{_item_id(state)}-md5"}, "Digest": {"S": digest}}
    client("dynamodb", state).put_item(TableName=state.lock_table, Item=item)


def _item_id(state: StackState) -> str:
    return f"{state.bucket}/{state.key}"


def _item(state: StackState, lock_id: str) -> dict[str, Any]:
    answer = client("dynamodb", state).get_item(
        TableName=state.lock_table, Key={LOCK_ATTRIBUTE: {"S": lock_id}}, ConsistentRead=True
    )
    item: dict[str, Any] = answer.get("Item", {})
    return item


def _take_item(state: StackState, text: str) -> None:
    try:
        client("dynamodb", state).put_item(
            TableName=state.lock_table,
            Item={LOCK_ATTRIBUTE: {"S": _item_id(state)}, "Info": {"S": text}},
            ConditionExpression=f"attribute_not_exists({LOCK_ATTRIBUTE})",
        )
    except ClientError as error:
        if error_code(error) != "ConditionalCheckFailedException":
            _refuse_no_table(state, error)
            raise
        holder = _item(state, _item_id(state)).get("Info", {}).get("S", "")
        raise _is_locked(state, holder) from error


def _find_item(state: StackState) -> Iterator[Found]:
    if state.lock_table is None:
        return
    try:
        item = _item(state, _item_id(state))
    except ClientError as error:
        _refuse_no_table(state, error)
        raise
    if item:
        yield Found(
            place=f"the lock table {state.lock_table}", text=item.get("Info", {}).get("S", "")
        )


def _free_item(state: StackState, **condition: Any) -> None:
    client("dynamodb", state).delete_item(
        TableName=state.lock_table, Key={LOCK_ATTRIBUTE: {"S": _item_id(state)}}, **condition
    )


def _refuse_no_table(state: StackState, error: ClientError) -> None:
    if error_code(error) == "ResourceNotFoundException":
        raise BackendError(
            f"lock table {state.lock_table}: it does not exist; run "
            f"'make backend ENV={state.environment}'"
        ) from error


def _take_file(state: StackState, text: str) -> None:
    try:
        client("s3", state).put_object(**_file(state), Body=text.encode(), IfNoneMatch="*")
    except ClientError as error:
        if error_code(error) not in ("PreconditionFailed", "ConditionalRequestConflict"):
            raise
        holder = [found.text for found in _find_file(state)]
        raise _is_locked(state, "".join(holder)) from error


def _find_file(state: StackState) -> Iterator[Found]:
    """The lock file, which is looked for also where the stack takes none: it may have taken one."""
    try:
        answer = client("s3", state).get_object(**_file(state))
    except ClientError as error:
        if error_code(error) in ("NoSuchKey", "NoSuchBucket"):
            return
        raise
    yield Found(
        place=f"the lock file s3://{state.bucket}/{_file(state)['Key']}",
        text=answer["Body"].read().decode(errors="replace"),
        etag=answer["ETag"],
    )


def _free_file(state: StackState, **condition: Any) -> None:
    client("s3", state).delete_object(**_file(state), **condition)


def _file(state: StackState) -> dict[str, str]:
    return {"Bucket": state.bucket, "Key": f"{state.key}.tflock"}


def _is_locked(state: StackState, text: str) -> BackendError:
    try:
        holder = dict(json.loads(text))
    except ValueError:
        holder = {}
    return BackendError(
        f"stack {state.stack}: the state is locked by {holder.get('Who', 'somebody')} since "
        f"{holder.get('Created', 'a while')} ({holder.get('Operation', 'another run')}); wait until "
        f"it ends; 'make show-lock STACK={state.stack}' tells whether it still runs"
    )

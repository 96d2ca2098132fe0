"""The state's lock and digest, as Terraform's S3 backend keeps them."""

from __future__ import annotations

import contextlib
import getpass
import json
import socket
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from botocore.exceptions import ClientError

from backend.aws import client, error_code
from backend.errors import BackendError
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
            "Info": "",
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
        if error_code(error) == "ResourceNotFoundException":
            raise BackendError(
                f"lock table {state.lock_table}: it does not exist; run "
                f"'make backend ENV={state.environment}'"
            ) from error
        if error_code(error) != "ConditionalCheckFailedException":
            raise
        holder = _item(state, _item_id(state)).get("Info", {}).get("S", "")
        raise _is_locked(state, holder) from error


def _free_item(state: StackState) -> None:
    client("dynamodb", state).delete_item(
        TableName=state.lock_table, Key={LOCK_ATTRIBUTE: {"S": _item_id(state)}}
    )


def _take_file(state: StackState, text: str) -> None:
    s3, file = client("s3", state), {"Bucket": state.bucket, "Key": f"{state.key}.tflock"}
    try:
        s3.put_object(**file, Body=text.encode(), IfNoneMatch="*")
    except ClientError as error:
        if error_code(error) not in ("PreconditionFailed", "ConditionalRequestConflict"):
            raise
        holder = ""
        with contextlib.suppress(ClientError):
            holder = s3.get_object(**file)["Body"].read().decode()
        raise _is_locked(state, holder) from error


def _free_file(state: StackState) -> None:
    client("s3", state).delete_object(Bucket=state.bucket, Key=f"{state.key}.tflock")


def _is_locked(state: StackState, text: str) -> BackendError:
    try:
        holder = dict(json.loads(text))
    except ValueError:
        holder = {}
    return BackendError(
        f"stack {state.stack}: the state is locked by {holder.get('Who', 'somebody')} since "
        f"{holder.get('Created', 'a while')} ({holder.get('Operation', 'another run')}); wait "
        "until it ends; only if nothing runs any more, free it (terraform "
        f"-chdir=cdktf.out/stacks/{state.stack} force-unlock {holder.get('ID', 'ID')})"
    )

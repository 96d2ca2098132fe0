"""Reads from a synthesised stack where its state is: CDKTF's JSON is all that it takes."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, Field, ValidationError

from backend.errors import BackendError

STACK_FILE = "cdk.tf.json"


class _S3(BaseModel):
    """The block ``terraform.backend.s3``, as ``attach_state`` writes it."""

    bucket: str
    key: str
    region: str
    kms_key_id: str
    allowed_account_ids: tuple[str, ...] = Field(min_length=1, max_length=1)
    dynamodb_table: str | None = None
    use_lockfile: bool = False


class _Tags(BaseModel):
    environment: str = Field(alias="Environment")


@dataclass(frozen=True, kw_only=True, slots=True)
class StackState:
    """The remote state of one synthesised stack.

    Attributes:
        stack: the stack's id.
        folder: where it was synthesised to.
        body: its whole JSON.
        environment: whose stack it is.
        account_id: the account that holds the state.
        region: its region.
        bucket: the state bucket.
        key: the state's key in the bucket.
        kms_key_id: what encrypts it.
        lock_table: the DynamoDB table of locks and digests.
        lockfile: a lock file in S3 is taken as well.
    """

    stack: str
    folder: Path
    body: dict[str, Any]
    environment: str
    account_id: str
    region: str
    bucket: str
    key: str
    kms_key_id: str
    lock_table: str | None
    lockfile: bool

    @property
    def location(self) -> str:
        """The state as an S3 URI."""
        return f"s3://{self.bucket}/{self.key}"


def read_state(root: Path, stack: str) -> StackState:
    """Read where a stack's state is.

    Args:
        root: the project's folder; the stack lies below its ``cdktf.out/``.
        stack: the stack's id.

    Raises:
        BackendError: the stack was not synthesised, or keeps its state elsewhere.
    """
    folder = root / "cdktf.out" / "stacks" / stack
    try:
        body: dict[str, Any] = json.loads((folder / STACK_FILE).read_text(encoding="utf-8"))
    except FileNotFoundError:
        known = sorted(path.parent.name for path in folder.parent.glob(f"*/{STACK_FILE}"))
        raise BackendError(
            f"stack {stack!r}: not in cdktf.out/stacks; "
            + (f"there are {', '.join(known)}" if known else "run 'cdktf synth'")
        ) from None
    except ValueError:
        raise BackendError(f"{folder / STACK_FILE}: not JSON; run 'cdktf synth'") from None
    try:
        s3 = _S3.model_validate(body["terraform"]["backend"]["s3"])
        tags = _Tags.model_validate(body["provider"]["aws"][0]["default_tags"][0]["tags"])
    except (KeyError, IndexError, TypeError, ValidationError):
        raise BackendError(
            f"{folder / STACK_FILE}: not a stack with its state in S3; run 'cdktf synth'"
        ) from None
    return StackState(
        stack=stack,
        folder=folder,
        body=body,
        environment=tags.environment,
        account_id=s3.allowed_account_ids[0],
        region=s3.region,
        bucket=s3.bucket,
        key=s3.key,
        kms_key_id=s3.kms_key_id,
        lock_table=s3.dynamodb_table,
        lockfile=s3.use_lockfile,
    )

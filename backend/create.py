"""Creates an environment's remote state, and moves the state of doing so into it.

A state bucket cannot hold its own state before it exists. The first time, Terraform therefore
works with a local state in ``.local/``; once the bucket stands, that state moves into it and the
folder goes. A run that is interrupted anywhere in between is taken up by the next one.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError
from cdktf import App

from backend.errors import BackendError
from backend.stack import BackendStack, stack_id
from backend.state import StateLocation
from backend.terraform import Terraform
from modules.naming import Naming

STACK_FILE = "cdk.tf.json"
LOCAL_STATE = "terraform.tfstate"


def create(naming: Naming, *, tags: Mapping[str, str], lockfile: bool, root: Path) -> bool:
    """Create or update the remote state of one environment.

    Args:
        naming: names of the environment; its account's credentials must be in force.
        tags: tags of every resource.
        lockfile: see ``attach_state``.
        root: the project's folder; work is done below its ``.local/``.

    Returns:
        Whether anything was changed.

    Raises:
        BackendError: wrong or missing credentials, a bucket whose state is lost, or Terraform
            failed; what was reached is kept for the next run.
    """
    location = StateLocation(naming=naming, stack=stack_id(naming.environment))
    check_account(naming)
    work = root / ".local" / location.stack
    work.mkdir(parents=True, exist_ok=True)
    stack = _synthesise(naming, tags, lockfile, work)
    terraform = Terraform(work)
    if _state_exists(location):
        changed = _apply(terraform, work, stack)
    else:
        _refuse_orphan(location, work)
        changed = _create_locally(terraform, work, stack)
        _move_into_bucket(terraform, work, stack, location)
    shutil.rmtree(work)
    return changed


def check_account(naming: Naming) -> None:
    """Refuse credentials of another account before anything is read or written.

    Raises:
        BackendError: no credentials, credentials that AWS refuses, or another account's.
    """
    try:
        identity = boto3.client("sts", region_name=naming.region).get_caller_identity()
    except (BotoCoreError, ClientError) as error:
        raise BackendError(
            f"AWS credentials: {error}; sign in to account {naming.account_id} "
            '(or run eval "$(make -s local-env)" for the emulator)'
        ) from error
    if identity["Account"] != naming.account_id:
        raise BackendError(
            f"AWS credentials: they are of account {identity['Account']}, but {naming.environment} "
            f"lives in {naming.account_id}; sign in there, or correct account_id in "
            f"environments/{naming.environment}.py"
        )


def _synthesise(
    naming: Naming, tags: Mapping[str, str], lockfile: bool, work: Path
) -> dict[str, Any]:
    app = App(outdir=str(work / "synth"))
    BackendStack(app, naming=naming, tags=tags, lockfile=lockfile)
    app.synth()
    path = work / "synth" / "stacks" / stack_id(naming.environment) / STACK_FILE
    stack: dict[str, Any] = json.loads(path.read_text())
    return stack


def _state_exists(location: StateLocation) -> bool:
    return _exists("head_object", location, Bucket=location.bucket, Key=location.object_key)


def _exists(call: str, location: StateLocation, **arguments: str) -> bool:
    s3 = boto3.client("s3", region_name=location.naming.region)
    try:
        getattr(s3, call)(**arguments, ExpectedBucketOwner=location.naming.account_id)
    except ClientError as error:
        if error.response["Error"]["Code"] in ("404", "NoSuchBucket", "NoSuchKey"):
            return False
        raise BackendError(
            f"state bucket {location.bucket}: {error}; check that the bucket is this account's "
            "and that you may read it"
        ) from error
    return True


def _refuse_orphan(location: StateLocation, work: Path) -> None:
    if (work / LOCAL_STATE).exists():
        return
    if _exists("head_bucket", location, Bucket=location.bucket):
        raise BackendError(
            f"state bucket {location.bucket}: it exists, but {location.object_key} is not in it; "
            "restore an older version of that object, or delete the bucket if it is empty"
        )


def _write(work: Path, stack: dict[str, Any]) -> None:
    (work / STACK_FILE).write_text(json.dumps(stack, indent=2))


def _apply(terraform: Terraform, work: Path, stack: dict[str, Any]) -> bool:
    _write(work, stack)
    terraform.run("init", "-input=false", "-reconfigure")
    return terraform.apply_changes()


def _create_locally(terraform: Terraform, work: Path, stack: dict[str, Any]) -> bool:
    without_backend = {k: v for k, v in stack["terraform"].items() if k != "backend"}
    _write(work, {**stack, "terraform": without_backend})
    # An interrupted move may have left a pointer to the bucket behind.
    (work / ".terraform" / LOCAL_STATE).unlink(missing_ok=True)
    terraform.run("init", "-input=false")
    return terraform.apply_changes()


def _move_into_bucket(
    terraform: Terraform, work: Path, stack: dict[str, Any], location: StateLocation
) -> None:
    _write(work, stack)
    terraform.run("init", "-input=false", "-migrate-state", "-force-copy")
    if not _state_exists(location):
        raise BackendError(
            f"{location.location}: the state did not arrive; it is kept in {work}; run again"
        )

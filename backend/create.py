"""Creates an environment's remote state, and moves the state of doing so into it.

A state bucket cannot hold its own state before it exists. The first time, Terraform therefore
works with a local state in ``.local/``; once the bucket stands, that state moves into it and the
folder goes. A run that is interrupted anywhere in between is taken up by the next one.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from backend.aws import check_account, client, error_code
from backend.errors import BackendError
from backend.stack import stack_id
from backend.synthesised import STACK_FILE, StackState, read_state
from toolchain.lock import single_instance
from toolchain.run import run_terraform

LOCAL_STATE = "terraform.tfstate"
_PLAN = "changes.tfplan"
_CHANGES = 2


def create(environment: str, *, root: Path) -> bool:
    """Create or update the remote state of one environment, whose stacks are synthesised.

    Args:
        environment: its name; its account's credentials must be in force.
        root: the project's folder; work is done below its ``.local/``.

    Returns:
        Whether anything was changed.

    Raises:
        BackendError: wrong or missing credentials, a bucket whose state is lost, or a stack that
            was not synthesised.
        TerraformError: Terraform failed; what was reached is kept for the next run.
    """
    state = read_state(root, stack_id(environment))
    check_account(state)
    work = root / ".local" / state.stack
    with single_instance(work.with_suffix(".lock"), f"backend create {environment}"):
        work.mkdir(parents=True, exist_ok=True)
        if _state_exists(state):
            changed = _apply(work, state)
        else:
            _refuse_orphan(state, work)
            changed = _create_locally(work, state)
            _move_into_bucket(work, state)
        shutil.rmtree(work)
    return changed


def _state_exists(state: StackState) -> bool:
    return _exists("head_object", state, Bucket=state.bucket, Key=state.key)


def _exists(call: str, state: StackState, **arguments: str) -> bool:
    try:
        getattr(client("s3", state), call)(**arguments, ExpectedBucketOwner=state.account_id)
    except ClientError as error:
        if error_code(error) in ("404", "NoSuchBucket", "NoSuchKey"):
            return False
        raise BackendError(
            f"state bucket {state.bucket}: {error}; check that the bucket is this account's "
            "and that you may read it"
        ) from error
    return True


def _refuse_orphan(state: StackState, work: Path) -> None:
    if (work / LOCAL_STATE).exists():
        return
    if _exists("head_bucket", state, Bucket=state.bucket):
        raise BackendError(
            f"state bucket {state.bucket}: it exists, but {state.key} is not in it; restore it "
            f"(make restore-state STACK={state.stack}), or delete the bucket if it is empty"
        )


def _write(work: Path, body: dict[str, Any]) -> None:
    (work / STACK_FILE).write_text(json.dumps(body, indent=2))


def _apply(work: Path, state: StackState) -> bool:
    _write(work, state.body)
    run_terraform(work, "init", "-input=false").check()
    return _apply_changes(work)


def _create_locally(work: Path, state: StackState) -> bool:
    without_backend = {k: v for k, v in state.body["terraform"].items() if k != "backend"}
    _write(work, {**state.body, "terraform": without_backend})
    run_terraform(work, "init", "-input=false").check()
    return _apply_changes(work)


def _apply_changes(work: Path) -> bool:
    """Plan, and apply what the plan says; returns whether there was anything to change."""
    options = ("-input=false", "-detailed-exitcode", f"-out={_PLAN}")
    if run_terraform(work, "plan", *options).check(0, _CHANGES).status == 0:
        return False
    run_terraform(work, "apply", "-input=false", _PLAN, shown=True).check()
    return True


def _move_into_bucket(work: Path, state: StackState) -> None:
    _write(work, state.body)
    # The one place where a state is copied: from the file that was made above, in this account.
    options = ("-reconfigure=false", "-migrate-state", "-force-copy")
    run_terraform(work, "init", "-input=false", *options).check()
    if not _state_exists(state):
        raise BackendError(
            f"{state.location}: the state did not arrive; it is kept in {work}; run again"
        )

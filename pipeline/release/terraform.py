"""The Terraform commands of a release, and what their failures mean."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any

from pipeline.errors import PipelineError, Status
from pipeline.plan.secrets import mask_text
from pipeline.release.seal import KEY_VARIABLE
from toolchain import ToolchainError
from toolchain.run import Done, run_terraform

Env = Mapping[str, str] | None
"""Variables that Terraform runs with; the process's own by default."""

LOCK_TIMEOUT = "5m"
"""How long Terraform waits for a state that another run holds."""

_CHANGES = 2
_STALE = (
    "Error: Saved plan is stale",
    "Error: Saved plan does not match the given state",
)
_NO_PARAMETER = re.compile(r"reading SSM Parameter \(([^)\s]+)\):\s+couldn't find resource")


def init(folder: Path, *, locked: bool = False, env: Env = None) -> None:
    """Prepare a stack's folder: the backend and the providers.

    What an earlier run left, of another backend perhaps, is forgotten: the stack says where its
    state is.

    Args:
        folder: the stack's folder.
        locked: refuse to change ``.terraform.lock.hcl``.
        env: variables, credentials among them.

    Raises:
        PipelineError: it failed; Terraform's own words went to standard error.
    """
    lockfile = ("-lockfile=readonly",) if locked else ()
    _captured(folder, "init", "-input=false", "-reconfigure", *lockfile, env=env)


def plan(folder: Path, out: Path, *, lock: bool = True, env: Env = None) -> bool:
    """Plan, and keep the plan in a file of mode 0600. It holds secrets in clear.

    Args:
        folder: the stack's folder, prepared by ``init``.
        out: the plan file.
        lock: hold the state's lock meanwhile; a role that may only read cannot.
        env: variables, credentials among them.

    Returns:
        Whether there is anything to change.

    Raises:
        PipelineError: it failed, or another run holds the state's lock.
    """
    # Terraform keeps the mode of a file that exists.
    out.touch(mode=0o600)
    locking = f"-lock-timeout={LOCK_TIMEOUT}" if lock else "-lock=false"
    options = ("-input=false", "-detailed-exitcode", locking, f"-out={out.absolute()}")
    done = _captured(folder, "plan", *options, allowed=(0, _CHANGES), env=env)
    return done.status == _CHANGES


def show_json(folder: Path, plan_file: Path, to: Path, *, env: Env = None) -> None:
    """Write a plan's JSON to a new file of mode 0600. It holds secrets in clear.

    Raises:
        PipelineError: Terraform cannot read the plan file.
    """
    handle = os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        done = _run(folder, "show", "-json", str(plan_file.absolute()), to=file, env=env)
    _expect(done)


def apply(folder: Path, plan_file: Path, *, env: Env = None) -> None:
    """Apply a saved plan; Terraform's output goes to the terminal as it comes.

    Terraform itself masks the values that are marked sensitive.

    Raises:
        PipelineError: the state moved on since the plan (STALE_PLAN), another run holds the
            state's lock (FAILED), or it failed on the way (APPLY_FAILED).
    """
    options = ("-input=false", f"-lock-timeout={LOCK_TIMEOUT}")
    done = _run(folder, "apply", *options, str(plan_file.absolute()), shown=True, env=env)
    if done.status == 0:
        return
    if any(words in done.errors for words in _STALE):
        raise PipelineError(
            f"{folder}: the state changed since this plan was made; run a new pipeline",
            Status.STALE_PLAN,
        )
    if done.locked:
        raise _failure(done)
    why = "was interrupted" if done.interrupted else f"ended with status {done.status}"
    raise PipelineError(
        f"terraform apply in {folder} {why}, see above; what it reached stays: mend the cause and "
        "run a new pipeline, which plans the rest",
        Status.APPLY_FAILED,
    )


def provider_schema(folder: Path) -> str:
    """The schema of the providers that a folder, prepared by ``init``, requires, as JSON.

    Raises:
        PipelineError: it failed.
    """
    return _captured(folder, "providers schema", "-json").output


def outputs(folder: Path, *, env: Env = None) -> Mapping[str, Any]:
    """The stack's outputs by name, without those that are marked sensitive.

    Raises:
        PipelineError: the state cannot be read.
    """
    done = _captured(folder, "output", "-json", env=env)
    return {
        name: body["value"]
        for name, body in json.loads(done.output).items()
        if not body["sensitive"]
    }


def _run(
    folder: Path,
    command: str,
    *options: str,
    to: IO[str] | None = None,
    shown: bool = False,
    env: Env = None,
) -> Done:
    given = os.environ if env is None else env
    # Providers and provisioners need no key to the plans.
    base = {name: value for name, value in given.items() if name != KEY_VARIABLE}
    try:
        return run_terraform(folder, command, *options, to=to, shown=shown, base=base)
    except ToolchainError as error:
        raise PipelineError(str(error)) from None


def _captured(
    folder: Path, command: str, *options: str, allowed: tuple[int, ...] = (0,), env: Env = None
) -> Done:
    done = _run(folder, command, *options, env=env)
    _expect(done, allowed=allowed)
    return done


def _expect(done: Done, *, allowed: tuple[int, ...] = (0,)) -> None:
    if done.status in allowed and not done.interrupted:
        return
    if missing := _NO_PARAMETER.search(done.errors):
        raise PipelineError(
            f"{done.folder}: cannot be planned yet: it reads the SSM parameter {missing[1]}, which "
            "does not exist; first merge and apply the change of the stack that makes it, then "
            "this one"
        )
    if not done.interrupted and not done.locked:
        # What a plan prints may hold values: only what Terraform complains about is shown, and it
        # quotes the line of the configuration.
        sys.stderr.write(mask_text(done.errors))
    raise _failure(done)


def _failure(done: Done) -> PipelineError:
    return PipelineError(f"terraform {done.command} in {done.folder}: {done.reason()}")

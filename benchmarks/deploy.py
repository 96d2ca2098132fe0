"""``make deploy-local`` without its set-up, against plain ``terraform apply`` of the same JSON.

Each has a fresh emulator. What is ours: synthesis, CDKTF's own work, the move of the state into
its bucket, and the second plan that proves the deployment complete.
"""

from __future__ import annotations

import contextlib
import io
import json
import shutil
import subprocess
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import toolchain
from benchmarks.table import Measurement, Promise
from emulator import control
from environments.dev import DEV
from local.deploy import deploy_to, process_environment

ROOT = Path(__file__).resolve().parent.parent


def measure() -> Measurement:
    """Deploy twice and compare."""
    with control.ephemeral() as emulator, contextlib.redirect_stdout(io.StringIO()):
        started = time.perf_counter()
        deploy_to(emulator, DEV, root=ROOT)
        ours = time.perf_counter() - started
    with control.ephemeral() as emulator:
        started = time.perf_counter()
        _terraform_only(process_environment(DEV, emulator))
        plain = time.perf_counter() - started
    return Measurement(
        name="deploy dev to a fresh emulator",
        rows=[
            ("deploy-local (ours)", f"{ours:.0f} s", 1.0),
            ("terraform apply, same JSON", f"{plain:.0f} s", plain / ours),
        ],
        promises=[Promise("ours / terraform apply", ours / plain, at_most=1.15)],
    )


def _terraform_only(process: Mapping[str, str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for stack in ("backend-dev", "dev"):
            work = Path(folder) / stack
            shutil.copytree(
                ROOT / "cdktf.out" / "stacks" / stack,
                work,
                ignore=shutil.ignore_patterns(".terraform*", "*.tfstate*", "plan"),
            )
            _without_remote_state(work / "cdk.tf.json")
            for arguments in (("init", "-input=false"), ("apply", "-auto-approve", "-input=false")):
                subprocess.run(
                    [str(toolchain.terraform()), *arguments],
                    cwd=work,
                    env=dict(process),
                    check=True,
                    capture_output=True,
                )


def _without_remote_state(path: Path) -> None:
    stack: dict[str, Any] = json.loads(path.read_text())
    del stack["terraform"]["backend"]
    path.write_text(json.dumps(stack))

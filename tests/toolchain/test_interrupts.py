"""Ctrl+C in a CDKTF command: Terraform is interrupted once and ends in good order."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from tests.support.interrupted import interrupted
from tests.toolchain.conftest import write_program
from tests.toolchain.test_pty import NODE, SHIM
from toolchain.layout import ROOT

# Plays CDKTF: starts a program under a signal, as it does Terraform's plan, and leaves at once.
PLAYER = """
const { spawn } = require("child_process");
const abort = new AbortController();
const child = spawn(process.argv[1], [], { signal: abort.signal });
child.on("error", (error) => { console.log(error.name); process.exit(1); });
child.stdout.on("data", (text) => process.stdout.write(text));
child.on("close", (code) => console.log("closed with", code));
process.on("SIGINT", () => { abort.abort(); process.exit(2); });
"""
SAVES = """
trap 'echo interrupted; sleep 0.3; echo saved; exit 4' INT
trap 'echo killed; exit 5' TERM
echo ready
while :; do sleep 0.05; done
"""


def play(program: Path, terraform: str) -> subprocess.CompletedProcess[str]:
    """What is shown, and the exit status, when the terminal interrupts the whole group."""
    return interrupted(
        [NODE, "--require", SHIM, "-e", PLAYER, program],
        ready="ready",
        env={**os.environ, "TERRAFORM_BINARY_NAME": terraform},
    )


def test_terraform_is_interrupted_once_and_waited_for(tmp_path: Path) -> None:
    program = write_program(tmp_path / "terraform", SAVES)
    done = play(program, terraform=str(program))
    assert done.stdout == "ready\ninterrupted\nsaved\nclosed with 4\n"
    assert done.returncode == 2


def test_other_programs_are_cdktfs_own_affair(tmp_path: Path) -> None:
    program = write_program(tmp_path / "synth", SAVES)
    assert "AbortError" in play(program, terraform="terraform").stdout


APP = """
import json, os, pathlib
out = pathlib.Path(os.environ["CDKTF_OUTDIR"])
stack = out / "stacks" / "s"
stack.mkdir(parents=True, exist_ok=True)
(stack / "cdk.tf.json").write_text(pathlib.Path("stack.json").read_text())
described = {
    "name": "s", "constructPath": "s", "dependencies": [], "annotations": [],
    "workingDirectory": "stacks/s", "synthesizedStackPath": "stacks/s/cdk.tf.json",
    "stackMetadataPath": "stacks/s/metadata.json",
}
(out / "manifest.json").write_text(json.dumps({"version": "0.21.0", "stacks": {"s": described}}))
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project of one stack, whose second resource is never ready; no provider is needed."""
    project = tmp_path / "project"
    project.mkdir()
    never = project / "never"
    os.mkfifo(never)
    stack = {
        "//": {"metadata": {"backend": "local", "stackName": "s", "version": "0.21.0"}},
        "terraform": {"required_providers": {}},
        "resource": {
            "terraform_data": {
                "first": {"input": "kept"},
                "second": {
                    "depends_on": ["terraform_data.first"],
                    "provisioner": {"local-exec": {"command": f"read x < '{never}'"}},
                },
            }
        },
    }
    (project / "stack.json").write_text(json.dumps(stack))
    (project / "app.py").write_text(APP)
    settings = {"language": "python", "app": "python app.py", "projectId": "interrupts"}
    (project / "cdktf.json").write_text(json.dumps({**settings, "sendCrashReports": "false"}))
    return project


def test_the_real_command_line_leaves_a_state_and_no_lock(project: Path) -> None:
    done = interrupted(
        [ROOT / ".venv" / "bin" / "cdktf", "deploy", "s", "--auto-approve"],
        ready="Executing:",
        cwd=project,
    )
    assert done.returncode != 0
    assert done.stdout.count("Interrupt received.") == 1
    assert "Two interrupts received" not in done.stdout
    folder = project / "cdktf.out" / "stacks" / "s"
    state = json.loads((folder / "terraform.tfstate").read_text())
    assert "first" in [resource["name"] for resource in state["resources"]]
    assert not list(folder.glob(".*.lock.info"))

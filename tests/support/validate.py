"""Asks real Terraform, with the real provider's schemas, whether a stack is valid."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import toolchain
from tests.support.stacks import Stack


class Validator:
    """A folder with the provider installed; stacks take turns in it."""

    def __init__(self, folder: Path, first: Stack) -> None:
        """Install what the first stack needs.

        Args:
            folder: an empty folder.
            first: a stack with the provider that all of them use.
        """
        self._folder = folder
        self._write(first)
        done = self._terraform("init", "-backend=false", "-input=false")
        assert done.returncode == 0, done.stdout + done.stderr

    def problems(self, stack: Stack) -> list[str]:
        """What Terraform says against a stack."""
        self._write(stack)
        report = json.loads(self._terraform("validate", "-json").stdout)
        return [diagnostic["summary"] for diagnostic in report["diagnostics"]]

    def _write(self, stack: Stack) -> None:
        (self._folder / "cdk.tf.json").write_text(json.dumps(stack.body))

    def _terraform(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(toolchain.terraform()), *arguments],
            cwd=self._folder,
            env=toolchain.environment(),
            capture_output=True,
            text=True,
            check=False,
        )

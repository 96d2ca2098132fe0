"""Runs Terraform in one folder: quiet where it goes well, its own words where it does not."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import toolchain
from backend.errors import BackendError

_PLAN = "changes.tfplan"
_CHANGES = 2


class Terraform:
    """Terraform in a folder, with the project's own environment."""

    def __init__(self, folder: Path) -> None:
        """Args: folder: where the configuration lies."""
        self.folder = folder

    def run(self, *arguments: str) -> None:
        """Run one command without showing its output, unless it fails.

        Raises:
            BackendError: it failed; Terraform's own words went to standard error.
        """
        self._expect(arguments, allowed=(0,))

    def apply_changes(self) -> bool:
        """Plan, and apply what the plan says with its progress shown.

        Returns:
            Whether there was anything to change.

        Raises:
            BackendError: it failed.
        """
        plan = ("plan", "-input=false", "-detailed-exitcode", f"-out={_PLAN}")
        if self._expect(plan, allowed=(0, _CHANGES)) == 0:
            return False
        done = subprocess.run(
            self._command(("apply", "-input=false", _PLAN)),
            env=toolchain.environment(),
            check=False,
        )
        if done.returncode != 0:
            raise BackendError(
                f"terraform apply in {self.folder} ended with status {done.returncode}; "
                "mend what it says above and run again, it goes on from there"
            )
        return True

    def _expect(self, arguments: tuple[str, ...], *, allowed: tuple[int, ...]) -> int:
        done = subprocess.run(
            self._command(arguments),
            env=toolchain.environment(),
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode not in allowed:
            sys.stderr.write(done.stdout + done.stderr)
            raise BackendError(
                f"terraform {arguments[0]} in {self.folder} ended with status {done.returncode}; "
                "see above"
            )
        return done.returncode

    def _command(self, arguments: tuple[str, ...]) -> list[str]:
        return [
            str(toolchain.terraform()),
            f"-chdir={self.folder}",
            arguments[0],
            "-no-color",
            *arguments[1:],
        ]

"""Runs Terraform in one folder: quiet where it goes well, its own words where it does not."""

from __future__ import annotations

import sys
from pathlib import Path

from backend.errors import BackendError
from toolchain.run import Done, run_terraform

_PLAN = "changes.tfplan"
_CHANGES = 2


class Terraform:
    """Terraform in a folder, with the project's own environment."""

    def __init__(self, folder: Path) -> None:
        """Args: folder: where the configuration lies."""
        self.folder = folder

    def run(self, command: str, *options: str) -> None:
        """Run one command without showing its output, unless it fails.

        Raises:
            BackendError: it failed; Terraform's own words went to standard error.
        """
        self._quiet(command, *options)

    def apply_changes(self) -> bool:
        """Plan, and apply what the plan says with its progress shown.

        Returns:
            Whether there was anything to change.

        Raises:
            BackendError: it failed or was interrupted; what it reached is in the state.
        """
        options = ("-input=false", "-detailed-exitcode", f"-out={_PLAN}")
        if self._quiet("plan", *options, allowed=(0, _CHANGES)) == 0:
            return False
        done = run_terraform(self.folder, "apply", "-input=false", _PLAN, shown=True)
        if done.status != 0:
            self._fail("apply", done)
        return True

    def _quiet(self, command: str, *options: str, allowed: tuple[int, ...] = (0,)) -> int:
        done = run_terraform(self.folder, command, *options)
        if done.interrupted or done.status not in allowed:
            sys.stderr.write(done.output + done.errors)
            self._fail(command, done)
        return done.status

    def _fail(self, command: str, done: Done) -> None:
        how = (
            "was interrupted;"
            if done.interrupted
            else f"ended with status {done.status}; mend what it says above and"
        )
        raise BackendError(
            f"terraform {command} in {self.folder} {how} run again, it goes on from there"
        )

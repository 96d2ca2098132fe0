"""Real Terraform as the remote state's creation runs it, on stacks that need no provider."""

from __future__ import annotations

import os
import shlex
import signal
import sys
from pathlib import Path

import pytest

from backend.errors import BackendError
from backend.terraform import Terraform
from tests.pipeline.release.support import Stack
from tests.support.interrupted import interrupted

CREATE = """
import sys
from pathlib import Path
from backend.errors import BackendError
from backend.terraform import Terraform
try:
    Terraform(Path(sys.argv[1])).apply_changes()
except BackendError as error:
    sys.exit(str(error))
"""


@pytest.fixture
def stack(tmp_path: Path) -> Stack:
    stack = Stack(tmp_path / "backend-dev")
    Terraform(stack.folder).run("init", "-input=false")
    return stack


def test_changes_are_applied_once(stack: Stack, capfd: pytest.CaptureFixture[str]) -> None:
    terraform = Terraform(stack.folder)
    assert terraform.apply_changes() is True
    assert "terraform_data.store: Creation complete" in capfd.readouterr().out
    assert terraform.apply_changes() is False
    assert capfd.readouterr() == ("", "")
    assert stack.inputs() == {"store": "one"}


def test_what_goes_wrong_is_in_terraforms_words_and_in_one_line(
    stack: Stack, capfd: pytest.CaptureFixture[str]
) -> None:
    (stack.folder / "cdk.tf.json").write_text("{}}")
    terraform = Terraform(stack.folder)
    with pytest.raises(BackendError) as caught:
        terraform.apply_changes()
    assert str(caught.value) == (
        f"terraform plan in {stack.folder} ended with status 1; mend what it says above and run "
        "again, it goes on from there"
    )
    assert "Extraneous data after value" in capfd.readouterr().err


def test_a_failed_apply_says_so(stack: Stack) -> None:
    stack.write(provisioner="exit 3", store="one")
    terraform = Terraform(stack.folder)
    with pytest.raises(BackendError, match=r"terraform apply in .* ended with status 1; mend"):
        terraform.apply_changes()


def test_ctrl_c_leaves_the_state_of_what_was_reached(stack: Stack, tmp_path: Path) -> None:
    """Ctrl-C reaches the whole group, and comes twice; Terraform still ends in good order."""
    never = tmp_path / "never"
    os.mkfifo(never)
    stack.write(provisioner=f"read x < {shlex.quote(str(never))}", store="one")
    done = interrupted(
        [sys.executable, "-c", CREATE, str(stack.folder)],
        ready="Executing:",
        signals=(signal.SIGINT, signal.SIGINT),
    )
    assert done.returncode == 1
    assert "Interrupt received." in done.stdout
    assert "Two interrupts received" not in done.stdout
    assert done.stderr.endswith(
        f"terraform apply in {stack.folder} was interrupted; run again, it goes on from there\n"
    )
    assert stack.inputs() == {"store": "one"}
    assert not (stack.folder / ".terraform.tfstate.lock.info").exists()

"""What is private stays private, and what lies beside a plan is known by its digest."""

from __future__ import annotations

import hashlib
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from pipeline.errors import PipelineError, Status
from pipeline.release.files import digests, private_folder
from tests.pipeline.release.support import ZIP, Stack
from toolchain import ROOT


def test_every_file_of_the_stack_has_its_digest(tmp_path: Path) -> None:
    stack = Stack(tmp_path / "prod")
    found = digests(stack.folder)
    assert list(found) == [".terraform.lock.hcl", "assets/code/rag.zip", "cdk.tf.json"]
    assert found[ZIP] == hashlib.sha256(b"the code as it was planned").hexdigest()


def test_what_init_makes_anew_and_a_local_state_are_left_out(tmp_path: Path) -> None:
    stack = Stack(tmp_path / "prod")
    before = digests(stack.folder)
    stack.apply()
    (stack.folder / ".terraform").mkdir(exist_ok=True)
    (stack.folder / ".terraform" / "terraform.tfstate").write_text("{}")
    (stack.folder / "terraform.tfstate.1700000000.backup").write_text("{}")
    assert digests(stack.folder) == before


@pytest.mark.parametrize("place", ["assets/code/other.zip", "assets/more"])
def test_a_symbolic_link_is_refused(place: str, tmp_path: Path) -> None:
    stack = Stack(tmp_path / "prod")
    (stack.folder / place).symlink_to(tmp_path)
    with pytest.raises(PipelineError, match="is a symbolic link, so that it can change") as caught:
        digests(stack.folder)
    assert caught.value.status is Status.TAMPERED_PLAN


def test_a_missing_folder_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(PipelineError, match=r"prod: no such folder; run 'cdktf synth' first$"):
        digests(tmp_path / "prod")


def test_a_private_folder_is_its_owner_s_and_goes_on_failure() -> None:
    made: list[Path] = []

    def fail() -> None:
        with private_folder() as folder:
            made.append(folder)
            assert oct(folder.stat().st_mode & 0o777) == "0o700"
            (folder / "plan.json").write_text("secret")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert [folder.exists() for folder in made] == [False]


def test_a_private_folder_goes_when_the_job_is_cancelled() -> None:
    code = (
        "from pipeline.release.files import private_folder\n"
        "with private_folder() as folder:\n"
        "    (folder / 'plan.json').write_text('secret')\n"
        "    print(folder, flush=True)\n"
        "    input()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as job:
        assert job.stdout is not None
        folder = Path(job.stdout.readline().strip())
        assert (folder / "plan.json").exists()
        job.terminate()
        assert job.wait(timeout=30) == 128 + signal.SIGTERM
    assert not folder.exists()


def test_the_handler_of_before_is_put_back() -> None:
    before = signal.getsignal(signal.SIGTERM)
    with private_folder():
        assert signal.getsignal(signal.SIGTERM) is not before
    assert signal.getsignal(signal.SIGTERM) is before


def test_a_private_folder_works_in_a_thread() -> None:
    made: list[Path] = []

    def work() -> None:
        with private_folder() as folder:
            made.append(folder)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join(timeout=30)
    assert [folder.exists() for folder in made] == [False]

"""Private files, private folders, and the digests of what lies beside a plan."""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from fnmatch import fnmatch
from pathlib import Path
from types import FrameType

from pipeline.errors import PipelineError, Status

_PROVIDERS = ".terraform"
_LOCAL_STATE = ("*.tfstate", "*.tfstate.*")


def write_private(path: Path, content: bytes) -> None:
    """Write a whole file in one step, readable by its owner only (mode 0600).

    Raises:
        OSError: it cannot be written; nothing is left behind.
    """
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


@contextmanager
def private_folder() -> Iterator[Path]:
    """A new folder for its owner only (mode 0700), removed whatever happens.

    A job that is cancelled gets a SIGTERM, which would end Python without tidying up: inside the
    block it raises ``SystemExit`` with status 143 instead.
    """
    folder = Path(tempfile.mkdtemp(prefix="plan-"))
    try:
        with _terminating():
            yield folder
    finally:
        shutil.rmtree(folder)


def digests(folder: Path, *, besides: Path | None = None) -> dict[str, str]:
    """SHA-256 of every file of a stack's folder, by path relative to it.

    ``.terraform`` is left out, because ``terraform init`` makes it anew and checks it against
    ``.terraform.lock.hcl``; so is a local state, which Terraform itself compares with the plan.

    Args:
        folder: the stack's folder, with ``cdk.tf.json``.
        besides: a file that is left out too.

    Raises:
        PipelineError: the folder is missing, or holds a symbolic link (TAMPERED_PLAN).
    """
    if not folder.is_dir():
        raise PipelineError(f"{folder}: no such folder; run 'cdktf synth' first")
    found = {}
    for parent, folders, names in os.walk(folder):
        here = Path(parent)
        if here == folder:
            folders[:] = [name for name in folders if name != _PROVIDERS]
            names = [n for n in names if not any(fnmatch(n, state) for state in _LOCAL_STATE)]
        for path in (here / name for name in [*folders, *names]):
            _refuse_link(path)
        for path in (here / name for name in names):
            if besides is None or path.resolve() != besides.resolve():
                found[path.relative_to(folder).as_posix()] = _sha256(path)
    return dict(sorted(found.items()))


def _refuse_link(path: Path) -> None:
    if path.is_symlink():
        raise PipelineError(
            f"{path}: is a symbolic link, so that it can change after the plan; "
            "synthesise again and run a new pipeline",
            Status.TAMPERED_PLAN,
        )


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def _terminating() -> Iterator[None]:
    def stop(number: int, _frame: FrameType | None) -> None:
        raise SystemExit(128 + number)

    # Python sets handlers in its main thread only.
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    previous = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, previous)

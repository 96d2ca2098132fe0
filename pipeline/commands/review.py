"""What was reviewed: the fingerprints in the merge request that brought a commit."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.commands.comment import MARKER
from pipeline.gitlab.client import Project
from pipeline.gitlab.merge_requests import MergeRequest, merge_request_of, reviewed_note
from pipeline.report.fingerprints import fingerprints


@dataclass(frozen=True, kw_only=True, slots=True)
class Review:
    """What a commit's merge request shows.

    Attributes:
        merge_request: the one that brought the commit; ``None`` where it was pushed directly.
        fingerprints: stack to reviewed fingerprint; ``None`` where there is no note.
    """

    merge_request: MergeRequest | None
    fingerprints: dict[str, str] | None


def review_of(project: Project, commit: str) -> Review:
    """Find what was reviewed before a commit came to the default branch.

    Raises:
        PipelineError: GitLab failed.
    """
    merge_request = merge_request_of(project, commit)
    if merge_request is None:
        return Review(merge_request=None, fingerprints=None)
    note = reviewed_note(project, merge_request.iid, marker=MARKER)
    return Review(
        merge_request=merge_request, fingerprints=fingerprints(note) if note is not None else None
    )

"""Which merge request brought a commit, and what was reviewed there."""

from __future__ import annotations

from datetime import datetime

import msgspec

from pipeline.gitlab import note
from pipeline.gitlab.client import Project, rows


class MergeRequest(msgspec.Struct, frozen=True, kw_only=True):
    """A merge request, as far as we need it.

    Attributes:
        iid: its number in the project.
        state: ``opened``, ``closed``, ``locked`` or ``merged``.
        source_branch: what was merged.
        target_branch: into what.
        web_url: its page.
        sha: the head of what was merged; the branch's head, where it is fast-forwarded.
        merge_commit_sha: the merge commit, if there is one.
        squash_commit_sha: the squashed commit, if there is one.
        merged_at: when.
    """

    iid: int
    state: str
    source_branch: str
    target_branch: str
    web_url: str
    sha: str | None = None
    merge_commit_sha: str | None = None
    squash_commit_sha: str | None = None
    merged_at: datetime | None = None


def merge_request_of(project: Project, commit_sha: str) -> MergeRequest | None:
    """Find the merge request that brought a commit to the default branch.

    A later merge request whose branch contains the commit is listed too: the one whose result the
    commit is comes first, and then the one that was merged last.

    Source: https://docs.gitlab.com/api/commits/

    Args:
        project: on GitLab.
        commit_sha: all forty digits.

    Raises:
        PipelineError: GitLab failed, or knows no such commit.
    """
    with project.doing(f"find the merge request of commit {commit_sha}"):
        commit = project.api.commits.get(commit_sha, lazy=True)
        found = rows(MergeRequest, commit.merge_requests(iterator=True, per_page=100))
    merged = [
        each
        for each in found
        if each.state == "merged" and each.target_branch == project.settings.default_branch
    ]
    return max(merged, key=lambda each: _rank(each, commit_sha), default=None)


def _rank(merge_request: MergeRequest, commit_sha: str) -> tuple[bool, float, int]:
    at = merge_request.merged_at
    when = at.timestamp() if at else 0.0
    return commit_sha in _results(merge_request), when, merge_request.iid


def _results(merge_request: MergeRequest) -> tuple[str | None, ...]:
    """The commits with which a merge may have moved its target branch."""
    return (
        merge_request.merge_commit_sha,
        merge_request.squash_commit_sha,
        merge_request.sha,
    )


def reviewed_note(
    project: Project, iid: int, *, marker: str, author: int | None = None
) -> str | None:
    """Read our own note on a merge request; ``None`` where there is none.

    Args:
        project: on GitLab.
        iid: the merge request's number in the project.
        marker: the kind of note.
        author: id of the user whose notes are ours; the token's own user by default.

    Raises:
        PipelineError: GitLab failed.
    """
    found = note.find(project, iid, marker=marker, author=author)
    return found.body if found else None

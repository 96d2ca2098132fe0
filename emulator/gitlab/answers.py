"""How GitLab's answers look: objects, errors and pages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

import msgspec
from werkzeug.wrappers import Request, Response

from emulator.gitlab.state import Job, MergeRequest, Note, Pipeline, Project, State

_MOST_PER_PAGE = 100
_PER_PAGE = 20


class ApiError(Exception):
    """An answer that is an error.

    Attributes:
        status: of HTTP.
        body: such as `{"message": "404 Not found"}`.
    """

    def __init__(self, status: int, message: Any = None, **body: Any) -> None:
        """Args: status: of HTTP; message: GitLab's words; body: instead of a message."""
        super().__init__(message)
        self.status = status
        self.body = body or {"message": message}


def encoded(body: Any, status: int = 200) -> Response:
    """An answer in JSON."""
    return Response(msgspec.json.encode(body), status, content_type="application/json")


def paged(request: Request, rows: Sequence[dict[str, Any]]) -> Response:
    """One page of a list, with GitLab's headers for offset-based pagination."""
    per_page = min(max(_number(request, "per_page", _PER_PAGE), 1), _MOST_PER_PAGE)
    page = max(_number(request, "page", 1), 1)
    pages = max(-(-len(rows) // per_page), 1)
    answer = encoded(rows[(page - 1) * per_page : page * per_page])
    near = {"prev": page - 1 if page > 1 else None, "next": page + 1 if page < pages else None}
    targets = {**near, "first": 1, "last": pages}
    answer.headers["Link"] = ", ".join(
        f'<{_address(request, number, per_page)}>; rel="{name}"'
        for name, number in targets.items()
        if number is not None
    )
    answer.headers["X-Next-Page"] = str(near["next"] or "")
    answer.headers["X-Page"] = str(page)
    answer.headers["X-Per-Page"] = str(per_page)
    answer.headers["X-Prev-Page"] = str(near["prev"] or "")
    answer.headers["X-Total"] = str(len(rows))
    answer.headers["X-Total-Pages"] = str(pages)
    return answer


def _number(request: Request, name: str, default: int) -> int:
    try:
        return int(request.args.get(name, default))
    except ValueError:
        raise ApiError(400, error=f"{name} is invalid") from None


def _address(request: Request, page: int, per_page: int) -> str:
    query = {**request.args.to_dict(), "page": page, "per_page": per_page}
    # As it was asked: an encoded slash stays one.
    path = request.environ["REQUEST_URI"].partition("?")[0]
    return f"{request.host_url.rstrip('/')}{path}?{urlencode(query)}"


def user(state: State, user_id: int, host: str) -> dict[str, Any]:
    """A user as others see them."""
    found = next((each for each in state.users if each.id == user_id), None)
    username = found.username if found else "ghost"
    return {
        "id": user_id,
        "username": username,
        "name": (found.name if found else "") or username,
        "state": "active",
        "avatar_url": None,
        "web_url": f"{host}{username}",
    }


def note(
    state: State, project: Project, merge_request: MergeRequest, it: Note, host: str
) -> dict[str, Any]:
    """A note of a merge request."""
    return {
        "id": it.id,
        "type": "DiscussionNote" if it.resolvable else None,
        "body": it.body,
        "attachment": None,
        "author": user(state, it.author_id, host),
        "created_at": it.created_at,
        "updated_at": it.updated_at,
        "system": it.system,
        "noteable_id": project.id * 1000 + merge_request.iid,
        "noteable_type": "MergeRequest",
        "project_id": project.id,
        "noteable_iid": merge_request.iid,
        "resolvable": it.resolvable,
        **({"resolved": it.resolved} if it.resolvable else {}),
        "confidential": False,
        "internal": False,
    }


def merge_request(state: State, project: Project, it: MergeRequest, host: str) -> dict[str, Any]:
    """A merge request, without what only its page shows."""
    return {
        "id": project.id * 1000 + it.iid,
        "iid": it.iid,
        "project_id": project.id,
        "title": it.title,
        "state": it.state,
        "source_branch": it.source_branch,
        "target_branch": it.target_branch,
        "author": user(state, it.author_id, host),
        "sha": it.sha,
        "merge_commit_sha": it.merge_commit_sha,
        "squash_commit_sha": it.squash_commit_sha,
        "merged_at": it.merged_at,
        "web_url": f"{host}{project.path}/-/merge_requests/{it.iid}",
    }


def job(project: Project, pipeline_: Pipeline, it: Job, host: str) -> dict[str, Any]:
    """A run of a job."""
    return {
        "id": it.id,
        "name": it.name,
        "stage": it.stage,
        "status": it.status,
        "allow_failure": it.allow_failure,
        **({"failure_reason": it.failure_reason} if it.status == "failed" else {}),
        "started_at": it.started_at,
        "ref": pipeline_.ref,
        "tag": False,
        "pipeline": {"id": pipeline_.id, "project_id": project.id, "ref": pipeline_.ref},
        "web_url": f"{host}{project.path}/-/jobs/{it.id}",
    }


def pipeline(project: Project, it: Pipeline, host: str) -> dict[str, Any]:
    """A pipeline."""
    return {
        "id": it.id,
        "project_id": project.id,
        "ref": it.ref,
        "sha": it.sha,
        "status": it.status,
        "source": it.source,
        "tag": False,
        "web_url": f"{host}{project.path}/-/pipelines/{it.id}",
    }

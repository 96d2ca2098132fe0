"""GitLab's REST API, as far as our pipeline uses it: routes, and what they do."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar
from urllib.parse import unquote

from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Request, Response

from emulator.gitlab import answers
from emulator.gitlab.access import authenticate
from emulator.gitlab.answers import ApiError, encoded, paged
from emulator.gitlab.state import Job, MergeRequest, Note, Project, State, Token, now

Row = TypeVar("Row")

_LONGEST_NOTE = 1_000_000  # characters
_PROJECT = "/api/v4/projects/<project>"
_MERGE_REQUEST = f"{_PROJECT}/merge_requests/<int:iid>"

ROUTES = Map(
    [
        Rule("/api/v4/user", endpoint="user", methods=["GET"]),
        Rule(f"{_PROJECT}/merge_requests", endpoint="merge_requests", methods=["GET"]),
        Rule(_MERGE_REQUEST, endpoint="merge_request", methods=["GET"]),
        Rule(f"{_MERGE_REQUEST}/notes", endpoint="notes", methods=["GET", "POST"]),
        Rule(
            f"{_MERGE_REQUEST}/notes/<int:note_id>",
            endpoint="note",
            methods=["GET", "PUT", "DELETE"],
        ),
        Rule(
            f"{_PROJECT}/repository/commits/<sha>/merge_requests",
            endpoint="commit_merge_requests",
            methods=["GET"],
        ),
        Rule(f"{_PROJECT}/pipelines", endpoint="pipelines", methods=["GET"]),
        Rule(f"{_PROJECT}/pipelines/<int:pipeline_id>/jobs", endpoint="jobs", methods=["GET"]),
        Rule(f"{_PROJECT}/jobs/<int:job_id>/trace", endpoint="trace", methods=["GET"]),
        Rule(
            f"{_PROJECT}/jobs/<int:job_id>/artifacts/<path:path>",
            endpoint="artifact",
            methods=["GET"],
        ),
    ]
)


def answer(request: Request, state: State) -> Response:
    """Do what a request asks.

    Args:
        request: below `/api/v4`.
        state: is changed.
    """
    # The path as it was sent: in a decoded one, a project's path would be several parts.
    path = request.environ["REQUEST_URI"].partition("?")[0]
    try:
        name, parts = ROUTES.bind(request.host).match(path, request.method)
        token = authenticate(request, state, name)
        return _HANDLERS[name](_Call(request, state, token, parts))
    except ApiError as problem:
        return encoded(problem.body, problem.status)
    except HTTPException as error:
        return encoded({"error": f"{error.code} {error.name}"}, error.code or 500)


class _Call:
    """One request, with what its path names."""

    def __init__(
        self, request: Request, state: State, token: Token, parts: Mapping[str, Any]
    ) -> None:
        self.request = request
        self.state = state
        self.token = token
        self.parts = {
            name: unquote(part) if isinstance(part, str) else part for name, part in parts.items()
        }
        self.host = request.host_url

    @property
    def project(self) -> Project:
        wanted = self.parts["project"]
        return _one(
            self.state.projects,
            lambda each: wanted in (str(each.id), each.path),
            "404 Project Not Found",
        )

    @property
    def merge_request(self) -> MergeRequest:
        return _one(
            self.project.merge_requests,
            lambda each: each.iid == self.parts["iid"],
            "404 Not found",
        )

    @property
    def note(self) -> Note:
        return _one(
            self.merge_request.notes,
            lambda each: each.id == self.parts["note_id"],
            "404 Not found",
        )

    @property
    def job(self) -> Job:
        return _one(
            (job for pipeline in self.project.pipelines for job in pipeline.jobs),
            lambda each: each.id == self.parts["job_id"],
            "404 Not found",
        )

    @property
    def data(self) -> dict[str, Any]:
        """Parameters of a write: its JSON, or its form or query."""
        sent = self.request.get_json(silent=True)
        return sent if isinstance(sent, dict) else self.request.values.to_dict()

    def next_id(self) -> int:
        self.state.next_id += 1
        return self.state.next_id

    def show(self, note: Note) -> dict[str, Any]:
        return answers.note(self.state, self.project, self.merge_request, note, self.host)


def _one(rows: Iterable[Row], wanted: Callable[[Row], bool], otherwise: str) -> Row:
    found = next((row for row in rows if wanted(row)), None)
    if found is None:
        raise ApiError(404, otherwise)
    return found


def _user(call: _Call) -> Response:
    return encoded(answers.user(call.state, call.token.user_id, call.host))


def _merge_requests(call: _Call) -> Response:
    found = reversed(call.project.merge_requests)
    return _page_of(call, _fitting(call, found, "state", "source_branch", "target_branch"))


def _fitting(call: _Call, found: Iterable[Row], *names: str) -> list[Row]:
    """Those with the values that the question names."""
    asked = call.request.args
    wanted = {name: asked[name] for name in names if asked.get(name, "all") != "all"}
    return [
        each
        for each in found
        if all(getattr(each, name) == value for name, value in wanted.items())
    ]


def _page_of(call: _Call, found: list[MergeRequest]) -> Response:
    shown = [answers.merge_request(call.state, call.project, it, call.host) for it in found]
    return paged(call.request, shown)


def _merge_request(call: _Call) -> Response:
    shown = answers.merge_request(call.state, call.project, call.merge_request, call.host)
    return encoded(shown)


def _notes(call: _Call) -> Response:
    if call.request.method == "POST":
        return _create_note(call)
    order, descending = _order(call, "created_at", "updated_at")
    found = sorted(
        call.merge_request.notes,
        key=lambda each: (getattr(each, order), each.id),
        reverse=descending,
    )
    return paged(call.request, [call.show(each) for each in found])


def _order(call: _Call, default: str, *others: str) -> tuple[str, bool]:
    """How to sort: by what, and whether the highest comes first."""
    order = call.request.args.get("order_by", default)
    sort = call.request.args.get("sort", "desc")
    if order not in (default, *others):
        raise ApiError(400, error="order_by does not have a valid value")
    if sort not in ("asc", "desc"):
        raise ApiError(400, error="sort does not have a valid value")
    return order, sort == "desc"


def _create_note(call: _Call) -> Response:
    body = _body(call)
    at = now()
    made = Note(
        id=call.next_id(),
        body=body,
        author_id=call.token.user_id,
        created_at=at,
        updated_at=at,
    )
    call.merge_request.notes.append(made)
    return encoded(call.show(made), 201)


def _body(call: _Call) -> str:
    body = call.data.get("body")
    if not isinstance(body, str):
        raise ApiError(400, error="body is missing")
    if len(body) > _LONGEST_NOTE:
        said = f'{{:note=>["is too long (maximum is {_LONGEST_NOTE} characters)"]}}'
        raise ApiError(400, f"400 Bad request - Note {said}")
    return body


def _note(call: _Call) -> Response:
    note = call.note
    if call.request.method == "GET":
        return encoded(call.show(note))
    if note.author_id != call.token.user_id or note.system:
        raise ApiError(403, "403 Forbidden")
    if call.request.method == "DELETE":
        call.merge_request.notes.remove(note)
        return Response(status=204)
    note.body = _body(call)
    note.updated_at = now()
    return encoded(call.show(note))


def _commit_merge_requests(call: _Call) -> Response:
    project, sha = call.project, call.parts["sha"]
    found = [
        each
        for each in reversed(project.merge_requests)
        if sha in (each.sha, each.merge_commit_sha, each.squash_commit_sha, *each.commits)
    ]
    if not found and sha not in (*project.commits, *project.branches.values()):
        raise ApiError(404, "404 Commit Not Found")
    return _page_of(call, found)


def _jobs(call: _Call) -> Response:
    pipeline = _one(
        call.project.pipelines,
        lambda each: each.id == call.parts["pipeline_id"],
        "404 Not found",
    )
    retried = call.request.args.get("include_retried") == "true"
    found = sorted(pipeline.jobs, key=lambda each: -each.id)
    shown = [
        answers.job(call.project, pipeline, each, call.host)
        for each in found
        if retried or not each.retried
    ]
    return paged(call.request, shown)


def _pipelines(call: _Call) -> Response:
    _, descending = _order(call, "id")
    found = _fitting(call, call.project.pipelines, "ref", "source")
    found.sort(key=lambda each: each.id, reverse=descending)
    return paged(call.request, [answers.pipeline(call.project, each, call.host) for each in found])


def _trace(call: _Call) -> Response:
    """The log of a run, whose every line may begin with what the runner adds."""
    trace = call.job.trace
    if trace is None:
        raise ApiError(404, "404 Not found")
    return Response(trace, content_type="text/plain")


def _artifact(call: _Call) -> Response:
    artifacts, path = call.job.artifacts, call.parts["path"]
    if path not in artifacts:
        raise ApiError(404, "404 Not Found")
    return Response(artifacts[path], content_type="text/plain")


_HANDLERS: dict[str, Callable[[_Call], Response]] = {
    "user": _user,
    "merge_requests": _merge_requests,
    "merge_request": _merge_request,
    "notes": _notes,
    "note": _note,
    "commit_merge_requests": _commit_merge_requests,
    "jobs": _jobs,
    "pipelines": _pipelines,
    "trace": _trace,
    "artifact": _artifact,
}

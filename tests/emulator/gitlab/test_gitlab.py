"""The stand-in for GitLab: its wire format, its refusals, its faults."""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from emulator.gitlab.faults import Fault
from emulator.gitlab.server import GitLab, serving
from emulator.gitlab.state import (
    Job,
    MergeRequest,
    Note,
    Pipeline,
    Project,
    State,
    Store,
    Token,
    User,
    decode,
    encode,
)

BOT, PERSON = 7, 8
SHA = "c" * 40
NOTES = "projects/42/merge_requests/3/notes"


def _state() -> State:
    return State(
        users=[User(id=BOT, username="bot"), User(id=PERSON, username="mai")],
        tokens=[
            Token(value="good", user_id=BOT),
            Token(value="old", user_id=BOT, expired=True),
            Token(value="reader", user_id=BOT, scopes=["read_api"]),
            Token(value="nothing", user_id=BOT, scopes=["read_registry"]),
            Token(value="job", user_id=PERSON, kind="job"),
        ],
        projects=[
            Project(
                id=42,
                path="group/infra",
                branches={"main": SHA},
                merge_requests=[
                    MergeRequest(
                        iid=3,
                        sha=SHA,
                        notes=[
                            Note(
                                id=at,
                                body=f"remark {at}",
                                author_id=PERSON,
                                created_at=f"2026-01-01T00:00:{at:02}.000Z",
                                # The other way round.
                                updated_at=f"2026-01-02T00:00:{59 - at:02}.000Z",
                            )
                            for at in range(1, 46)
                        ],
                    ),
                    MergeRequest(iid=4, state="merged"),
                ],
                pipelines=[
                    Pipeline(
                        id=12,
                        status="success",
                        jobs=[
                            Job(id=1, name="plan", retried=True, trace=""),
                            Job(
                                id=2,
                                name="plan",
                                trace="$ make\n",
                                artifacts={"a/report.json": "{}"},
                            ),
                        ],
                    ),
                    Pipeline(id=14, ref="feature/x"),
                    Pipeline(
                        id=13, status="failed", source="schedule", jobs=[Job(id=3, name="plan")]
                    ),
                ],
            )
        ],
    )


class Client:
    def __init__(self, url: str) -> None:
        self.url = url

    def __call__(
        self,
        method: str,
        path: str,
        *,
        token: str | None = None,
        header: str = "PRIVATE-TOKEN",
        **kw: Any,
    ) -> requests.Response:
        value = token or "good"
        headers = {header: f"Bearer {value}" if header == "Authorization" else value}
        url = f"{self.url}/api/v4/{path}"
        return requests.request(method, url, headers=headers, timeout=5, **kw)


@pytest.fixture
def served() -> Iterator[tuple[Client, GitLab]]:
    with serving(_state()) as (url, gitlab):
        yield Client(url), gitlab


@pytest.fixture
def ask(served: tuple[Client, GitLab]) -> Client:
    return served[0]


def _ids(answer: requests.Response) -> list[int]:
    return [row["id"] for row in answer.json()]


def test_notes_come_twenty_at_a_time_the_newest_first(ask: Client) -> None:
    answer = ask("GET", NOTES)

    assert _ids(answer) == list(range(45, 25, -1))
    headers = {name: value for name, value in answer.headers.items() if name.startswith("X-")}
    assert headers == {
        "X-Next-Page": "2",
        "X-Page": "1",
        "X-Per-Page": "20",
        "X-Prev-Page": "",
        "X-Total": "45",
        "X-Total-Pages": "3",
    }
    assert sorted(answer.links) == ["first", "last", "next"]


def test_a_page_links_to_its_neighbours_with_the_same_question(ask: Client) -> None:
    question = "projects/group%2Finfra/merge_requests/3/notes?sort=asc&per_page=10&page=2"
    answer = ask("GET", question)

    assert _ids(answer) == list(range(11, 21))
    base = f"{ask.url}/api/v4/projects/group%2Finfra/merge_requests/3/notes?sort=asc&per_page=10"
    assert {name: link["url"] for name, link in answer.links.items()} == {
        "prev": f"{base}&page=1",
        "next": f"{base}&page=3",
        "first": f"{base}&page=1",
        "last": f"{base}&page=5",
    }


def test_the_last_page_links_to_none_after_it(ask: Client) -> None:
    answer = ask("GET", f"{NOTES}?page=3")

    assert len(answer.json()) == 5
    assert "next" not in answer.links


def test_a_page_holds_a_hundred_at_most(ask: Client) -> None:
    assert ask("GET", f"{NOTES}?per_page=1000").headers["X-Per-Page"] == "100"


def test_notes_can_be_ordered_by_their_last_change(ask: Client) -> None:
    assert _ids(ask("GET", f"{NOTES}?order_by=updated_at&per_page=2")) == [1, 2]


@pytest.mark.parametrize("query", ["sort=up", "order_by=body", "page=x"])
def test_a_question_that_gitlab_does_not_know_is_refused(ask: Client, query: str) -> None:
    assert ask("GET", f"{NOTES}?{query}").status_code == 400


def test_a_note_is_created_read_changed_and_deleted(ask: Client) -> None:
    made = ask("POST", NOTES, json={"body": "hello"})
    one = f"{NOTES}/{made.json()['id']}"

    assert made.status_code == 201
    assert made.json()["author"]["id"] == BOT
    assert made.json()["system"] is False
    changed = ask("PUT", one, json={"body": "bye"})
    assert (changed.status_code, changed.json()["body"]) == (200, "bye")
    assert ask("GET", one).json()["created_at"] == made.json()["created_at"]
    gone = ask("DELETE", one)
    assert (gone.status_code, gone.content) == (204, b"")
    missing = ask("GET", one)
    assert (missing.status_code, missing.json()) == (404, {"message": "404 Not found"})


def test_a_note_is_a_million_characters_at_most(ask: Client) -> None:
    assert ask("POST", NOTES, json={"body": "\u00e9" * 1_000_000}).status_code == 201

    refused = ask("POST", NOTES, json={"body": "x" * 1_000_001})

    assert refused.status_code == 400
    assert refused.json()["message"].startswith("400 Bad request - Note ")
    assert "is too long (maximum is 1000000 characters)" in refused.json()["message"]


def test_a_note_needs_a_text(ask: Client) -> None:
    answer = ask("POST", NOTES, json={})

    assert (answer.status_code, answer.json()) == (400, {"error": "body is missing"})


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_a_persons_note_cannot_be_changed(ask: Client, method: str) -> None:
    answer = ask(method, f"{NOTES}/5", json={"body": "mine"})

    assert (answer.status_code, answer.json()) == (403, {"message": "403 Forbidden"})


@pytest.mark.parametrize("header", ["PRIVATE-TOKEN", "Authorization"])
def test_a_token_is_taken_from_either_header(ask: Client, header: str) -> None:
    assert ask("GET", "user", header=header).json()["username"] == "bot"


@pytest.mark.parametrize(
    ("token", "header", "method", "path", "status"),
    [
        pytest.param("wrong", "PRIVATE-TOKEN", "GET", "user", 401, id="unknown"),
        pytest.param("old", "PRIVATE-TOKEN", "GET", "user", 401, id="expired"),
        pytest.param("nothing", "PRIVATE-TOKEN", "GET", "user", 403, id="another scope"),
        pytest.param("reader", "PRIVATE-TOKEN", "GET", NOTES, 200, id="a reader reads"),
        pytest.param("reader", "PRIVATE-TOKEN", "POST", NOTES, 403, id="a reader writes"),
        pytest.param("job", "JOB-TOKEN", "GET", NOTES, 200, id="a job reads notes"),
        pytest.param("job", "JOB-TOKEN", "POST", NOTES, 401, id="a job writes a note"),
        pytest.param("job", "JOB-TOKEN", "GET", "user", 401, id="a job asks who it is"),
        pytest.param(
            "job", "JOB-TOKEN", "GET", "projects/42/pipelines/12/jobs", 401, id="a job lists jobs"
        ),
        pytest.param(
            "job", "JOB-TOKEN", "GET", "projects/42/pipelines", 401, id="a job lists pipelines"
        ),
        pytest.param(
            "job", "JOB-TOKEN", "GET", "projects/42/jobs/2/trace", 401, id="a job reads a log"
        ),
        pytest.param(
            "job",
            "JOB-TOKEN",
            "GET",
            "projects/42/jobs/2/artifacts/a/report.json",
            200,
            id="a job reads an artifact",
        ),
        pytest.param("job", "PRIVATE-TOKEN", "GET", NOTES, 401, id="a job's token as another"),
        pytest.param("good", "JOB-TOKEN", "GET", NOTES, 401, id="another as a job's token"),
    ],
)
def test_a_token_does_what_it_may(
    ask: Client, token: str, header: str, method: str, path: str, status: int
) -> None:
    answer = ask(method, path, token=token, header=header, json={"body": "x"})

    assert answer.status_code == status


def test_an_expired_token_is_told_so(ask: Client) -> None:
    assert ask("GET", "user", token="old").json() == {
        "error": "invalid_token",
        "error_description": (
            "Token is expired. You can either do re-authorization or token refresh."
        ),
    }


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("projects/99/merge_requests", {"message": "404 Project Not Found"}),
        ("projects/group/infra/merge_requests", {"error": "404 Not Found"}),
        ("projects/42/merge_requests/99", {"message": "404 Not found"}),
        ("projects/42/merge_requests/99/notes", {"message": "404 Not found"}),
        ("projects/42/pipelines/99/jobs", {"message": "404 Not found"}),
        (
            f"projects/42/repository/commits/{'9' * 40}/merge_requests",
            {"message": "404 Commit Not Found"},
        ),
        ("projects/42/jobs/2/artifacts/x", {"message": "404 Not Found"}),
        ("projects/42/jobs/9/artifacts/x", {"message": "404 Not found"}),
        ("projects/42/jobs/3/trace", {"message": "404 Not found"}),
        ("projects/42/jobs/9/trace", {"message": "404 Not found"}),
        ("projects/42/issues", {"error": "404 Not Found"}),
    ],
    ids=[
        "project",
        "path as it is",
        "mr",
        "its notes",
        "pipeline",
        "commit",
        "artifact",
        "artifact of no job",
        "log",
        "log of no job",
        "route",
    ],
)
def test_what_is_not_there_is_404(ask: Client, path: str, body: dict[str, str]) -> None:
    answer = ask("GET", path)

    assert (answer.status_code, answer.json()) == (404, body)


def test_a_project_goes_by_its_encoded_path_too(ask: Client) -> None:
    assert ask("GET", "projects/group%2Finfra/merge_requests/3").json()["iid"] == 3


def test_merge_requests_are_listed_and_filtered(ask: Client) -> None:
    listed = ask("GET", "projects/42/merge_requests").json()
    merged = ask("GET", "projects/42/merge_requests?state=merged").json()

    assert [row["iid"] for row in listed] == [4, 3]
    assert [row["iid"] for row in merged] == [4]


def test_a_commit_finds_its_merge_requests(ask: Client) -> None:
    found = ask("GET", f"projects/42/repository/commits/{SHA}/merge_requests").json()

    assert [row["iid"] for row in found] == [3]


def test_retried_jobs_are_listed_when_asked_for(ask: Client) -> None:
    path = "projects/42/pipelines/12/jobs"

    assert _ids(ask("GET", path)) == [2]
    assert _ids(ask("GET", f"{path}?include_retried=true")) == [2, 1]


def test_pipelines_are_listed_the_newest_first(ask: Client) -> None:
    path = "projects/42/pipelines"

    assert _ids(ask("GET", path)) == [14, 13, 12]
    assert _ids(ask("GET", f"{path}?order_by=id&sort=asc")) == [12, 13, 14]
    assert _ids(ask("GET", f"{path}?ref=main")) == [13, 12]
    assert _ids(ask("GET", f"{path}?ref=feature%2Fx")) == [14]
    assert _ids(ask("GET", f"{path}?source=schedule")) == [13]
    assert _ids(ask("GET", f"{path}?ref=gone")) == []


def test_pipelines_come_in_pages(ask: Client) -> None:
    answer = ask("GET", "projects/42/pipelines?ref=main&per_page=1")

    assert _ids(answer) == [13]
    assert answer.headers["X-Total"] == "2"
    next_page = answer.links["next"]["url"].removeprefix(f"{ask.url}/api/v4/")
    assert _ids(ask("GET", next_page)) == [12]


@pytest.mark.parametrize("query", ["sort=up", "order_by=created_at"])
def test_pipelines_in_an_unknown_order_are_refused(ask: Client, query: str) -> None:
    assert ask("GET", f"projects/42/pipelines?{query}").status_code == 400


def test_an_artifact_is_read_by_the_number_of_its_job(ask: Client) -> None:
    answer = ask("GET", "projects/42/jobs/2/artifacts/a/report.json")

    assert (answer.status_code, answer.content) == (200, b"{}")


def test_a_log_is_plain_text(ask: Client) -> None:
    answer = ask("GET", "projects/42/jobs/2/trace")

    assert (answer.status_code, answer.text) == (200, "$ make\n")
    assert answer.headers["Content-Type"] == "text/plain"


def test_the_log_of_an_erased_job_is_empty(ask: Client) -> None:
    answer = ask("GET", "projects/42/jobs/1/trace")

    assert (answer.status_code, answer.content) == (200, b"")


def test_a_fault_is_committed_on_the_request_that_fits_and_once(
    served: tuple[Client, GitLab],
) -> None:
    ask, _ = served
    faults: Any = [
        {"method": "POST", "path": "/notes", "status": 503, "headers": {"Retry-After": "9"}}
    ]
    url = f"{ask.url}/_control/faults"
    assert requests.post(url, json=faults, timeout=5).status_code == 204

    assert ask("GET", NOTES).status_code == 200
    hit = ask("POST", NOTES, json={"body": "x"})
    assert (hit.status_code, hit.headers["Retry-After"]) == (503, "9")
    assert ask("POST", NOTES, json={"body": "x"}).status_code == 201


@pytest.mark.parametrize(("connection", "kept"), [("drop", 0), ("lost", 1)])
def test_a_connection_breaks_before_or_after_the_request_is_handled(
    served: tuple[Client, GitLab], connection: str, kept: int
) -> None:
    ask, gitlab = served
    gitlab.faults.order(Fault(method="POST", connection=connection))  # type: ignore[arg-type]

    with pytest.raises(requests.ConnectionError):
        ask("POST", NOTES, json={"body": "x"})

    with gitlab.store.use() as state:
        assert len(state.projects[0].merge_requests[0].notes) == 45 + kept


def test_faults_that_were_ordered_can_be_forgotten(served: tuple[Client, GitLab]) -> None:
    ask, gitlab = served
    gitlab.faults.order(Fault(status=500, times=3))

    requests.delete(f"{ask.url}/_control/faults", timeout=5)

    assert ask("GET", "user").status_code == 200


def test_the_state_is_read_and_replaced_as_json(ask: Client) -> None:
    url = f"{ask.url}/_control/state"
    state = requests.get(url, timeout=5).json()
    assert state["projects"][0]["path"] == "group/infra"
    state["projects"][0]["path"] = "group/other"

    assert requests.put(url, json=state, timeout=5).status_code == 204
    assert ask("GET", "projects/group%2Fother/merge_requests").status_code == 200
    assert requests.get(f"{ask.url}/_control/requests", timeout=5).json() == [
        "GET /api/v4/projects/group%2Fother/merge_requests"
    ]


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("PUT", "state", "{", 400),
        ("PUT", "state", '{"project": []}', 400),
        ("POST", "faults", '[{"connection": "melt"}]', 400),
        ("GET", "else", "", 404),
    ],
    ids=["no JSON", "unknown field", "unknown fault", "unknown path"],
)
def test_an_order_that_is_none_is_refused(
    ask: Client, method: str, path: str, body: str, status: int
) -> None:
    url = f"{ask.url}/_control/{path}"
    assert requests.request(method, url, data=body, timeout=5).status_code == status


def test_the_state_is_kept_in_its_file(tmp_path: Path) -> None:
    file = tmp_path / "gitlab.json"
    with Store(_state(), file).use() as state:
        state.projects[0].merge_requests[0].notes[0].body = "kept"

    with Store(file=file).use() as state:
        assert state.projects[0].merge_requests[0].notes[0].body == "kept"
    assert decode(encode(state)) == state


def test_the_command_prints_its_url_and_keeps_what_happened(tmp_path: Path) -> None:
    file = tmp_path / "gitlab.json"
    file.write_bytes(encode(_state()))
    command = [sys.executable, "-m", "emulator.gitlab", "--state", str(file)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        try:
            made = Client(url)("POST", NOTES, json={"body": "hello"})
            assert made.status_code == 201
        finally:
            process.terminate()
        assert process.wait(timeout=10) == 0

    kept = json.loads(file.read_text())["projects"][0]["merge_requests"][0]["notes"]
    assert kept[-1]["body"] == "hello"


def test_the_command_names_a_file_that_is_none(tmp_path: Path) -> None:
    file = tmp_path / "gitlab.json"
    file.write_text("{")
    command = [sys.executable, "-m", "emulator.gitlab", "--state", str(file)]

    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=30)

    assert done.returncode == 1
    assert done.stderr.startswith(f"emulator.gitlab: {file}: ")
    assert done.stderr.count("\n") == 1


def test_a_browser_without_a_token_sees_nothing(ask: Client) -> None:
    request = urllib.request.Request(f"{ask.url}/api/v4/user")  # noqa: S310 - it is ours
    with pytest.raises(urllib.error.HTTPError, match="401"):
        urllib.request.urlopen(request, timeout=5)  # noqa: S310 - it is ours

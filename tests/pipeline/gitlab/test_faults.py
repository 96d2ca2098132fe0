"""Each fault ends in time, with a status of its own and one line."""

from __future__ import annotations

import dataclasses
import socket
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from emulator.gitlab.faults import Fault
from emulator.gitlab.state import Job, Pipeline
from pipeline.errors import PipelineError, Status
from pipeline.gitlab import client
from pipeline.gitlab.jobs import artifact, failed_jobs
from pipeline.gitlab.note import publish
from tests.pipeline.gitlab import world
from tests.pipeline.gitlab.conftest import Server
from tests.pipeline.gitlab.world import BOT, IID, JOB, LIMITS, READER, TOKEN, body, connect, notes

HTML = "<!DOCTYPE html><title>Sign in</title>"
QUICK = dataclasses.replace(LIMITS, read=0.2, total=1.0)
PATIENT_SECONDS = 8.0
"""What waiting looks like: far from what any machine takes that does not wait."""


def _publish(project: client.Project) -> PipelineError:
    with pytest.raises(PipelineError) as caught:
        publish(project, IID, body(17), marker="plan", pipeline_id=17)
    line = str(caught.value)
    assert "\n" not in line
    assert TOKEN not in line
    assert project.settings.url in line
    return caught.value


FAULTS = [
    pytest.param(
        401, '{"message":"401 Unauthorized"}', Status.GITLAB_DENIED, "GITLAB_TOKEN", id="401"
    ),
    pytest.param(403, '{"message":"403 Forbidden"}', Status.GITLAB_DENIED, "scope 'api'", id="403"),
    pytest.param(
        404, '{"message":"404 Project Not Found"}', Status.GITLAB_MISSING, "CI_PROJECT_ID", id="404"
    ),
    pytest.param(409, '{"message":"409 Conflict"}', Status.GITLAB_CONFLICT, "again", id="409"),
    pytest.param(412, '{"message":"412 Precondition"}', Status.GITLAB_CONFLICT, "again", id="412"),
    pytest.param(429, "Retry later", Status.GITLAB_BUSY, "later", id="429"),
    pytest.param(500, '{"message":"500 Internal"}', Status.GITLAB_FAILED, "later", id="500"),
    pytest.param(503, HTML, Status.GITLAB_FAILED, "503 Service Unavailable", id="503 in HTML"),
    pytest.param(400, '{"message":{"a":["b"]}}', Status.GITLAB_FAILED, "refused", id="400"),
    pytest.param(200, "{", Status.GITLAB_FAILED, "no answer of GitLab's API", id="half a JSON"),
    pytest.param(200, "[]", Status.GITLAB_FAILED, "no answer of GitLab's API", id="a wrong JSON"),
    pytest.param(200, '{"id":"x"}', Status.GITLAB_FAILED, "Expected `int`", id="a wrong type"),
    pytest.param(599, "", Status.GITLAB_FAILED, "599 unknown status", id="599"),
]


@pytest.mark.parametrize(("code", "text", "status", "mending"), FAULTS)
@pytest.mark.parametrize("where", ["/user", "/notes"])
def test_an_answer_that_is_an_error_has_its_status(
    server: Server, code: int, text: str, status: Status, mending: str, where: str
) -> None:
    server.order(Fault(path=where, status=code, body=text, times=9))

    error = _publish(server.project())

    assert error.status is status
    if not (where == "/notes" and code == 200):
        assert mending in str(error)
    assert notes(server.gitlab) == []


@pytest.mark.parametrize("code", [401, 403, 409, 400])
def test_a_fault_that_will_not_pass_is_not_tried_again(server: Server, code: int) -> None:
    server.order(Fault(method="POST", status=code))

    _publish(server.project())

    assert server.methods == "GET GET POST"


def test_a_wrong_token_is_one_whole_line(server: Server) -> None:
    error = _publish(connect(server.url, token="glpat-wrong"))

    assert str(error) == (
        f"cannot ask whose the token is at {server.url}: 401 Unauthorized; the token expired, was "
        "revoked or is wrong; rotate it, or make a new one with scope 'api' and store it in "
        "the variable GITLAB_TOKEN (CI_JOB_TOKEN cannot write)"
    )
    assert error.status is Status.GITLAB_DENIED


def test_a_token_that_may_only_read_is_refused_when_it_writes(server: Server) -> None:
    error = _publish(connect(server.url, token=READER))

    assert "403 insufficient_scope" in str(error)
    assert error.status is Status.GITLAB_DENIED


def test_the_jobs_own_token_is_refused(server: Server) -> None:
    assert _publish(connect(server.url, token=JOB)).status is Status.GITLAB_DENIED


def test_a_merge_request_that_does_not_exist_is_missing(server: Server) -> None:
    with pytest.raises(PipelineError, match=r"merge request !99 at .* 404 Not found") as caught:
        publish(server.project(), 99, body(17), marker="plan", pipeline_id=17)
    assert caught.value.status is Status.GITLAB_MISSING


@pytest.mark.parametrize("code", [500, 502, 503, 504, 520])
def test_a_server_that_fails_once_is_asked_again(server: Server, code: int) -> None:
    server.order(Fault(method="GET", status=code))

    publish(server.project(), IID, body(17), marker="plan", pipeline_id=17)

    assert server.methods == "GET GET GET POST GET"


def test_retries_are_few(server: Server) -> None:
    server.order(Fault(status=503, times=99))

    _publish(server.project())

    assert server.methods == "GET GET GET"


def test_a_wait_that_gitlab_asks_for_is_kept(server: Server) -> None:
    server.order(Fault(status=429, headers={"Retry-After": "1"}))
    began = time.monotonic()

    publish(server.project(), IID, body(17), marker="plan", pipeline_id=17)

    assert time.monotonic() - began >= 1


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_wait_that_is_longer_than_we_have_ends_it_at_once(server: Server, method: str) -> None:
    server.order(Fault(method=method, status=429, headers={"Retry-After": "3600"}))
    began = time.monotonic()

    error = _publish(server.project())

    assert error.status is Status.GITLAB_BUSY
    assert "Retry-After: 3600" in str(error)
    assert time.monotonic() - began < LIMITS.total
    assert server.methods.endswith(method)


def test_a_wait_given_as_a_date_is_replaced_by_ours(server: Server) -> None:
    date = "Fri, 31 Dec 2100 23:59:59 GMT"
    server.order(Fault(status=429, headers={"Retry-After": date}))

    publish(server.project(), IID, body(17), marker="plan", pipeline_id=17)


def test_without_such_a_wish_the_pauses_grow(server: Server) -> None:
    server.order(Fault(status=503, times=2))
    limits = dataclasses.replace(LIMITS, backoff=0.1)
    began = time.monotonic()

    assert connect(server.url, limits=limits).user_id() == BOT

    assert time.monotonic() - began >= 0.3


def test_a_server_that_names_itself_otherwise_is_asked_where_we_know_it(server: Server) -> None:
    link = '<http://internal.invalid/api/v4/projects/42/pipelines/1/jobs?page=2>; rel="next"'
    server.order(Fault(status=200, body="[]", headers={"Link": link}), Fault(status=200, body="[]"))
    project = server.project()

    assert failed_jobs(project, 1) == ()
    assert server.gitlab.requests[1].startswith("GET /api/v4/projects/42/pipelines/1/jobs?page=2&")


def test_a_dead_server_ends_in_time() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # and does not listen
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
        error = _publish(connect(url))

    assert error.status is Status.GITLAB_UNREACHABLE
    assert "no connection" in str(error)


def test_a_name_that_nobody_knows_is_named() -> None:
    error = _publish(connect("http://gitlab.invalid"))

    assert error.status is Status.GITLAB_UNREACHABLE
    assert "its name was not found" in str(error)


def test_a_name_that_cannot_be_one_is_named() -> None:
    error = _publish(connect(f"http://{'a' * 64}.example"))

    assert error.status is Status.GITLAB_UNREACHABLE


def test_a_server_that_breaks_every_connection_ends_in_time(server: Server) -> None:
    server.order(Fault(connection="drop", times=99))

    assert _publish(server.project()).status is Status.GITLAB_UNREACHABLE
    assert server.methods == "GET GET GET"


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(Fault(delay=PATIENT_SECONDS, times=99), id="before it answers"),
        pytest.param(Fault(connection="drip", times=99), id="byte by byte"),
    ],
)
def test_a_slow_server_ends_in_time(server: Server, fault: Fault) -> None:
    server.order(fault)
    began = time.monotonic()

    error = _publish(connect(server.url, limits=QUICK))

    assert error.status is Status.GITLAB_UNREACHABLE
    assert "no answer in time" in str(error)
    assert time.monotonic() - began < PATIENT_SECONDS


def test_many_slow_answers_share_one_deadline(server: Server) -> None:
    # Each is quick enough by itself.
    server.order(Fault(delay=0.4, times=99))
    limits = dataclasses.replace(LIMITS, total=1.0)

    error = _publish(connect(server.url, limits=limits))

    assert error.status is Status.GITLAB_UNREACHABLE
    assert len(server.gitlab.requests) <= 3


def test_the_next_operation_has_its_own_time(server: Server) -> None:
    project = connect(server.url, limits=dataclasses.replace(LIMITS, total=0.5))
    server.order(Fault(delay=0.6))
    _publish(project)

    publish(project, IID, body(17), marker="plan", pipeline_id=17)


def test_tls_that_fails_is_named_and_not_tried_again(server: Server) -> None:
    # The stand-in speaks plain HTTP.
    limits = dataclasses.replace(LIMITS, backoff=PATIENT_SECONDS, total=4 * PATIENT_SECONDS)
    began = time.monotonic()
    error = _publish(connect(server.url.replace("http:", "https:"), limits=limits))

    assert time.monotonic() - began < PATIENT_SECONDS
    assert error.status is Status.GITLAB_UNREACHABLE
    assert "TLS failed; check its certificate, and CI_SERVER_TLS_CA_FILE" in str(error)


def test_a_missing_file_of_certificates_is_named(server: Server) -> None:
    settings = dataclasses.replace(world.settings("https://127.0.0.1:1"), ca_file="/nowhere/ca.crt")

    error = _publish(client.connect(settings, limits=LIMITS))

    assert "CI_SERVER_TLS_CA_FILE" in str(error)


def test_an_answer_that_is_too_large_is_refused(server: Server) -> None:
    server.order(Fault(path="/notes", status=200, body=" " * 2_000_001, times=9))

    error = _publish(server.project())

    assert error.status is Status.GITLAB_FAILED
    assert "larger than 2000000 bytes" in str(error)


def test_a_server_that_quotes_the_token_does_not_get_it_into_our_log(server: Server) -> None:
    server.order(Fault(status=403, body=f'{{"message":"no {TOKEN}\\nhere"}}'))

    assert "403 no [MASKED] here;" in str(_publish(server.project()))


def test_long_words_of_a_server_are_cut(server: Server) -> None:
    server.order(Fault(status=403, body='{"message":"' + "x" * 5000 + '"}'))

    assert len(str(_publish(server.project()))) < 500


def test_reading_the_settings_shows_no_token() -> None:
    assert TOKEN not in repr(world.settings("http://x"))


@pytest.fixture
def elsewhere() -> Iterator[tuple[str, list[dict[str, str]]]]:
    """Another host, such as where artifacts are stored; keeps the headers of its requests."""
    seen: list[dict[str, str]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            seen.append(dict(self.headers.items()))
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"stored")

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Handler) as other:
        thread = threading.Thread(target=other.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield f"http://localhost:{other.server_port}/file", seen
        other.shutdown()
        thread.join()


def test_a_redirect_to_another_host_does_not_carry_the_token(
    server: Server, elsewhere: tuple[str, list[dict[str, str]]]
) -> None:
    url, seen = elsewhere
    with server.gitlab.store.use() as state:
        state.projects[0].pipelines.append(Pipeline(id=12, jobs=[Job(id=1, name="plan")]))
    server.order(Fault(path="/artifacts/", status=302, headers={"Location": url}))

    assert artifact(server.project(), "main", "plan", "report.json") == b"stored"
    assert len(seen) == 1
    assert TOKEN not in str(seen)


def test_a_write_that_is_redirected_is_not_taken_for_done(server: Server) -> None:
    elsewhere = {"Location": f"{server.url}/api/v4/user"}
    server.order(Fault(method="POST", status=301, headers=elsewhere, times=99))

    error = _publish(server.project())

    assert "a write was redirected" in str(error)
    assert error.status is Status.GITLAB_FAILED
    assert notes(server.gitlab) == []


def test_a_list_that_is_none_is_named(server: Server) -> None:
    server.order(Fault(path="/jobs", status=200, body="{}"))

    with pytest.raises(PipelineError, match="its answer is no list"):
        failed_jobs(server.project(), 1)

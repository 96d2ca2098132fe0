"""The merge request that brought a commit, and its note."""

from __future__ import annotations

import dataclasses

import pytest

from emulator.gitlab.state import MergeRequest
from pipeline.errors import PipelineError, Status
from pipeline.gitlab import client
from pipeline.gitlab.merge_requests import merge_request_of, reviewed_note
from tests.pipeline.gitlab import world
from tests.pipeline.gitlab.conftest import Server
from tests.pipeline.gitlab.world import BOT, IID, PERSON, add_note, body

SHA = "c" * 40
MORNING, NOON = "2026-01-01T08:00:00.000Z", "2026-01-01T12:00:00.000Z"


def _merged(iid: int, at: str = MORNING, **fields: object) -> MergeRequest:
    return MergeRequest(iid=iid, state="merged", merged_at=at, **fields)  # type: ignore[arg-type]


def _iid(server: Server, *merge_requests: MergeRequest) -> int | None:
    with server.gitlab.store.use() as state:
        state.projects[0].merge_requests[:] = merge_requests
        state.projects[0].commits.append(SHA)
    found = merge_request_of(server.project(), SHA)
    return found.iid if found else None


@pytest.mark.parametrize(
    "field", ["merge_commit_sha", "squash_commit_sha", "sha"], ids=["merged", "squashed", "ff"]
)
def test_a_commit_is_found_however_it_was_merged(server: Server, field: str) -> None:
    assert _iid(server, _merged(5, **{field: SHA})) == 5
    assert server.methods == "GET"


def test_a_commit_in_the_middle_of_a_branch_is_found(server: Server) -> None:
    assert _iid(server, _merged(5, sha="d" * 40, commits=[SHA])) == 5


def test_a_direct_push_belongs_to_none(server: Server) -> None:
    assert _iid(server) is None


@pytest.mark.parametrize("state", ["opened", "closed", "locked"])
def test_what_is_not_merged_does_not_count(server: Server, state: str) -> None:
    assert _iid(server, MergeRequest(iid=5, state=state, sha=SHA)) is None  # type: ignore[arg-type]


def test_what_went_elsewhere_does_not_count(server: Server) -> None:
    assert _iid(server, _merged(5, sha=SHA, target_branch="release")) is None


def test_of_several_the_one_merged_last_counts(server: Server) -> None:
    # An offset: as text, the later one is the lesser.
    later = _merged(4, "2026-01-01T07:30:00.000-08:00", commits=[SHA])
    assert _iid(server, later, _merged(5, NOON, commits=[SHA])) == 4


@pytest.mark.parametrize("field", ["merge_commit_sha", "squash_commit_sha", "sha"])
def test_the_one_whose_result_it_is_comes_before_a_later_one_that_contains_it(
    server: Server, field: str
) -> None:
    stacked = _merged(6, NOON, sha="e" * 40, commits=[SHA])
    assert _iid(server, _merged(5, MORNING, **{field: SHA}), stacked) == 5


def test_a_commit_that_nobody_knows_is_missing(server: Server) -> None:
    with pytest.raises(PipelineError, match="404 Commit Not Found") as caught:
        merge_request_of(server.project(), "f" * 40)
    assert caught.value.status is Status.GITLAB_MISSING


def test_a_projects_path_does_for_its_number(server: Server) -> None:
    settings = dataclasses.replace(world.settings(server.url), project_id="group/infra")

    note = reviewed_note(client.connect(settings, limits=world.LIMITS), IID, marker="plan")

    assert note is None
    assert server.gitlab.requests[1].startswith("GET /api/v4/projects/group%2Finfra/")


def test_the_reviewed_note_is_ours_and_not_a_persons(server: Server) -> None:
    add_note(server.gitlab, body(17, "reviewed"), author=BOT)
    add_note(server.gitlab, body(99, "forged"), author=PERSON)

    assert reviewed_note(server.project(), IID, marker="plan") == body(17, "reviewed")
    assert reviewed_note(server.project(), IID, marker="applied:dev") is None


def test_of_doubles_the_newest_pipelines_was_reviewed(server: Server) -> None:
    add_note(server.gitlab, body(17), author=BOT)
    add_note(server.gitlab, body(18), author=BOT)
    server.gitlab.requests.clear()

    assert reviewed_note(server.project(), IID, marker="plan", author=BOT) == body(18)
    assert server.methods == "GET"

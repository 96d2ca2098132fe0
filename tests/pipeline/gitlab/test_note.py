"""The one note: found, updated in place, never doubled."""

from __future__ import annotations

import dataclasses
import threading

import msgspec
import pytest

from emulator.gitlab.faults import Fault
from pipeline.errors import PipelineError, Status
from pipeline.gitlab import client
from pipeline.gitlab.note import LIMIT, Outcome, Published, marker_of, pipeline_of, publish
from pipeline.gitlab.transport import Limits
from tests.pipeline.gitlab import world
from tests.pipeline.gitlab.conftest import Server
from tests.pipeline.gitlab.world import (
    BOT,
    IID,
    LIMITS,
    PERSON,
    add_note,
    body,
    connect,
    notes,
)

PAGE = "https://gitlab.example.com/group/infra/-/merge_requests/3"


def _publish(
    server: Server,
    pipeline: int,
    text: str = "the plan",
    marker: str = "plan",
    *,
    limits: Limits = LIMITS,
) -> Published:
    return publish(
        connect(server.url, limits=limits),
        IID,
        body(pipeline, text, marker),
        marker=marker,
        pipeline_id=pipeline,
    )


def test_a_first_note_is_created_and_looked_at(server: Server) -> None:
    published = _publish(server, 17)

    (note,) = notes(server.gitlab)
    assert note.body == "<!-- mapvibe:plan pipeline=17 -->\nthe plan"
    assert note.author_id == BOT
    assert published == Published(outcome=Outcome.CREATED, url=f"{PAGE}#note_{note.id}")
    assert server.methods == "GET GET POST GET"


def test_a_newer_pipeline_updates_the_note_in_place(server: Server) -> None:
    first = _publish(server, 17)
    server.gitlab.requests.clear()

    second = _publish(server, 18, "another plan")

    (note,) = notes(server.gitlab)
    assert note.body.endswith("pipeline=18 -->\nanother plan")
    assert (second.outcome, second.url) == (Outcome.UPDATED, first.url)
    assert server.methods == "GET GET PUT GET"


def test_the_same_text_is_not_sent_again(server: Server) -> None:
    _publish(server, 17)
    server.gitlab.requests.clear()

    assert _publish(server, 17).outcome is Outcome.UNCHANGED
    assert server.methods == "GET GET"


def test_a_pipeline_that_runs_again_overwrites_its_own_text(server: Server) -> None:
    _publish(server, 17, "broken")

    assert _publish(server, 17, "mended").outcome is Outcome.UPDATED
    assert [note.body.splitlines()[1] for note in notes(server.gitlab)] == ["mended"]


def test_an_older_pipeline_that_finishes_last_changes_nothing(server: Server) -> None:
    # As text, 9 is more than 10.
    _publish(server, 10, "newer")
    server.gitlab.requests.clear()

    assert _publish(server, 9, "older").outcome is Outcome.OUTDATED
    assert [note.body.splitlines()[1] for note in notes(server.gitlab)] == ["newer"]
    assert server.methods == "GET GET"


@pytest.mark.parametrize("ours_at", [0, 130], ids=["first of all", "last of all"])
def test_the_note_is_found_among_130_others(server: Server, ours_at: int) -> None:
    for at in range(131):
        if at == ours_at:
            add_note(server.gitlab, body(17), author=BOT, at=at)
        else:
            add_note(server.gitlab, f"remark {at}", at=at)

    assert _publish(server, 18).outcome is Outcome.UPDATED
    assert len(notes(server.gitlab)) == 131
    # Two pages each time, not seven.
    assert server.methods == "GET GET GET PUT GET GET"


def test_a_person_who_quotes_the_marker_is_not_overwritten(server: Server) -> None:
    add_note(server.gitlab, body(99, "I copied this"), author=PERSON)

    assert _publish(server, 17).outcome is Outcome.CREATED
    assert [note.author_id for note in notes(server.gitlab)] == [PERSON, BOT]


def test_what_gitlab_itself_wrote_is_not_ours(server: Server) -> None:
    add_note(server.gitlab, body(99), author=BOT, system=True)

    assert _publish(server, 17).outcome is Outcome.CREATED


def test_a_note_of_ours_that_quotes_the_marker_further_down_is_another(server: Server) -> None:
    add_note(server.gitlab, f"{body(99, 'text', 'applied:dev')}\n{body(99)}", author=BOT)

    assert _publish(server, 17).outcome is Outcome.CREATED


def test_each_kind_of_note_stands_alone(server: Server) -> None:
    for marker in ("plan", "applied:dev", "applied:dev-2"):
        assert _publish(server, 17, marker=marker).outcome is Outcome.CREATED
    assert _publish(server, 18, marker="applied:dev").outcome is Outcome.UPDATED

    pipelines = [(marker_of(note.body), pipeline_of(note.body)) for note in notes(server.gitlab)]
    assert pipelines == [("plan", 17), ("applied:dev", 18), ("applied:dev-2", 17)]


def test_a_resolved_thread_stays_resolved(server: Server) -> None:
    add_note(server.gitlab, body(17), author=BOT)
    with server.gitlab.store.use() as state:
        note = state.projects[0].merge_requests[0].notes[0]
        note.resolvable = note.resolved = True

    _publish(server, 18)

    assert [note.resolved for note in notes(server.gitlab)] == [True]


def test_doubles_are_deleted_and_the_oldest_is_kept(server: Server) -> None:
    oldest = add_note(server.gitlab, body(17, "a"), author=BOT)
    add_note(server.gitlab, body(17, "b"), author=BOT)
    add_note(server.gitlab, body(17, "quoted"), author=PERSON)

    _publish(server, 18, "c")

    assert [(note.id, note.author_id) for note in notes(server.gitlab)] == [
        (oldest, BOT),
        (oldest + 2, PERSON),
    ]


def test_of_doubles_the_newer_pipelines_text_is_kept(server: Server) -> None:
    add_note(server.gitlab, body(17), author=BOT)
    newer = add_note(server.gitlab, body(19), author=BOT)

    assert _publish(server, 18).outcome is Outcome.OUTDATED
    assert [note.id for note in notes(server.gitlab)] == [newer]


@pytest.mark.parametrize("method", ["POST", "PUT"])
@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(Fault(connection="lost"), id="the connection is lost after it worked"),
        pytest.param(Fault(connection="drop"), id="the connection is lost before"),
        pytest.param(Fault(status=502, body="<html>Bad Gateway</html>"), id="bad gateway"),
        pytest.param(Fault(status=429, headers={"Retry-After": "0"}), id="too many requests"),
    ],
)
def test_a_write_with_a_passing_fault_ends_with_one_note(
    server: Server, method: str, fault: Fault
) -> None:
    if method == "PUT":
        add_note(server.gitlab, body(16), author=BOT)
    server.order(msgspec.structs.replace(fault, method=method))

    published = _publish(server, 17)

    assert published.outcome is (Outcome.CREATED if method == "POST" else Outcome.UPDATED)
    assert [pipeline_of(note.body) for note in notes(server.gitlab)] == [17]


def test_a_write_that_worked_and_lost_its_answer_is_not_sent_again(server: Server) -> None:
    server.order(Fault(method="POST", connection="lost"))

    _publish(server, 17)

    assert server.methods == "GET GET POST GET"


def test_a_create_that_comes_through_late_leaves_no_double(server: Server) -> None:
    # A proxy gave up, we wrote again, and then the first one was carried out after all.
    server.order(Fault(method="POST", status=504, body="<html>Gateway Timeout</html>"))
    late = [body(17)]

    def carry_out(count: int) -> None:
        if count == 2:
            add_note(server.gitlab, late.pop(), author=BOT)

    server.before("POST", carry_out)

    assert _publish(server, 17).outcome is Outcome.CREATED
    assert late == []
    assert [pipeline_of(note.body) for note in notes(server.gitlab)] == [17]


def test_a_note_deleted_meanwhile_is_created_anew(server: Server) -> None:
    add_note(server.gitlab, body(16), author=BOT)

    def delete(count: int) -> None:
        with server.gitlab.store.use() as state:
            state.projects[0].merge_requests[0].notes.clear()

    server.before("PUT", delete)

    assert _publish(server, 17).outcome is Outcome.CREATED
    assert [pipeline_of(note.body) for note in notes(server.gitlab)] == [17]


def test_a_double_that_another_pipeline_deletes_first_is_no_fault(server: Server) -> None:
    add_note(server.gitlab, body(16), author=BOT)
    add_note(server.gitlab, body(16), author=BOT)
    server.order(Fault(method="DELETE", status=404, body='{"message":"404 Not found"}'))

    assert _publish(server, 17).outcome is Outcome.UPDATED


def test_an_older_pipeline_that_writes_over_a_newer_one_is_written_over_again(
    server: Server,
) -> None:
    note_id = add_note(server.gitlab, body(16), author=BOT)

    # It looked before we wrote, and its text arrives after ours.
    _write_over(server, body(17, "older"), at={3})

    assert _publish(server, 18, "newer").outcome is Outcome.UPDATED
    assert [(note.id, note.body) for note in notes(server.gitlab)] == [(note_id, body(18, "newer"))]


def test_a_newer_text_that_replaced_ours_stays(server: Server) -> None:
    add_note(server.gitlab, body(16), author=BOT)
    _write_over(server, body(18, "newer"), at={3})

    assert _publish(server, 17, "older").outcome is Outcome.OUTDATED
    assert [pipeline_of(note.body) for note in notes(server.gitlab)] == [18]


def test_an_older_text_that_arrives_a_moment_after_ours_is_seen(server: Server) -> None:
    note_id = add_note(server.gitlab, body(16), author=BOT)

    def write() -> None:
        with server.gitlab.store.use() as state:
            state.projects[0].merge_requests[0].notes[0].body = body(17, "older")

    late = threading.Timer(0.1, write)
    server.before("PUT", lambda count: late.start() if count == 1 else None)

    _publish(server, 18, "newer", limits=dataclasses.replace(LIMITS, settle=0.5))

    late.join()
    assert [(note.id, note.body) for note in notes(server.gitlab)] == [(note_id, body(18, "newer"))]


def test_whoever_keeps_writing_over_us_ends_it_with_a_conflict(server: Server) -> None:
    add_note(server.gitlab, body(16), author=BOT)
    _write_over(server, body(16, "again"), at=set(range(2, 20)))

    with pytest.raises(PipelineError, match="other pipelines keep writing it") as caught:
        _publish(server, 17)
    assert caught.value.status is Status.GITLAB_CONFLICT


def _write_over(server: Server, text: str, *, at: set[int]) -> None:
    """Before these reads: 1 asks who we are, 2 lists the notes, 3 lists them after our write."""

    def write(count: int) -> None:
        if count in at:
            with server.gitlab.store.use() as state:
                state.projects[0].merge_requests[0].notes[0].body = text

    server.before("GET", write)


@pytest.mark.parametrize("exists", [False, True], ids=["without a note", "with a note"])
@pytest.mark.parametrize("turn", range(5))
def test_two_pipelines_at_once_end_with_the_newer_text_once(
    server: Server, turn: int, exists: bool
) -> None:
    if exists:
        add_note(server.gitlab, body(1), author=BOT)
    # Both have looked before either writes.
    barrier = threading.Barrier(2)
    server.before(
        "PUT" if exists else "POST",
        lambda count: barrier.wait(timeout=5) if count <= 2 else None,
    )
    threads = [
        threading.Thread(
            target=_publish,
            args=(server, pipeline, f"text {pipeline}"),
            # Longer than a busy machine keeps the other one waiting.
            kwargs={"limits": dataclasses.replace(LIMITS, settle=0.3)},
        )
        for pipeline in (100 + turn, 99)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [note.body for note in notes(server.gitlab)] == [body(100 + turn, f"text {100 + turn}")]


def test_a_note_of_the_greatest_length_is_sent(server: Server) -> None:
    first = body(17, "")

    _publish(server, 17, "x" * (LIMIT - len(first)))

    assert [len(note.body) for note in notes(server.gitlab)] == [1_000_000]


def test_one_character_more_is_refused_before_anything_is_sent(server: Server) -> None:
    first = body(17, "")

    with pytest.raises(PipelineError) as caught:
        _publish(server, 17, "x" * (LIMIT - len(first) + 1))

    assert str(caught.value) == (
        "note 'plan': 1000001 characters are more than GitLab's 1000000; "
        "render it with a lower limit"
    )
    assert server.gitlab.requests == []


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("no marker", id="none"),
        pytest.param("\n" + body(17), id="not in the first line"),
        pytest.param(body(18), id="another pipeline"),
        pytest.param(body(17, marker="applied:dev"), id="another kind"),
    ],
)
def test_a_text_that_would_not_be_found_again_is_refused(server: Server, text: str) -> None:
    with pytest.raises(PipelineError, match="would not be found again"):
        publish(server.project(), IID, text, marker="plan", pipeline_id=17)
    assert server.gitlab.requests == []


def test_a_marker_that_could_not_be_written_is_refused(server: Server) -> None:
    with pytest.raises(PipelineError, match="characters other than"):
        publish(server.project(), IID, body(17), marker="plan -->", pipeline_id=17)


@pytest.mark.parametrize(
    ("text", "marker", "pipeline"),
    [
        ("<!-- mapvibe:plan pipeline=17 -->", "plan", 17),
        ("<!-- mapvibe:plan dev=sha256:ab commit=0f pipeline=17 -->\r\ntext", "plan", 17),
        ("<!-- mapvibe:applied:prod pipeline=0 -->  \ntext", "applied:prod", 0),
        ("> <!-- mapvibe:plan pipeline=17 -->", None, None),
        ("<!-- mapvibe:plan pipeline=17 --> and more", None, None),
        ("<!-- mapvibe:plan pipeline=x -->", None, None),
        ("<!-- mapvibe:plan pipeline=\u0661 -->", None, None),
        ("<!-- mapvibe:plan pipeline=" + "9" * 5000 + " -->", None, None),
        ("", None, None),
    ],
    ids=[
        "shortest",
        "with fingerprints",
        "with blanks",
        "quoted",
        "with text",
        "no number",
        "foreign digit",
        "huge number",
        "empty",
    ],
)
def test_the_hidden_line_is_read(text: str, marker: str | None, pipeline: int | None) -> None:
    assert (marker_of(text), pipeline_of(text)) == (marker, pipeline)


def test_without_the_projects_page_the_address_is_the_apis(server: Server) -> None:
    settings = dataclasses.replace(world.settings(server.url), project_url="")
    project = client.connect(settings, limits=LIMITS)

    published = publish(project, IID, body(17), marker="plan", pipeline_id=17, author=BOT)

    (note,) = notes(server.gitlab)
    assert published.url == f"{server.url}/api/v4/projects/42/merge_requests/3/notes/{note.id}"
    # Whoever names the author saves a request.
    assert server.methods == "GET POST GET"

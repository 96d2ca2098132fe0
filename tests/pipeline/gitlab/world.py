"""A small GitLab: one project, one merge request, our bot and a person."""

from __future__ import annotations

from emulator.gitlab.server import GitLab
from emulator.gitlab.state import MergeRequest, Note, Project, State, Token, User
from pipeline.gitlab import client
from pipeline.gitlab.client import GitLabSettings
from pipeline.gitlab.note import marker_line
from pipeline.gitlab.transport import Limits

BOT, PERSON = 7, 8
TOKEN = "glpat-0123456789abcdefghij"
EXPIRED, READER, JOB = "glpat-expired", "glpat-reader", "glcbt-job"
IID = 3
# Long enough for a busy machine, short enough for a test.
LIMITS = Limits(
    connect=2.0, read=2.0, total=8.0, retries=2, backoff=0.01, settle=0.02, body_bytes=2_000_000
)


def state() -> State:
    return State(
        users=[User(id=BOT, username="project_42_bot"), User(id=PERSON, username="mai")],
        tokens=[
            Token(value=TOKEN, user_id=BOT),
            Token(value=EXPIRED, user_id=BOT, expired=True),
            Token(value=READER, user_id=BOT, scopes=["read_api"]),
            Token(value=JOB, user_id=PERSON, kind="job"),
        ],
        projects=[
            Project(
                id=42,
                path="group/infra",
                branches={"main": "a" * 40},
                merge_requests=[MergeRequest(iid=IID)],
            )
        ],
    )


def settings(url: str, token: str = TOKEN, project_id: str = "42") -> GitLabSettings:
    return GitLabSettings(
        url=url,
        project_id=project_id,
        token=token,
        default_branch="main",
        project_url="https://gitlab.example.com/group/infra",
    )


def connect(url: str, *, token: str = TOKEN, limits: Limits = LIMITS) -> client.Project:
    return client.connect(settings(url, token), limits=limits)


def body(pipeline: int, text: str = "the plan", marker: str = "plan") -> str:
    return f"{marker_line(marker, pipeline_id=pipeline)}\n{text}"


def notes(gitlab: GitLab) -> list[Note]:
    with gitlab.store.use() as found:
        return list(found.projects[0].merge_requests[0].notes)


def add_note(
    gitlab: GitLab, text: str, author: int = PERSON, *, system: bool = False, at: int = 0
) -> int:
    with gitlab.store.use() as found:
        found.next_id += 1
        time = f"2026-01-01T00:{at // 60:02}:{at % 60:02}.000Z"
        found.projects[0].merge_requests[0].notes.append(
            Note(
                id=found.next_id,
                body=text,
                author_id=author,
                created_at=time,
                updated_at=time,
                system=system,
            )
        )
        return found.next_id

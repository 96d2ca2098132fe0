"""A project's folder, the command line, and a GitLab that this pipeline belongs to."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
import pytest

from emulator.gitlab.server import GitLab
from emulator.gitlab.state import Job, MergeRequest, Note, Pipeline, Project, State
from pipeline.__main__ import main
from pipeline.errors import Status
from pipeline.report.machine import decode, encode
from pipeline.report.model import Report
from tests.pipeline.environments import environments_json
from tests.pipeline.gitlab import world
from tests.pipeline.plans import plan_json, resource_change
from tests.pipeline.release.support import COMMIT, KEY_TEXT, PIPELINE, SECRET

JOB = 90
PAGE = "https://gitlab.example.com/group/infra"
VARIABLES = {
    "CI_COMMIT_SHA": COMMIT,
    "CI_PIPELINE_ID": str(PIPELINE),
    "CI_PIPELINE_URL": f"{PAGE}/-/pipelines/{PIPELINE}",
    "CI_JOB_ID": str(JOB),
    "CI_JOB_NAME": "apply:dev",
    "CI_JOB_URL": f"{PAGE}/-/jobs/{JOB}",
    "CI_DEFAULT_BRANCH": "main",
    "CI_PROJECT_ID": "42",
    "CI_PROJECT_URL": PAGE,
    "GITLAB_TOKEN": world.TOKEN,
    "PLAN_KEY": KEY_TEXT,
}
GITLAB_VARIABLES = ("CI_MERGE_REQUEST_IID", "CI_API_V4_URL", "CI_SERVER_URL")
OPERATORS = ("ACCEPT_PLAN", "ALLOW_DATA_LOSS", "PLAN_MAX_AGE_HOURS", "CI_SERVER_TLS_CA_FILE")
AWS_VARIABLES = ("AWS_ID_TOKEN", "AWS_ROLE_ARN", "AWS_WEB_IDENTITY_TOKEN_FILE")
TERMINAL = ("FORCE_COLOR", "TTY_COMPATIBLE", "COLUMNS")

STORED = {"stored": "something"}
KEY_RESOURCE = resource_change("aws_kms_key.main", after={"description": "data"})
MYSTERY = resource_change("aws_mystery_box.gift", after={})


@dataclass(frozen=True, kw_only=True)
class Ended:
    """How a command ended."""

    status: int
    out: str
    err: str

    @property
    def line(self) -> str:
        """The one line on standard error."""
        assert self.err.endswith("\n")
        assert self.err.count("\n") == 1, self.err
        return self.err[:-1]


@dataclass(kw_only=True)
class CommandLine:
    """``python -m pipeline`` in a folder of its own.

    Attributes:
        root: the folder, with ``cdktf.out`` and ``reports`` once they are written.
        patch: undone after the test.
    """

    root: Path
    capture: pytest.CaptureFixture[str]
    patch: pytest.MonkeyPatch
    before: set[Path] = field(default_factory=set)

    def __call__(self, *arguments: object) -> Ended:
        """Run a command."""
        self.before = self.files()
        self.capture.readouterr()
        try:
            status: int | str | None = main([str(argument) for argument in arguments])
        except SystemExit as end:
            status = end.code
        out, err = self.capture.readouterr()
        assert isinstance(status, int)
        assert "Traceback" not in err
        return Ended(status=int(status), out=out, err=err)

    def refused(self, status: Status, *arguments: object) -> str:
        """Run a command that refuses: one line, and no file is written."""
        ended = self(*arguments)
        assert (ended.status, ended.out) == (status, "")
        assert self.files() == self.before
        return ended.line

    def files(self) -> set[Path]:
        """Every file of the folder."""
        return {path for path in self.root.rglob("*") if path.is_file()}

    def set(self, **variables: object) -> None:
        """Set variables of the job."""
        for name, value in variables.items():
            self.patch.setenv(name, str(value))

    def write(self, name: str, content: object) -> Path:
        """Write a file: bytes, text, or anything else as JSON."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, bytes):
            path.write_bytes(content)
        else:
            path.write_text(content if isinstance(content, str) else json.dumps(content, indent=2))
        return path

    def report(self, name: str) -> Report:
        """A report that was left."""
        return decode((self.root / name).read_bytes(), name=name)

    def leave(self, report: Report, name: str = "reports/dev.json") -> None:
        """Leave a report, as an earlier job does."""
        self.write(name, encode(report))

    def environments(self, **stacks: Sequence[str]) -> None:
        """Synthesise the list of environments, each with the ids of its stacks."""
        self.write("cdktf.out/environments.json", environments_json(**stacks))

    def stack(
        self, name: str = "dev", /, *, outputs: Mapping[str, Any] = {}, **inputs: str
    ) -> None:
        """Synthesise a stack: one ``terraform_data`` for each input."""
        body = {
            "variable": {"password": {"default": SECRET, "sensitive": True}},
            "resource": {
                "terraform_data": {
                    **{name: _data(value) for name, value in inputs.items()},
                    "login": {"input": "${var.password}"},
                }
            },
            "output": {name: {"value": value} for name, value in {**STORED, **outputs}.items()},
        }
        self.write(f"cdktf.out/stacks/{name}/cdk.tf.json", body)
        self.write(f"cdktf.out/stacks/{name}/.terraform.lock.hcl", "# no providers\n")

    def plan(self, name: str = "dev", content: object = None) -> tuple[str, ...]:
        """Write a plan's JSON and a usage file; give the arguments of ``report`` that name them.

        Args:
            name: the environment.
            content: the plan, ``priced_plan`` by default.
        """
        self.write(f"{name}.plan.json", priced_plan() if content is None else content)
        self.write("usage.yml", "version: 0.1\n")
        return ("--plan", f"{name}={name}.plan.json", "--usage", f"{name}=usage.yml")


def _data(value: str) -> dict[str, Any]:
    data: dict[str, Any] = {"input": value, "triggers_replace": value}
    if value.startswith("!"):
        data["provisioner"] = {"local-exec": {"command": value[1:]}}
    return data


def priced_plan(*changes: Mapping[str, Any], **others: Any) -> dict[str, Any]:
    """A plan's JSON that creates a KMS key, which costs 1 USD a month and its requests."""
    return plan_json(KEY_RESOURCE, *changes, **others)


@dataclass(frozen=True, kw_only=True)
class Merged:
    """GitLab with the merge request that brought the commit.

    Attributes:
        gitlab: the stand-in.
        url: where it is.
    """

    gitlab: GitLab
    url: str

    def notes(self) -> list[Note]:
        """What stands on the merge request."""
        return world.notes(self.gitlab)

    def note(self, kind: str) -> str:
        """The text of its one note of a kind."""
        (found,) = (n.body for n in self.notes() if n.body.startswith(f"<!-- mapvibe:{kind} "))
        return found

    def job(self, run: Job, pipeline: int = PIPELINE) -> None:
        """Add a run of a job."""
        with self.gitlab.store.use() as state:
            known = {each.id: each for each in state.projects[0].pipelines}
            known[pipeline].jobs.append(run)

    def change(self, **fields: Any) -> None:
        """Change the merge request."""
        with self.gitlab.store.use() as state:
            project = state.projects[0]
            project.merge_requests = [msgspec.structs.replace(project.merge_requests[0], **fields)]


def merged_state() -> State:
    """The small world, its merge request merged as the commit."""
    state = world.state()
    request = MergeRequest(
        iid=world.IID,
        state="merged",
        sha=COMMIT,
        commits=[COMMIT],
        merged_at="2026-03-14T09:00:00.000Z",
    )
    state.projects[0] = Project(
        id=42,
        path="group/infra",
        branches={"main": COMMIT},
        commits=[COMMIT],
        merge_requests=[request],
        pipelines=[Pipeline(id=PIPELINE, sha=COMMIT)],
    )
    return state

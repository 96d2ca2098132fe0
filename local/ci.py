"""Runs the pipeline's file on this machine: gitlab-ci-local, the emulator, a stand-in for GitLab's API.

The jobs are the real ones, each in a folder of its own that holds the repository and the artifacts
of the jobs before it. AWS is the emulator, reached with the temporary credentials of the roles that
the stacks ``delivery-dev`` and ``delivery-prod`` make. What runs differently from GitLab is in
docs/pipeline.md.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import urllib.request
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import toolchain
from emulator import control
from emulator.gitlab.state import (
    MergeRequest,
    Pipeline,
    Project,
    State,
    Token,
    User,
    decode,
    encode,
)
from environments.load import load_environments
from environments.settings import Environment
from local.progress import follow
from pipeline.release.seal import new_key

PROJECT_ID = 1217
"""The number that gitlab-ci-local gives every project; a fork is told from it by another one."""
PROJECT_PATH = "mapvibe/infrastructure"
MERGE_REQUEST = 7
NO_BRANCH = ("--unset-variable", "CI_COMMIT_BRANCH")
OF_MERGE_REQUEST = {
    "CI_PIPELINE_SOURCE": "merge_request_event",
    "CI_MERGE_REQUEST_IID": str(MERGE_REQUEST),
    "CI_MERGE_REQUEST_PROJECT_ID": str(PROJECT_ID),
    "CI_MERGE_REQUEST_SOURCE_PROJECT_ID": str(PROJECT_ID),
}
"""How a pipeline of a merge request differs from one of a branch."""
_TOKEN = "local-token"  # noqa: S105 - of the stand-in
_BOT = 90
_FIRST_PIPELINE = 1000
SAMPLE = "tests/environments"
"""The unit tests that the job runs here; ``make check`` runs them all."""

_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))
_COPIED_NOT = (
    ".git",
    ".gitlab-ci-local",
    ".*_cache",
    ".hypothesis",
    "build",
    ".venv",
    "node_modules",
    ".local",
    "cdktf.out",
    "reports",
    ".cache",
)


class CiError(Exception):
    """A run did not come to what it should; its output stands above."""


@dataclass(kw_only=True)
class LocalPipeline:
    """A copy of the repository with a pipeline that can be run.

    Attributes:
        root: the repository, whose tools the jobs use.
        work: folder for the copy, logs and state.
        emulator: AWS.
        gitlab: the stand-in's URL.
        tests: what the job ``test`` runs.
        pipelines: how many have run.
    """

    root: Path
    work: Path
    emulator: control.Emulator
    gitlab: str
    tests: str = SAMPLE
    pipelines: int = 0
    key: str = field(default_factory=new_key)

    @property
    def project(self) -> Path:
        """The copy."""
        return self.work / "project"

    # --- what people do -------------------------------------------------------------------------

    def merge_request(self, **variables: str) -> int:
        """Run the pipeline of a merge request; gives its exit status."""
        self._git("switch", "--quiet", "change")
        return self._pipeline("merge-request", *NO_BRANCH, **OF_MERGE_REQUEST, **variables)

    def merge(self) -> None:
        """Merge the merge request: main moves on to its commit."""
        self._git("switch", "--quiet", "main")
        self._git("merge", "--quiet", "--ff-only", "change")
        self._track()

        def merged(state: State) -> None:
            request = state.projects[0].merge_requests[0]
            request.state, request.sha, request.merged_at = "merged", self.head, _LATER

        self.change_gitlab(merged)

    def push(self, message: str) -> None:
        """Commit what was edited straight to main, past every review."""
        self._git("switch", "--quiet", "main")
        self._git("commit", "--quiet", "--all", "--message", message)
        self._track()

    def default_branch(self, **variables: str) -> int:
        """Run the pipeline of the default branch; prod then waits. Gives the exit status."""
        return self._pipeline("default-branch", CI_PIPELINE_SOURCE="push", **variables)

    def plan_again(self, environment: str) -> int:
        """Run the default branch's plan of one environment, and what it needs; gives the status."""
        job = f"plan:{environment}"
        return self._run(f"plan-{environment}", job, "--needs", CI_PIPELINE_SOURCE="push")

    def run_job(self, job: str, **variables: str) -> int:
        """Run one job of the latest merge request pipeline again; gives its exit status."""
        return self._run(job, job, *NO_BRANCH, **OF_MERGE_REQUEST, **variables)

    def play(self, job: str, **variables: str) -> int:
        """Press play: run a manual job of the latest pipeline; gives its exit status."""
        return self._run(
            f"play-{job.replace(':', '-')}", job, CI_PIPELINE_SOURCE="push", **variables
        )

    def schedule(self, **variables: str) -> int:
        """Run the scheduled pipeline; gives its exit status."""
        return self._pipeline("schedule", CI_PIPELINE_SOURCE="schedule", **variables)

    # --- what they see --------------------------------------------------------------------------

    @property
    def head(self) -> str:
        """The copy's commit."""
        return self._git("rev-parse", "HEAD")

    def notes(self) -> list[str]:
        """The texts on the merge request, oldest first."""
        request = self.gitlab_state().projects[0].merge_requests[0]
        return [note.body for note in request.notes if not note.system]

    def log(self, name: str) -> str:
        """Everything that a run printed."""
        return (self.work / f"{name}.log").read_text()

    def artifact(self, job: str, path: str) -> Path:
        """A file that a job left."""
        # The runner writes a job's folder with each colon in base64.
        folder = job.replace(":", "Og")
        return self.project / ".gitlab-ci-local" / "artifacts" / folder / path

    def gitlab_state(self) -> State:
        """What the stand-in knows."""
        with _OPENER.open(f"{self.gitlab}/_control/state", timeout=10) as answer:
            return decode(answer.read())

    def change_gitlab(self, change: Any) -> None:
        """Change what the stand-in knows."""
        state = self.gitlab_state()
        change(state)
        _put_state(self.gitlab, state)

    # --- how it is done -------------------------------------------------------------------------

    def _pipeline(self, name: str, *options: str, **variables: str) -> int:
        number = _FIRST_PIPELINE + self.pipelines
        self.pipelines += 1

        def begun(state: State) -> None:
            state.projects[0].pipelines.append(Pipeline(id=number, sha=self.head))

        self.change_gitlab(begun)
        return self._run(name, *options, **variables)

    def _run(self, name: str, *options: str, **variables: str) -> int:
        return follow(
            self._command(*options, **variables),
            folder=self.project,
            process=self.process(),
            log=self.work / f"{name}.log",
        )

    def _command(self, *options: str, **variables: str) -> list[str]:
        given = [word for pair in variables.items() for word in ("--variable", "=".join(pair))]
        return [
            str(self.root / ".venv" / "bin" / "gitlab-ci-local"),
            "--force-shell-executor",
            "--shell-isolation",
            "--home",
            str(self.work / "home"),
            "--concurrency",
            "2",
            "--ignore-predefined-vars",
            ",".join(OF_MERGE_REQUEST),
            *options,
            *given,
        ]

    def process(self, environment: Environment | None = None) -> dict[str, str]:
        """The environment of the jobs, or with one environment's credentials an administrator's."""
        first = environment or load_environments()[0]
        process = control.process_environment(
            self.emulator, first.account_id, first.region, toolchain.environment()
        )
        if environment is None:
            # The jobs get theirs from AWS, for a token of GitLab's.
            del process["AWS_ACCESS_KEY_ID"], process["AWS_SECRET_ACCESS_KEY"]
            # Terraform asks for them before it reads AWS_ENDPOINT_URL.
            process["AWS_ENDPOINT_URL_STS"] = self.emulator.url
        return process

    def _git(self, *arguments: str) -> str:
        return _git(self.project, *arguments)

    def _track(self) -> None:
        """Let the remote branch be where main is, without a remote."""
        self._git("update-ref", "refs/remotes/origin/main", "main")

    def write_variables(self, roles: Mapping[str, str]) -> None:
        """Set the project's CI/CD variables, as docs/pipeline.md says.

        Args:
            roles: environment, ``plan/dev`` or ``dev``, to the ARN of its role.
        """
        everywhere = {
            "GITLAB_TOKEN": _TOKEN,
            "PLAN_KEY": self.key,
            # GitLab makes this one for each job; here it is none, and the emulator asks for none.
            "AWS_ID_TOKEN": "a.local.token",
            "MAPVIBE_TOOLS": str(self.root),
            "TESTS": self.tests,
        }
        values = {"AWS_ROLE_ARN": dict(roles)}
        values |= {name: {"*": value} for name, value in everywhere.items()}
        # Without its type a value that is a path would be a file.
        settings = {name: {"type": "variable", "values": each} for name, each in values.items()}
        home = self.work / "home" / ".gitlab-ci-local"
        home.mkdir(parents=True, exist_ok=True)
        # JSON is YAML.
        (home / "variables.yml").write_text(json.dumps({"global": settings}, indent=2))


_LATER = "2026-01-01T00:00:00.000Z"


@contextmanager
def local_pipeline(root: Path, work: Path, *, tests: str = SAMPLE) -> Iterator[LocalPipeline]:
    """A pipeline that is set up as a team sets it up: state, roles, variables, a merge request.

    Args:
        root: the repository, set up.
        work: an empty folder.
        tests: what the job ``test`` runs.

    Raises:
        CiError: a step of the set-up failed.
    """
    with control.ephemeral() as emulator, _gitlab(work) as url:
        made = LocalPipeline(root=root, work=work, emulator=emulator, gitlab=url, tests=tests)
        _copy(root, made.project, url)
        _put_state(url, _first_state(made))
        made.write_variables(_administer(made))
        yield made


def _copy(root: Path, project: Path, url: str) -> None:
    """A clone with what is not committed yet, its main before and its branch after the change."""
    shutil.copytree(root, project, ignore=shutil.ignore_patterns(*_COPIED_NOT, "__pycache__"))
    for name in (".venv", "node_modules"):
        (project / name).symlink_to(root / name)
    _git(project, "init", "--quiet", "--initial-branch=main")
    _git(project, "config", "user.name", "Local")
    _git(project, "config", "user.email", "local@example.com")
    _git(project, "commit", "--quiet", "--allow-empty", "--message", "Before")
    _git(project, "remote", "add", "origin", f"{url}/{PROJECT_PATH}.git")
    _git(project, "update-ref", "refs/remotes/origin/main", "main")
    _git(project, "symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/main")
    _git(project, "switch", "--quiet", "--create", "change")
    _git(project, "add", "--all")
    _git(project, "commit", "--quiet", "--message", "The change")


def _git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(
        ["git", *arguments], cwd=folder, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise CiError(f"git {' '.join(arguments)} in {folder}: {done.stderr.strip()}")
    return done.stdout.strip()


def _administer(pipeline: LocalPipeline) -> dict[str, str]:
    """What an administrator does once: remote state and roles of both environments, at once.

    Returns:
        GitLab's environments to the ARNs of their roles.
    """
    with ThreadPoolExecutor() as pool:
        roles = pool.map(lambda each: _set_up(pipeline, each), load_environments())
    return {name: arn for each in roles for name, arn in each.items()}


def _set_up(pipeline: LocalPipeline, environment: Environment) -> dict[str, str]:
    name = environment.name
    stack, out = f"delivery-{name}", f".local/set-up-{name}"
    process = pipeline.process(environment)
    for step, command in enumerate(
        (
            [sys.executable, "-m", "backend", "create", name],
            [str(toolchain.cdktf()), "deploy", stack, "--auto-approve", "--output", out],
        )
    ):
        log = pipeline.work / f"set-up-{name}-{step}.log"
        if follow(command, folder=pipeline.project, process=process, log=log) != 0:
            raise CiError(f"setting up {name} failed: all it said is in {log}")
    found = _outputs(pipeline.project / out / "stacks" / stack, process)
    return {f"plan/{name}": found["plan_role_arn"], name: found["apply_role_arn"]}


def _outputs(stack: Path, process: Mapping[str, str]) -> dict[str, str]:
    done = subprocess.run(
        [str(toolchain.terraform()), "output", "-json"],
        cwd=stack,
        env=dict(process),
        capture_output=True,
        text=True,
        check=True,
    )
    # A deprecation warning may stand before the JSON.
    found = json.loads(done.stdout[done.stdout.index("{") :])
    return {name: str(item["value"]) for name, item in found.items()}


def _first_state(pipeline: LocalPipeline) -> State:
    """GitLab's project, its bot's token, and one open merge request."""
    main = _git(pipeline.project, "rev-parse", "main")
    request = MergeRequest(
        iid=MERGE_REQUEST, title="The change", source_branch="change", commits=[pipeline.head]
    )
    project = Project(
        id=PROJECT_ID,
        path=PROJECT_PATH,
        branches={"main": main},
        commits=[main, pipeline.head],
        merge_requests=[request],
    )
    return State(
        users=[User(id=1, username="dev"), User(id=_BOT, username="project_1217_bot")],
        tokens=[Token(value=_TOKEN, user_id=_BOT)],
        projects=[project],
    )


@contextmanager
def _gitlab(work: Path) -> Iterator[str]:
    """The stand-in, for the length of the block; gives its URL."""
    work.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "emulator.gitlab", "--state", str(work / "gitlab.json")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None  # noqa: S101 - for the type checker: it is a pipe
            url = server.stdout.readline().strip()
            if not re.fullmatch(r"http://127\.0\.0\.1:\d+", url):
                raise CiError("the stand-in for GitLab did not start; see above")
            yield url
        finally:
            server.terminate()


def _put_state(url: str, state: State) -> None:
    request = urllib.request.Request(  # noqa: S310 - a URL of the stand-in
        f"{url}/_control/state", data=encode(state), method="PUT"
    )
    _OPENER.open(request, timeout=10).close()

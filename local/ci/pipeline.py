"""The pipeline, and what people do with it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import toolchain
from emulator import control
from emulator.gitlab.state import Pipeline, State
from environments.load import load_environments
from environments.settings import Environment
from local.ci.project import git, track
from local.ci.stand_in import StandIn
from local.progress import follow

PROJECT_ID = 1217
"""The number that gitlab-ci-local gives every project; a fork is told from it by another one."""
MERGE_REQUEST = 7
SAMPLE = "tests/environments/test_load.py"
"""The unit tests that the job runs here; ``make check`` runs them all."""

_NO_BRANCH = ("--unset-variable", "CI_COMMIT_BRANCH")
_OF_MERGE_REQUEST = {
    "CI_PIPELINE_SOURCE": "merge_request_event",
    "CI_MERGE_REQUEST_IID": str(MERGE_REQUEST),
    "CI_MERGE_REQUEST_PROJECT_ID": str(PROJECT_ID),
    "CI_MERGE_REQUEST_SOURCE_PROJECT_ID": str(PROJECT_ID),
}
"""How a pipeline of a merge request differs from one of a branch."""
_FIRST_PIPELINE = 1000
_LATER = "2026-01-01T00:00:00.000Z"


@dataclass(kw_only=True)
class LocalPipeline:
    """A copy of the repository with a pipeline that can be run.

    Attributes:
        root: the repository, whose tools the jobs use.
        work: folder for the copy, logs and state.
        emulator: AWS.
        gitlab: the stand-in for its API.
        tests: what the job ``test`` runs.
        pipelines: how many have run.
    """

    root: Path
    work: Path
    emulator: control.Emulator
    gitlab: StandIn
    tests: str = SAMPLE
    pipelines: int = 0

    @property
    def project(self) -> Path:
        """The copy."""
        return self.work / "project"

    # --- what people do -------------------------------------------------------------------------

    def merge_request(self, **variables: str) -> int:
        """Run the pipeline of a merge request; gives its exit status."""
        git(self.project, "switch", "--quiet", "change")
        return self._pipeline("merge-request", *_NO_BRANCH, **_OF_MERGE_REQUEST, **variables)

    def merge(self) -> None:
        """Merge the merge request: main moves on to its commit."""
        git(self.project, "switch", "--quiet", "main")
        git(self.project, "merge", "--quiet", "--ff-only", "change")
        track(self.project)

        def merged(state: State) -> None:
            request = state.projects[0].merge_requests[0]
            request.state, request.sha, request.merged_at = "merged", self.head, _LATER

        self.gitlab.change(merged)

    def push(self, message: str) -> None:
        """Commit what was edited straight to main, past every review."""
        git(self.project, "switch", "--quiet", "main")
        git(self.project, "commit", "--quiet", "--all", "--message", message)
        track(self.project)

        def pushed(state: State) -> None:
            state.projects[0].commits.append(self.head)

        self.gitlab.change(pushed)

    def default_branch(self, **variables: str) -> int:
        """Run the pipeline of the default branch; what is guarded then waits. Gives the status."""
        return self._pipeline("default-branch", CI_PIPELINE_SOURCE="push", **variables)

    def plan_again(self, environment: str) -> int:
        """Run the default branch's plan of one environment, and what it needs; gives the status."""
        job = f"plan:{environment}"
        return self._pipeline(f"plan-{environment}", job, "--needs", CI_PIPELINE_SOURCE="push")

    def run_job(self, job: str, **variables: str) -> int:
        """Run one job of the latest merge request pipeline again; gives its exit status."""
        return self._run(job, job, *_NO_BRANCH, **_OF_MERGE_REQUEST, **variables)

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
        return git(self.project, "rev-parse", "HEAD")

    def notes(self) -> list[str]:
        """The texts on the merge request, oldest first."""
        request = self.gitlab.state().projects[0].merge_requests[0]
        return [note.body for note in request.notes if not note.system]

    def log(self, name: str) -> str:
        """Everything that a run printed."""
        return (self.work / f"{name}.log").read_text()

    def artifact(self, job: str, path: str) -> Path:
        """A file that a job left."""
        # The runner writes a job's folder with each colon in base64.
        folder = job.replace(":", "Og")
        return self.project / ".gitlab-ci-local" / "artifacts" / folder / path

    # --- how it is done -------------------------------------------------------------------------

    def _pipeline(self, name: str, *options: str, **variables: str) -> int:
        number = _FIRST_PIPELINE + self.pipelines
        self.pipelines += 1

        def begun(state: State) -> None:
            state.projects[0].pipelines.append(Pipeline(id=number, sha=self.head))

        self.gitlab.change(begun)
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
            ",".join(_OF_MERGE_REQUEST),
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

"""The job that runs a command: GitLab's predefined variables, and where its files are."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from pipeline.errors import PipelineError, Status
from pipeline.report.model import Report
from pipeline.report.terminal import show as show_in

REPORTS = Path("reports")
"""Where the jobs leave what they report; the artifacts of the pipeline's file name it."""

CACHE = Path(".cache")
"""What the runner keeps from job to job, as far as it can."""

STACKS = Path("cdktf.out/stacks")
"""Where ``cdktf synth`` writes."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Job:
    """One job of a pipeline; on a developer's machine most of it is empty.

    Source: https://docs.gitlab.com/ci/variables/predefined_variables/

    Attributes:
        commit: the commit, whole.
        pipeline_id: the pipeline's number.
        pipeline_url: its page.
        id: the job's number.
        name: the job's name.
        url: its page.
        default_branch: the branch that is deployed.
        merge_request: the merge request's number; 0 where the pipeline is none's.
    """

    commit: str
    pipeline_id: int
    pipeline_url: str
    id: int
    name: str
    url: str
    default_branch: str
    merge_request: int

    @classmethod
    def current(cls, env: Mapping[str, str] = os.environ) -> Job:
        """The job that this process belongs to."""
        return cls(
            commit=env.get("CI_COMMIT_SHA", ""),
            pipeline_id=_number(env, "CI_PIPELINE_ID"),
            pipeline_url=env.get("CI_PIPELINE_URL", ""),
            id=_number(env, "CI_JOB_ID"),
            name=env.get("CI_JOB_NAME", ""),
            url=env.get("CI_JOB_URL", ""),
            default_branch=env.get("CI_DEFAULT_BRANCH", ""),
            merge_request=_number(env, "CI_MERGE_REQUEST_IID"),
        )

    @classmethod
    def of_pipeline(cls, env: Mapping[str, str] = os.environ) -> Job:
        """The same, where a pipeline is needed: what is compared and counted must not be empty.

        Raises:
            PipelineError: a variable is missing; it names them all.
        """
        needed = ("CI_COMMIT_SHA", "CI_PIPELINE_ID", "CI_JOB_ID", "CI_JOB_NAME")
        missing = [name for name in needed if not env.get(name)]
        if missing:
            raise PipelineError(
                f"{', '.join(missing)} not set: only a job of a pipeline does this; on your "
                "machine 'make ci-local' runs one",
                Status.USAGE,
            )
        return cls.current(env)


def _number(env: Mapping[str, str], name: str) -> int:
    text = env.get(name) or "0"
    if not text.isascii() or not text.isdigit():
        raise PipelineError(f"{name}={text!r}: is no number; GitLab sets it", Status.USAGE)
    return int(text)


def stack_folder(stack: str) -> Path:
    """The folder of a synthesised stack.

    Raises:
        PipelineError: it was not synthesised.
    """
    folder = STACKS / stack
    if not (folder / "cdk.tf.json").is_file():
        found = sorted(path.parent.name for path in STACKS.glob("*/cdk.tf.json"))
        there = f"there are {', '.join(found)}" if found else "run 'cdktf synth' first"
        raise PipelineError(f"{folder}: no synthesised stack '{stack}'; {there}", Status.USAGE)
    return folder


def write(path: Path, content: bytes | str) -> None:
    """Write a file, and the folder that it lies in.

    Raises:
        PipelineError: it cannot be written.
    """
    make_folder(path.parent)
    try:
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    except OSError as error:
        raise _unwritable(path, error) from None


def remove(path: Path) -> None:
    """Remove a file if it is there.

    Raises:
        PipelineError: it cannot be removed.
    """
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise PipelineError(f"{path}: cannot be removed: {error.strerror}; do it by hand") from None


def make_folder(path: Path) -> None:
    """Make a folder where it is missing.

    Raises:
        PipelineError: it cannot be made.
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _unwritable(path, error) from None


def _unwritable(path: Path, error: OSError) -> PipelineError:
    return PipelineError(f"{path}: cannot be written: {error.strerror}; mend that and run again")


def print_line(text: str) -> None:
    """One line for whoever watches."""
    print(text, flush=True)  # noqa: T201


def show(report: Report) -> None:
    """Print a report; 80 columns without colours where nobody's terminal is."""
    show_in(report, Console())


def raise_together(errors: Sequence[PipelineError]) -> None:
    """Raise all of them as one, with the lowest status; nothing where there is none.

    Raises:
        PipelineError: their lines, joined.
    """
    if errors:
        text = "; also ".join(map(str, errors))
        raise PipelineError(text, min(error.status for error in errors))

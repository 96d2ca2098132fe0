"""``make ci-local``: the whole life of a change in the pipeline, on this machine."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

from environments.load import load_environments
from local.ci.errors import CiError
from local.ci.pipeline import LocalPipeline
from local.ci.set_up import local_pipeline

WORK = Path(".local/ci")


def rehearse(root: Path, *, tests: str) -> None:
    """A merge request, the default branch, the button of each guarded environment, a schedule.

    Args:
        root: the repository, set up.
        tests: what the job ``test`` runs.

    Raises:
        CiError: a pipeline failed.
    """
    work = root / WORK
    shutil.rmtree(work, ignore_errors=True)
    started = time.monotonic()
    environments = load_environments()
    names = " and ".join(each.name for each in environments)
    guarded = [each.name for each in environments if each.guarded]
    _print(f"set-up: remote state and roles of {names}, as an administrator makes them once")
    with local_pipeline(root, work, tests=tests) as pipeline:
        for title, step in _steps(pipeline, guarded):
            _print(f"\n==> {title}")
            if (status := step()) != 0:
                raise CiError(f"{title}: ended with status {status}; every word is in {work}/*.log")
        notes = _keep_notes(pipeline)
    minutes = (time.monotonic() - started) / 60
    _print(f"\nAll of it went through, in {minutes:.0f} min. What people see on the merge request:")
    for note in notes:
        _print(f"    {note.relative_to(root)}")
    _print(f"All that the jobs said: {WORK}/*.log")


def _steps(
    pipeline: LocalPipeline, guarded: Sequence[str]
) -> Iterator[tuple[str, Callable[[], int]]]:
    def merged() -> int:
        pipeline.merge()
        return pipeline.default_branch()

    yield "a merge request: validate, plan, comment", pipeline.merge_request
    yield "the default branch: plan again, compare, apply what nobody guards", merged
    for name in guarded:
        yield f"a person presses play: apply {name}", partial(pipeline.play, f"apply:{name}")
    yield "a schedule: has anything drifted?", pipeline.schedule


def _keep_notes(pipeline: LocalPipeline) -> list[Path]:
    paths = []
    for number, text in enumerate(pipeline.notes(), start=1):
        path = pipeline.work / f"note-{number}.md"
        path.write_text(text)
        paths.append(path)
    return paths


def _print(text: str) -> None:
    print(text, flush=True)  # noqa: T201

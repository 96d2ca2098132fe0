"""``make ci-local``: its steps and their order; tests/deploy/test_pipeline.py runs the real ones."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from local.__main__ import main
from local.ci import CiError, rehearsal, rehearse


class Fake:
    """Notes what is asked of it; one step may fail."""

    def __init__(self, work: Path, failing: str) -> None:
        self.work = work
        self.failing = failing
        self.steps: list[str] = []
        work.mkdir(parents=True)

    def _step(self, name: str) -> int:
        self.steps.append(name)
        return int(name == self.failing)

    def merge_request(self) -> int:
        return self._step("merge request")

    def merge(self) -> None:
        self._step("merge")

    def default_branch(self) -> int:
        return self._step("main")

    def play(self, job: str) -> int:
        return self._step(f"play {job}")

    def schedule(self) -> int:
        return self._step("schedule")

    def notes(self) -> list[str]:
        return ["the plan", "applied"]


STEPS = ["merge request", "merge", "main", "play apply:prod", "schedule"]


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> list[Fake]:
    found: list[Fake] = []

    @contextmanager
    def pipeline(root: Path, work: Path, *, tests: str) -> Iterator[Fake]:
        assert tests == "tests/x"
        found.append(Fake(work, getattr(request, "param", "")))
        yield found[-1]

    monkeypatch.setattr(rehearsal, "local_pipeline", pipeline)
    return found


def test_a_change_lives_its_whole_life_and_its_notes_are_kept(
    made: list[Fake], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rehearse(tmp_path, tests="tests/x")
    assert made[0].steps == STEPS
    out = capsys.readouterr().out
    for number, text in ((1, "the plan"), (2, "applied")):
        path = tmp_path / ".local" / "ci" / f"note-{number}.md"
        assert path.read_text() == text
        assert f".local/ci/note-{number}.md" in out


@pytest.mark.parametrize("made", [s for s in STEPS if s != "merge"], indirect=True)
def test_the_first_step_that_fails_is_the_last_and_named(made: list[Fake], tmp_path: Path) -> None:
    with pytest.raises(CiError, match=r"ended with status 1; every word is in .*/\*\.log"):
        rehearse(tmp_path, tests="tests/x")
    assert made[0].steps == STEPS[: STEPS.index(made[0].failing) + 1]


def test_a_failure_is_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise CiError("setting up dev failed")

    monkeypatch.setattr("local.__main__.rehearse", broken)
    assert main(["ci"]) == 1
    assert capsys.readouterr().err == "setting up dev failed\n"

"""The command line itself: help, statuses, and a quiet standard error."""

from __future__ import annotations

import logging
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline import __main__ as command_line
from pipeline.errors import Status
from tests.pipeline.commands.support import CommandLine

ROOT = Path(__file__).parents[3]


def test_help_names_every_command_and_every_status(pipeline: CommandLine) -> None:
    ended = pipeline("--help")
    assert (ended.status, ended.err) == (Status.OK, "")
    for name in command_line.COMMANDS:
        assert f"\n    {name} " in ended.out
    for status in Status:
        assert f"{status.value:>3}  {status.explanation}" in ended.out


@pytest.mark.parametrize("name", command_line.COMMANDS)
def test_the_help_of_a_command_says_where_the_statuses_are(
    pipeline: CommandLine, name: str
) -> None:
    ended = pipeline(name, "--help")
    assert (ended.status, ended.err) == (Status.OK, "")
    assert ended.out.startswith(f"usage: python -m pipeline {name} ")
    assert "Exit status: python -m pipeline --help" in ended.out


@pytest.mark.parametrize("action", ["check", "refresh"])
def test_the_help_of_an_action_says_what_its_options_do(pipeline: CommandLine, action: str) -> None:
    ended = pipeline("prices", action, "--help")
    assert ended.status == Status.OK
    assert ("--strict" in ended.out) == (action == "check")
    assert ("end with status 4" in ended.out) == (action == "check")


def test_every_status_is_a_number_of_its_own_below_the_shells() -> None:
    numbers = [status.value for status in Status]
    assert len(set(numbers)) == len(numbers)
    assert max(numbers) < 126


def test_the_module_runs_and_shows_its_usage() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pipeline"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("usage: python -m pipeline [-h] COMMAND ...\n")
    assert done.stderr.splitlines()[-1].endswith("the following arguments are required: COMMAND")


def test_a_reader_who_has_read_enough_ends_it_without_a_word() -> None:
    command = [sys.executable, "-u", "-m", "pipeline", "prices", "check"]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        errors = process.stderr.read()
    assert (process.returncode, errors) == (Status.FAILED, b"")


def test_an_interruption_is_one_line(
    pipeline: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt() -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr("pipeline.commands.key.new_key", interrupt)
    assert pipeline.refused(Status.FAILED, "key") == "key: interrupted"


def test_urllib3_does_not_speak_of_retries(pipeline: CommandLine) -> None:
    logging.getLogger("urllib3").setLevel(logging.NOTSET)
    pipeline("key")
    pool = logging.getLogger("urllib3.connectionpool")
    assert not pool.isEnabledFor(logging.WARNING)
    assert pool.isEnabledFor(logging.ERROR)

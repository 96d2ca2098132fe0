"""``jobs``: the file that .gitlab-ci.yml includes is written, and told when it is old."""

from __future__ import annotations

import yaml

from pipeline.errors import Status
from tests.pipeline.commands.support import CommandLine
from tests.pipeline.environments import environments_json

FILE = ".gitlab/environments.yml"


def test_the_jobs_are_written_once_and_checked(pipeline: CommandLine) -> None:
    ended = pipeline("jobs")
    assert (ended.status, ended.out) == (Status.OK, f"{FILE}: written\n")
    jobs = yaml.safe_load((pipeline.root / FILE).read_text())
    assert [name for name in jobs if name.startswith("apply:")] == ["apply:dev", "apply:prod"]
    for arguments in (["jobs"], ["jobs", "--check"]):
        ended = pipeline(*arguments)
        assert (ended.status, ended.out, ended.err) == (Status.OK, "", "")


def test_an_old_file_is_told_and_left(pipeline: CommandLine) -> None:
    pipeline.write(FILE, "plan:dev: {}\n")
    line = pipeline.refused(Status.FAILED, "jobs", "--check")
    assert line == f"{FILE}: out of date; run 'python -m pipeline jobs'"
    assert (pipeline.root / FILE).read_text() == "plan:dev: {}\n"


def test_guards_follow_the_setting_and_not_the_name(pipeline: CommandLine) -> None:
    pipeline.write(
        "cdktf.out/environments.json",
        environments_json(("staging",), staging=["staging"], prod=["prod"]),
    )
    assert pipeline("jobs").status == Status.OK
    jobs = yaml.safe_load((pipeline.root / FILE).read_text())
    assert jobs["stages"][3:5] == ["apply-staging", "apply-prod"]
    assert jobs["apply:staging"]["extends"] == ".apply-guarded"
    assert "STAGING" in jobs["apply:staging"]["manual_confirmation"]
    assert jobs["apply:prod"]["extends"] == ".apply"
    assert "manual_confirmation" not in jobs["apply:prod"]


def test_before_a_synthesis_it_is_one_line(pipeline: CommandLine) -> None:
    (pipeline.root / "cdktf.out/environments.json").unlink()
    assert "run 'cdktf synth' first" in pipeline.refused(Status.USAGE, "jobs")

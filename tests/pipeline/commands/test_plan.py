"""``plan`` with real Terraform: what it leaves, and that no secret stays anywhere."""

from __future__ import annotations

import json
from typing import cast

import pytest

from pipeline.cost.pricers import free
from pipeline.errors import PipelineError, Status
from pipeline.release import terraform
from pipeline.release.seal import unseal
from tests.pipeline.commands.support import CommandLine
from tests.pipeline.release.support import COMMIT, KEY, OTHER_KEY_TEXT, PIPELINE, SECRET

REPORTS = {"dev.json", "dev.md", "dev.widget.json"}
SEALED = "dev.plan.sealed"


def left(pipeline: CommandLine) -> set[str]:
    """Names of the files in reports/."""
    return {path.name for path in (pipeline.root / "reports").glob("*")}


def holders(pipeline: CommandLine) -> set[str]:
    """Files that hold the planted secret, or are a plan file (a ZIP archive)."""
    return {
        path.relative_to(pipeline.root).as_posix()
        for path in pipeline.files()
        if SECRET.encode() in path.read_bytes() or path.read_bytes().startswith(b"PK")
    }


def test_a_plan_leaves_its_report_in_three_forms_and_nothing_else(pipeline: CommandLine) -> None:
    pipeline.stack(store="one")
    ended = pipeline("plan", "dev", "--no-cost")
    assert (ended.status, ended.err) == (Status.OK, "")
    assert ended.out.startswith("OK  Plan: dev +2\n")
    assert left(pipeline) == REPORTS
    report = pipeline.report("reports/dev.json").stacks[0]
    assert [change.address for change in report.changes] == [
        "terraform_data.login",
        "terraform_data.store",
    ]
    widget = json.loads((pipeline.root / "reports/dev.widget.json").read_text())
    assert widget == {"create": 2, "update": 0, "delete": 0}
    assert holders(pipeline) == {"cdktf.out/stacks/dev/cdk.tf.json"}
    assert SECRET not in ended.out


def test_a_sealed_plan_can_be_opened_with_its_key_only(job: CommandLine) -> None:
    job.stack(store="one")
    ended = job("plan", "dev", "--no-cost", "--seal")
    assert (ended.status, ended.err) == (Status.OK, "")
    assert left(job) == {*REPORTS, SEALED}
    assert holders(job) == {"cdktf.out/stacks/dev/cdk.tf.json"}
    plain = job.root.parent / "plain"
    header = unseal(job.root / "reports" / SEALED, key=KEY, to=plain)
    assert (header.stack, header.commit, header.pipeline_id) == ("dev", COMMIT, PIPELINE)
    assert header.fingerprint == job.report("reports/dev.json").stacks[0].fingerprint
    assert plain.read_bytes().startswith(b"PK")


@pytest.mark.parametrize(
    ("key", "words"), [("", "PLAN_KEY is not set"), ("c2hvcnQ=", "PLAN_KEY: key 1 of 1 is not")]
)
def test_a_plan_is_not_sealed_without_a_key(job: CommandLine, key: str, words: str) -> None:
    job.stack(store="one")
    job.set(PLAN_KEY=key)
    assert job.refused(Status.USAGE, "plan", "dev", "--seal", "--no-cost").startswith(words)


def test_a_plan_is_sealed_in_a_pipeline_only(pipeline: CommandLine) -> None:
    pipeline.stack(store="one")
    pipeline.set(PLAN_KEY=OTHER_KEY_TEXT)
    line = pipeline.refused(Status.USAGE, "plan", "dev", "--seal", "--no-cost")
    assert line.startswith("CI_COMMIT_SHA, CI_PIPELINE_ID, CI_JOB_ID, CI_JOB_NAME not set")


def test_a_configuration_that_fails_leaves_a_report_that_says_so(job: CommandLine) -> None:
    job.stack(store="one")
    assert job("plan", "dev", "--no-cost", "--seal").status == Status.OK
    job.stack(store="${terraform_data.missing.output}")
    ended = job("plan", "dev", "--no-cost", "--seal")
    assert ended.status == Status.FAILED
    assert "Reference to undeclared resource" in ended.err
    last = ended.err.splitlines()[-1]
    assert last.startswith("terraform plan in cdktf.out/stacks/dev")
    # Nothing of the run before is left to be taken for this one's.
    assert left(job) == {"dev.json", "dev.md"}
    report = job.report("reports/dev.json")
    assert report.stacks[0].failure == last
    assert (report.commit, report.pipeline_id) == (COMMIT, PIPELINE)
    assert "dev=" not in (job.root / "reports/dev.md").read_text().splitlines()[0]


def test_a_failure_is_masked_in_the_report(
    pipeline: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = "glpat-" + "Zx81kQ0vB7nM3tYp"

    def fail(_folder: object, **_options: object) -> None:
        raise PipelineError(f"no module at https://ci:{token}@example.com")

    monkeypatch.setattr(terraform, "init", fail)
    pipeline.stack(store="one")
    assert pipeline("plan", "dev", "--no-cost").status == Status.FAILED
    failure = pipeline.report("reports/dev.json").stacks[0].failure
    assert token not in failure
    assert failure.startswith("no module at ")


def test_a_setting_that_is_wrong_leaves_a_report_that_says_so(pipeline: CommandLine) -> None:
    pipeline.stack(store="one")
    ended = pipeline("plan", "dev", "--budgets", "none.yml", "--region", "ap-southeast-1")
    assert ended.status == Status.BAD_SETTINGS
    assert "none.yml: cannot be read" in ended.line
    assert pipeline.report("reports/dev.json").environments[0].failure == ended.line
    assert not (pipeline.root / "cdktf.out/stacks/dev/.terraform").exists()


def test_an_unknown_type_fails_the_job_and_leaves_the_report(
    pipeline: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(cast("dict[str, str]", free._PROVIDERS), "terraform")
    pipeline.stack(store="one")
    pipeline.write("usage.yml", "version: 0.1\n")
    options = ("--usage", "dev=usage.yml", "--region", "ap-southeast-1")
    ended = pipeline("plan", "dev", *options)
    assert ended.status == Status.UNPRICED
    assert "terraform_data" in ended.line
    assert left(pipeline) == REPORTS

    for allowing in (
        (*options, "--allow-unpriced", "terraform_data"),
        ("--usage", "dev=allowing.yml", "--region", "ap-southeast-1"),
    ):
        pipeline.write("allowing.yml", "version: 0.1\nallow_unpriced: [terraform_data]\n")
        ended = pipeline("plan", "dev", *allowing)
        assert (ended.status, ended.err) == (Status.OK, "")
        assert "allowed without a price: terraform_data" in ended.out


def test_what_costs_nothing_by_nature_is_priced(pipeline: CommandLine) -> None:
    pipeline.stack(store="one")
    pipeline.write("usage.yml", "version: 0.1\n")
    ended = pipeline("plan", "dev", "--usage", "dev=usage.yml", "--region", "ap-southeast-1")
    assert (ended.status, ended.err) == (Status.OK, "")
    assert "0.00" in ended.out


def test_an_unknown_environment_is_one_line(pipeline: CommandLine) -> None:
    assert pipeline.refused(Status.USAGE, "plan", "prod") == (
        "cdktf.out/stacks/prod: no synthesised stack 'prod'; run 'cdktf synth' first"
    )
    pipeline.stack(store="one")
    line = pipeline.refused(Status.USAGE, "plan", "prod")
    assert line.endswith("no synthesised stack 'prod'; there are dev")


def test_usage_of_another_environment_is_refused(pipeline: CommandLine) -> None:
    pipeline.stack(store="one")
    line = pipeline.refused(Status.USAGE, "plan", "dev", "--usage", "prod=usage.yml")
    assert "no plan of 'prod', only of dev" in line


def test_a_reports_folder_that_cannot_be_made_is_one_line(job: CommandLine) -> None:
    job.stack(store="one")
    job.write("reports", "a file")
    ended = job("plan", "dev", "--no-cost")
    assert ended.status == Status.FAILED
    assert ended.line.startswith("reports/dev.md: cannot be removed: Not a directory")

"""``drift``: what was changed outside Terraform is told from what merely waits to be applied."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pipeline.commands import plan as command
from pipeline.errors import Status
from pipeline.plan.model import Action, Change, Plan
from pipeline.release import terraform
from tests.pipeline.commands.support import CommandLine
from tests.pipeline.plans import change, plan

BUCKET = "aws_s3_bucket.data"
DRIFTED = change(BUCKET, "update", {"acl": "private"}, {"acl": "public-read"})
BACK = change(BUCKET, "update", {"acl": "public-read"}, {"acl": "private"})
QUEUE = change("aws_sqs_queue.jobs", "create", after={"name": "jobs"})
SAME = change(BUCKET, "no-op", {"acl": "public-read"})


def exists(pipeline: CommandLine) -> None:
    """Apply a stack, as the pipeline did."""
    pipeline.stack(store="one")
    folder = Path("cdktf.out/stacks/dev")
    saved = pipeline.root.parent / "saved"
    terraform.init(folder)
    terraform.plan(folder, saved)
    terraform.apply(folder, saved)


def crafted(
    pipeline: CommandLine, drift: Sequence[Change], *changes: Change, **others: object
) -> None:
    """Let Terraform's plan be this one."""

    def read(_path: object, *, stack: str) -> Plan:
        outputs = {"url": Action.UPDATE} if others.get("output") else None
        return plan(*changes, drift=tuple(drift), stack=stack, outputs=outputs)

    pipeline.stack(store="one")
    pipeline.patch.setattr(command, "read_plan", read)
    for name in ("init", "plan", "show_json"):
        pipeline.patch.setattr(terraform, name, lambda *_arguments, **_options: None)


def test_what_is_as_it_was_applied_has_no_drift(pipeline: CommandLine) -> None:
    exists(pipeline)
    ended = pipeline("drift", "dev")
    assert (ended.status, ended.err) == (Status.OK, "")
    assert ended.out == "dev: everything is as the default branch describes it\n"
    assert pipeline.report("reports/dev.json").stacks[0].unchanged


def test_what_waits_to_be_applied_is_no_drift(pipeline: CommandLine) -> None:
    exists(pipeline)
    pipeline.stack(store="two")
    ended = pipeline("drift", "dev")
    assert (ended.status, ended.err) == (Status.OK, "")
    assert ended.out.splitlines()[-1] == "dev: no drift; 1 change to be applied"
    assert "terraform_data.store" in ended.out


def test_an_output_that_waits_is_counted(pipeline: CommandLine) -> None:
    crafted(pipeline, [], output=True)
    assert pipeline("drift", "dev").out.splitlines()[-1] == (
        "dev: no drift; 0 changes and 1 output to be applied"
    )


def test_what_the_plan_would_change_back_is_drift(pipeline: CommandLine) -> None:
    crafted(pipeline, [DRIFTED], BACK, QUEUE)
    ended = pipeline("drift", "dev")
    assert ended.status == 16
    assert ended.line.startswith(f"dev: changed outside Terraform: {BUCKET}; apply the default")
    assert "aws_sqs_queue" not in ended.line
    assert "was changed outside Terraform: acl" in ended.out
    assert pipeline.report("reports/dev.json").stacks[0].warnings


def test_what_was_deleted_is_drift(pipeline: CommandLine) -> None:
    gone = change(BUCKET, "delete", {"acl": "private"})
    crafted(pipeline, [gone], change(BUCKET, "create", after={"acl": "private"}))
    assert pipeline("drift", "dev").status == Status.DRIFT


def test_what_was_deleted_is_drift_although_nothing_would_be_changed(
    pipeline: CommandLine,
) -> None:
    crafted(pipeline, [change(BUCKET, "delete", {"acl": "private"})])
    assert pipeline("drift", "dev").status == Status.DRIFT


def test_what_the_plan_leaves_as_it_is_is_no_drift(pipeline: CommandLine) -> None:
    crafted(pipeline, [DRIFTED], SAME, QUEUE)
    ended = pipeline("drift", "dev")
    assert (ended.status, ended.err) == (Status.OK, "")
    assert ended.out.splitlines()[-1] == "dev: no drift; 1 change to be applied"


def test_nothing_is_sealed_and_nothing_is_priced(pipeline: CommandLine) -> None:
    pipeline.stack(store="one")
    assert pipeline("drift", "dev").status == Status.OK
    assert {path.name for path in Path("reports").iterdir()} == {
        "dev.json",
        "dev.md",
        "dev.widget.json",
    }
    assert pipeline.report("reports/dev.json").stacks[0].estimate is None


def test_a_configuration_that_fails_leaves_a_report_that_says_so(pipeline: CommandLine) -> None:
    pipeline.stack(store="${terraform_data.missing.output}")
    ended = pipeline("drift", "dev")
    assert ended.status == Status.FAILED
    failure = pipeline.report("reports/dev.json").stacks[0].failure
    assert failure == ended.err.splitlines()[-1]


def test_an_unknown_environment_is_one_line(pipeline: CommandLine) -> None:
    assert "no synthesised stack 'dev'" in pipeline.refused(Status.USAGE, "drift", "dev")

"""``drift``: what was changed outside Terraform is told from what merely waits to be applied."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from pipeline.commands import drift as command_of_drift
from pipeline.commands import plan as command
from pipeline.commands.drift import message
from pipeline.errors import PipelineError, Status
from pipeline.plan.model import Action, Change, Plan
from pipeline.release import terraform
from pipeline.report.model import PlanWarning, Topic
from tests.pipeline.commands.support import CommandLine
from tests.pipeline.environments import environments_json
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
    pipeline.patch.setattr(command, "plan_findings", lambda *_: ())
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
    assert "was changed outside Terraform: acl" in " ".join(ended.out.split())
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


TOPICS = {
    severity: f"arn:aws:sns:ap-southeast-1:123456789012:mapvibe-dev-alerts-{severity}"
    for severity in ("critical", "warning")
}
TAGGED = change("aws_vpc.net", "update", {"tags": {"Owner": "a"}}, {"tags": {}})
TAGGED_BACK = change("aws_vpc.net", "update", {"tags": {}}, {"tags": {"Owner": "a"}})
OPENED = change(
    "aws_security_group.db",
    "no-op",
    {
        "id": "sg-1",
        "name": "mapvibe-dev-database",
        "ingress": [
            {
                "protocol": "tcp",
                "from_port": 5432,
                "to_port": 5432,
                "cidr_blocks": ["0.0.0.0/0"],
            }
        ],
    },
)


@pytest.fixture
def published(pipeline: CommandLine) -> list[tuple[str, str, str]]:
    """Topic, subject and text of all that is published."""
    found: list[tuple[str, str, str]] = []

    def publish(topic: str, *, subject: str, text: str, env: object) -> None:
        found.append((topic, subject, text))

    pipeline.patch.setattr(command_of_drift, "publish_alert", publish)
    return found


def with_topics(pipeline: CommandLine) -> None:
    listing = environments_json(dev=["dev"])
    listing["environments"][0]["alert_topics"] = TOPICS
    pipeline.write("cdktf.out/environments.json", listing)


def test_what_opens_is_told_to_the_critical_topic_in_words(
    pipeline: CommandLine, published: list[tuple[str, str, str]]
) -> None:
    crafted(pipeline, [TAGGED], TAGGED_BACK, OPENED)
    with_topics(pipeline)
    pipeline.set(CI_JOB_URL="https://gitlab.example.com/jobs/7")
    ended = pipeline("drift", "dev", "--tell")
    assert ended.status == 16
    assert f"dev: told to {TOPICS['critical']}" in ended.out
    [(topic, subject, text)] = published
    assert (topic, subject) == (TOPICS["critical"], "dev: changed outside Terraform")
    assert text == (
        "dev was changed outside Terraform:\n"
        "• the security group mapvibe-dev-database lets 0.0.0.0/0 in on port 5432: added outside "
        "Terraform, and no plan takes it away (aws_security_group.db)\n"
        "• the VPC was changed outside Terraform: tags.Owner (aws_vpc.net)\n"
        "What to do: docs/runbooks/drift.md. The job: https://gitlab.example.com/jobs/7"
    )


def test_what_only_differs_is_a_warning_and_told_once(
    pipeline: CommandLine, published: list[tuple[str, str, str]]
) -> None:
    crafted(pipeline, [TAGGED], TAGGED_BACK)
    with_topics(pipeline)
    for _ in range(2):
        assert pipeline("drift", "dev", "--tell").status == 16
    assert [topic for topic, _, _ in published] == [TOPICS["warning"]]
    crafted(pipeline, [])
    with_topics(pipeline)
    assert pipeline("drift", "dev", "--tell").status == Status.OK
    crafted(pipeline, [TAGGED], TAGGED_BACK)
    with_topics(pipeline)
    assert pipeline("drift", "dev", "--tell").status == 16
    assert len(published) == 2, "it was gone, and came back"


def test_a_person_who_looks_tells_nobody(
    pipeline: CommandLine, published: list[tuple[str, str, str]]
) -> None:
    crafted(pipeline, [TAGGED], TAGGED_BACK)
    with_topics(pipeline)
    assert pipeline("drift", "dev").status == 16
    assert published == []


def test_without_topics_or_without_an_answer_the_job_says_so(pipeline: CommandLine) -> None:
    crafted(pipeline, [TAGGED], TAGGED_BACK)
    ended = pipeline("drift", "dev", "--tell")
    assert (ended.status, "dev: it has no alert topics; nobody is told" in ended.out) == (16, True)
    with_topics(pipeline)

    def fails(*_arguments: object, **_options: object) -> None:
        raise PipelineError("nobody was told: no route")

    pipeline.patch.setattr(command_of_drift, "publish_alert", fails)
    for _ in range(2):
        ended = pipeline("drift", "dev", "--tell")
        assert ended.status == 16
        assert "warning: nobody was told: no route" in ended.out, "and it is tried again"


def test_a_long_list_is_cut() -> None:
    found = [PlanWarning(topic=Topic.DRIFT, address=f"a.{n}", text=f"t{n}") for n in range(25)]
    lines = message("dev", found, job="").splitlines()
    assert len(lines) == 23
    assert lines[-2:] == ["• and 5 more", "What to do: docs/runbooks/drift.md"]

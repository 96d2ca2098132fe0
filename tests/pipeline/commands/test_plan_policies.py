"""``plan`` runs our policy checks: what fails is in the report, in the terminal, and in the status."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipeline.commands.policies import plan_findings
from pipeline.errors import PipelineError, Status
from pipeline.report.markdown import render
from pipeline.report.model import PolicyFinding
from tests.pipeline.commands.support import CommandLine
from tests.policies.examples import change, plan, stack

POLICY = "aws_iam_policy.p"
EVERYTHING = json.dumps({"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]})
FAILED = PolicyFinding(
    stack="dev",
    resource="p",
    check="MV_AWS_7",
    text="allows every action on *",
    severity="critical",
    remedy="Name the actions.",
)


def test_findings_of_a_plan(tmp_path: Path) -> None:
    path = stack(tmp_path, {"aws_iam_policy": {"p": {"policy": "${local.policy}"}}})
    found = plan_findings(path.parent, plan(tmp_path, change(POLICY, {"policy": EVERYTHING})))
    mine = [each for each in found if each.check == "MV_AWS_7"]
    assert [(each.severity, each.fails, each.text) for each in mine] == [
        ("critical", True, "allows every action on *")
    ]
    assert mine[0].remedy.startswith("Name the actions")
    found = plan_findings(path.parent, plan(tmp_path, change(POLICY, {}, {"policy": True})))
    assert {each.undecided for each in found} == {True}


def test_checks_that_could_not_run(tmp_path: Path) -> None:
    path = stack(tmp_path, {})
    broken = tmp_path / "plan.json"
    broken.write_text("{")
    with pytest.raises(PipelineError, match="no JSON"):
        plan_findings(path.parent, broken)


def test_what_fails_is_reported_and_ends_the_command(
    pipeline: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    pipeline.stack(store="one")
    monkeypatch.setattr("pipeline.commands.plan.plan_findings", lambda *_: (FAILED,))
    ended = pipeline("plan", "dev", "--no-cost")
    assert ended.status == Status.POLICY
    assert ended.err == "dev: MV_AWS_7 p: allows every action on *; Name the actions.\n"
    assert "FAILED critical MV_AWS_7 dev p: allows every action on *" in ended.out
    report = pipeline.report("reports/dev.json")
    assert report.stacks[0].policies == (FAILED,)
    note = render(report)
    assert "🔴 **Failed** (1 critical)" in note
    assert "- `MV_AWS_7`: Name the actions." in note

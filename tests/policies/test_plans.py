"""A plan and the JSON that it was made of, together."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from policies import Severity, check_plan
from policies.__main__ import main
from tests.policies.examples import change, plan, stack

POLICY = "aws_iam_policy.p"
EVERYTHING = json.dumps({"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]})
NAMED = json.dumps(
    {"Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}]}
)
UNKNOWN: tuple[dict[str, Any], dict[str, Any]] = ({}, {"policy": True})


def _of(value: str) -> tuple[dict[str, Any], dict[str, Any]]:
    return {"policy": value}, {}


@pytest.mark.parametrize(
    ("written", "planned", "outcome"),
    [
        (NAMED, _of(NAMED), "passes"),
        (NAMED, UNKNOWN, "passes"),
        (EVERYTHING, UNKNOWN, "fails"),
        (EVERYTHING, _of(NAMED), "fails"),
        ("${local.policy}", _of(NAMED), "passes"),
        ("${local.policy}", _of(EVERYTHING), "fails"),
        ("${local.policy}", UNKNOWN, "open"),
    ],
)
def test_what_either_of_them_knows_counts(
    tmp_path: Path, written: str, planned: Any, outcome: str
) -> None:
    path = stack(tmp_path, {"aws_iam_policy": {"p": {"policy": written}}})
    verdict = check_plan(path, plan(tmp_path, change(POLICY, *planned)))
    failed, open_ = (
        {each.check for each in found} for found in (verdict.failed, verdict.undecided)
    )
    assert ("MV_AWS_7" in failed) is (outcome == "fails")
    assert ("MV_AWS_7" in open_) is (outcome == "open")
    assert all(each.severity is Severity.CRITICAL for each in verdict.failed)


def test_a_skip_beside_the_resource_counts_for_its_plan(tmp_path: Path) -> None:
    skipped = {"checkov_skip": {"MV_AWS_7": "an administrator of the account, by decision"}}
    body = {"policy": "${local.policy}", "//": skipped}
    path = stack(tmp_path, {"aws_iam_policy": {"p": body}})
    verdict = check_plan(path, plan(tmp_path, change(POLICY, *_of(EVERYTHING))))
    assert [each.check for each in verdict.skipped] == ["MV_AWS_7"]
    assert "MV_AWS_7" not in {each.check for each in verdict.failed}


def test_what_goes_is_not_asked(tmp_path: Path) -> None:
    gone = change(POLICY, *_of(EVERYTHING))
    gone["change"] |= {"actions": ["delete"], "after": None, "before": {"policy": EVERYTHING}}
    path = stack(tmp_path, {})
    assert check_plan(path, plan(tmp_path, gone, planned_values={})).failed == ()


def test_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    stack(tmp_path, {"aws_iam_policy": {"p": {"policy": "${local.policy}"}}})
    made, report = plan(tmp_path, change(POLICY, *UNKNOWN)), tmp_path / "out" / "policies.json"
    options = ["dev", "--out", str(tmp_path), "--plan", str(made), "--json", str(report)]
    assert main(options) == 0
    assert "UNKNOWN before the apply MV_AWS_7 p: its policy is not known" in capsys.readouterr().out
    rows = json.loads(report.read_text())
    assert {row["check"] for row in rows if row["undecided"]} == {"MV_AWS_7", "MV_AWS_12"}


@pytest.mark.parametrize(
    ("content", "message"),
    [("{", "no JSON"), ("[]", "no JSON object"), ("{}", "no plan"), (None, "No such file")],
)
def test_what_is_no_plan(
    tmp_path: Path, content: str | None, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    stack(tmp_path, {})
    path = tmp_path / "plan.json"
    if content is not None:
        path.write_text(content)
    assert main(["dev", "--out", str(tmp_path), "--plan", str(path)]) == 2
    error = capsys.readouterr().err
    assert message in error
    assert error.count("\n") == 1


def test_a_plan_is_of_one_stack(tmp_path: Path) -> None:
    with pytest.raises(SystemExit):
        main(["--out", str(tmp_path), "--plan", "plan.json"])


def test_a_check_that_fails_itself_ends_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Checkov would take that for an answer, and go on."""
    path = stack(tmp_path, {"aws_iam_policy": {"p": {"policy": NAMED}}})

    def broken(*_: object) -> None:
        raise ZeroDivisionError("made up")

    monkeypatch.setattr("policies.checks.no_wildcard_permissions.check.grants", broken)
    assert main(["--out", str(path.parents[2])]) == 2
    assert "MV_AWS_7: failed at aws_iam_policy.p: ZeroDivisionError" in capsys.readouterr().err

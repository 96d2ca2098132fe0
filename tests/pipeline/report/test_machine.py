"""The report as JSON, read back by another job."""

from __future__ import annotations

import msgspec
import pytest

from pipeline.errors import PipelineError, Status
from pipeline.report import machine
from pipeline.report.model import JobFailure, PolicyFinding, Report
from tests.pipeline.report.reports import DEV, ESTIMATE, PROD, SMALL, alone, everywhere

FINDING = PolicyFinding(stack="dev", resource="bucket", check="CKV_AWS_18", text="no log")


@pytest.mark.parametrize(
    "report", [Report(), SMALL, everywhere("a `b` | <c> \n é 🔴")], ids=["empty", "small", "all"]
)
def test_what_is_written_is_read_back(report: Report) -> None:
    data = machine.encode(report)
    again = machine.decode(data, name="report.json")
    assert again == report
    assert machine.encode(again) == data


def test_equal_reports_give_equal_bytes_whatever_the_order_of_their_totals() -> None:
    one, other = (
        Report(
            environments=(
                alone(
                    "dev",
                    estimate=msgspec.structs.replace(
                        ESTIMATE, by_module=dict.fromkeys(names, ESTIMATE.total)
                    ),
                ),
            ),
        )
        for names in (("a", "b"), ("b", "a"))
    )
    assert machine.encode(one) == machine.encode(other)
    assert b'{"environments":[{' in machine.encode(one)


def amount_of(text: str) -> bytes:
    return machine.encode(SMALL).replace(b'"18.25"', text.encode())


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "it is empty"),
        (b" \n", "it is empty"),
        (machine.encode(SMALL)[:-20], "truncated"),
        (b"[]", "Expected `object`, got `array`"),
        (b"{}", "missing required field `format`"),
        (b'{"format": 1, "environments": 7}', "its format is 1, this pipeline reads 3"),
        (b'{"format": 3, "environments": 7}', "Expected `array`, got `int` - at `$.environments`"),
        (b'{"format": 3, "commit": "\xff"}', "utf-8"),
        (b'{"format": 3, "x": ' + b"[" * 200_000, "recursion"),
        (amount_of('"NaN"'), "an amount is no number, or far too large"),
        (amount_of("1e999"), "an amount is no number, or far too large"),
        (amount_of('"much"'), "decimal"),
    ],
    ids=[
        "empty",
        "blank",
        "truncated",
        "a list",
        "something else",
        "another format",
        "wrong type",
        "not UTF-8",
        "nested",
        "NaN",
        "huge",
        "no number",
    ],
)
def test_what_is_no_report_is_one_line(data: bytes, reason: str) -> None:
    with pytest.raises(PipelineError) as caught:
        machine.decode(data, name="plan/report.json")
    text = str(caught.value)
    assert text.startswith("plan/report.json: no report of this pipeline: ")
    assert text.endswith("; run the job that wrote it again")
    assert reason in text
    assert "\n" not in text
    assert caught.value.status is Status.BAD_SETTINGS


def test_half_a_character_is_one_line() -> None:
    with pytest.raises(PipelineError, match="half a character") as caught:
        machine.encode(everywhere("\ud800"))
    assert caught.value.status is Status.BAD_PLAN


def test_reports_of_several_jobs_become_one() -> None:
    failure = JobFailure(job="validate")
    merged = machine.merge(
        [
            Report(environments=(DEV,), commit="abc", failures=(failure,), pipeline_id=7),
            Report(environments=(PROD,), commit="abc", pipeline_url="https://x/7"),
            Report(policies=(FINDING,), policies_baseline=True, failures=(failure,)),
        ]
    )
    assert merged == Report(
        environments=(DEV, PROD),
        policies=(FINDING,),
        policies_baseline=True,
        failures=(failure,),
        commit="abc",
        pipeline_id=7,
        pipeline_url="https://x/7",
    )


def test_findings_of_which_one_report_had_no_baseline_have_none() -> None:
    other = msgspec.structs.replace(FINDING, stack="prod")
    merged = machine.merge(
        [
            Report(policies=(other, FINDING), policies_baseline=True),
            Report(policies=(FINDING,), policies_baseline=False),
        ]
    )
    assert merged.policies == (FINDING, other)
    assert not merged.policies_baseline


def test_nothing_merged_is_an_empty_report() -> None:
    assert machine.merge([]) == Report()


def test_the_same_environment_twice_is_refused() -> None:
    with pytest.raises(PipelineError, match=r"^prod: two reports have this environment") as caught:
        machine.merge([SMALL, Report(environments=(alone("prod"),))])
    assert caught.value.status is Status.USAGE


def test_reports_of_different_commits_are_refused() -> None:
    with pytest.raises(PipelineError, match=r"several commits \(abc, def\)") as caught:
        machine.merge([Report(commit="def"), Report(), Report(commit="abc")])
    assert caught.value.status is Status.USAGE

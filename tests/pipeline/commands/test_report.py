"""``report`` with plans that are right: every form, every source of the cost, what must not pass."""

from __future__ import annotations

import json

import pytest

from pipeline.errors import Status
from tests.pipeline.commands.support import MYSTERY, CommandLine, Ended, priced_plan
from tests.pipeline.cost.test_infracost import breakdown, component, resource
from tests.pipeline.plans import plan_json, resource_change
from tests.pipeline.release.support import COMMIT

CHEAP = "dev: {monthly: {fail: 0.5}}\nprod: {}\n"
FINDING = {"stack": "dev", "resource": "aws_kms_key.main", "check": "CKV_AWS_7", "text": "rotate"}
OLD = {**FINDING, "check": "CKV_AWS_33", "text": "wildcard"}


def good(ended: Ended) -> str:
    """What a command printed that went well."""
    assert (ended.status, ended.err) == (Status.OK, "")
    return ended.out


def test_the_terminal_shows_80_columns_without_colours(pipeline: CommandLine) -> None:
    out = good(pipeline("report", *pipeline.plan()))
    assert out.startswith("OK  Plan: dev +1 · +1.00 USD a month\n")
    assert "aws_kms_key.main" in out
    assert "key: 1 Keys" in out
    assert "\x1b" not in out
    assert max(map(len, out.splitlines())) <= 80


def test_quiet_prints_nothing(pipeline: CommandLine) -> None:
    assert good(pipeline("report", *pipeline.plan(), "--quiet", "--markdown", "new/out.md")) == ""
    note = (pipeline.root / "new" / "out.md").read_text()
    assert note.startswith("<!-- mapvibe:plan dev=")
    assert "aws_kms_key.main" in note


def test_json_says_what_was_planned(pipeline: CommandLine) -> None:
    pipeline.set(CI_COMMIT_SHA=COMMIT, CI_PIPELINE_ID=7)
    good(pipeline("report", *pipeline.plan(), "--json", "out.json"))
    report = pipeline.report("out.json")
    (dev,) = report.stacks
    assert (dev.name, dev.counts.create, dev.failure) == ("dev", 1, "")
    assert dev.estimate is not None
    assert dev.estimate.total.after.total == 1
    assert dev.estimate.prices == 2
    assert dev.estimate.price_age_days is not None
    assert (report.commit, report.pipeline_id) == (COMMIT, 7)


def test_the_widget_has_the_sum_of_the_environments(pipeline: CommandLine) -> None:
    changes = [
        resource_change(f"aws_sqs_queue.{action}", action, {}, None if action == "delete" else {})
        for action in ("update", "delete", "replace")
    ]
    plans = (*pipeline.plan()[:2], *pipeline.plan("prod", plan_json(*changes))[:2])
    good(pipeline("report", *plans, "--no-cost", "--widget", "out.json"))
    widget = json.loads((pipeline.root / "out.json").read_text())
    assert widget == {"create": 2, "update": 1, "delete": 2}


def test_the_cost_can_be_left_out(pipeline: CommandLine) -> None:
    plan = pipeline.plan(content=priced_plan(MYSTERY))[:2]
    assert "USD" not in good(pipeline("report", *plan, "--no-cost", "--json", "out.json"))
    assert pipeline.report("out.json").stacks[0].estimate is None


def test_the_cost_can_come_from_infracost(pipeline: CommandLine) -> None:
    found = {
        "version": "0.2",
        "currency": "USD",
        "projects": [
            {
                "name": "infrastructure/dev",
                "metadata": {"path": "cdktf.out"},
                "pastBreakdown": breakdown(total="0"),
                "breakdown": breakdown(
                    resource("aws_kms_key.main", component("Customer master key", "7")), total="7"
                ),
                "summary": {},
            }
        ],
    }
    pipeline.write("infracost.json", found)
    plan = pipeline.plan()[:2]
    out = good(pipeline("report", *plan, "--cost-from", "dev=infracost.json"))
    assert "+7.00 USD a month" in out
    assert "Infracost" in out


def test_other_usage_and_another_tag_are_counted(pipeline: CommandLine) -> None:
    tagged = resource_change("aws_kms_key.main", after={"tags_all": {"Team": "rag"}})
    plan = pipeline.plan(content=plan_json(tagged))
    usage = "version: 0.1\nresource_usage: {aws_kms_key.main: {monthly_requests: 1000000}}\n"
    pipeline.write("usage.yml", usage)
    good(pipeline("report", *plan, "--tag", "Team", "--json", "out.json"))
    estimate = pipeline.report("out.json").stacks[0].estimate
    assert estimate is not None
    assert {name: each.after.total for name, each in estimate.by_tag.items()} == {"Team=rag": 4}


@pytest.mark.parametrize(
    ("baseline", "checks", "compared"),
    [
        pytest.param(None, ["CKV_AWS_33", "CKV_AWS_7"], False, id="without a baseline"),
        pytest.param([OLD], ["CKV_AWS_7"], True, id="with a baseline"),
        pytest.param([OLD, FINDING], [], True, id="nothing new"),
    ],
)
def test_policy_findings(
    pipeline: CommandLine, baseline: object, checks: list[str], compared: bool
) -> None:
    pipeline.write("policies.json", [OLD, FINDING])
    pipeline.write("main.json", baseline)
    options = ["--policies", "policies.json"]
    options += ["--policies-baseline", "main.json"] if baseline else []
    good(pipeline("report", *pipeline.plan(), *options, "--json", "out.json"))
    report = pipeline.report("out.json")
    assert sorted(each.check for each in report.policies) == checks
    assert report.policies_baseline is compared


def test_another_reason_for_a_skip_is_new(pipeline: CommandLine) -> None:
    pipeline.write("main.json", [{**FINDING, "skipped": True, "text": "one reason"}])
    pipeline.write("policies.json", [{**FINDING, "skipped": True, "text": "another"}])
    options = ("--policies", "policies.json", "--policies-baseline", "main.json")
    good(pipeline("report", *pipeline.plan(), *options, "--json", "out.json"))
    assert [each.text for each in pipeline.report("out.json").policies] == ["another"]


def test_an_unknown_type_is_in_the_report_and_has_a_status(pipeline: CommandLine) -> None:
    plan = pipeline.plan(content=priced_plan(MYSTERY))
    ended = pipeline("report", *plan, "--markdown", "out.md")
    assert ended.status == 5
    assert ended.line.startswith(
        "dev: the estimator does not know the price of aws_mystery_box; add a pricer"
    )
    assert "aws_mystery_box" in (pipeline.root / "out.md").read_text()
    assert "aws_mystery_box" in ended.out


ALLOWED = ("--allow-unpriced", "aws_mystery_box")
ALLOWING = "version: 0.1\nallow_unpriced: [aws_mystery_box]\n"


@pytest.mark.parametrize("options", [ALLOWED, ()], ids=["option", "usage file"])
def test_a_type_that_is_allowed_is_named_and_no_reason_to_fail(
    pipeline: CommandLine, options: tuple[str, ...]
) -> None:
    plan = pipeline.plan(content=priced_plan(MYSTERY))
    if not options:
        pipeline.write("usage.yml", ALLOWING)
    out = good(pipeline("report", *plan, *options, "--markdown", "out.md", "--json", "out.json"))
    words = "allowed without a price:"
    line = f"dev {words} aws_mystery_box, not in the total: aws_mystery_box.gift"
    assert line in " ".join(out.split())
    note = (pipeline.root / "out.md").read_text()
    assert f"- 🟡 `dev` **{words}** `aws_mystery_box`, not in the total:" in note
    assert "## 🟡 Plan: dev `+2` · +1.00 USD a month, incomplete" in note
    estimate = pipeline.report("out.json").stacks[0].estimate
    assert estimate is not None
    assert estimate.allowed == ("aws_mystery_box",)
    assert [each.type for each in estimate.unpriced] == ["aws_mystery_box"]


def test_another_type_is_not_allowed_with_it(pipeline: CommandLine) -> None:
    other = resource_change("aws_other_box.gift", after={})
    plan = pipeline.plan(content=priced_plan(MYSTERY, other))
    ended = pipeline("report", *plan, *ALLOWED)
    assert ended.status == Status.UNPRICED
    assert "price of aws_other_box; add a pricer" in ended.line


@pytest.mark.parametrize(
    ("options", "line"),
    [
        (
            ("--allow-unpriced", "aws_a,aws_b"),
            (
                "--allow-unpriced aws_a,aws_b: is no resource type, such as aws_medialive_channel; "
                "repeat the option for more"
            ),
        ),
        (("--allow-unpriced", ""), "--allow-unpriced : is no resource type"),
        ((*ALLOWED, "--no-cost"), "--allow-unpriced: says nothing beside --no-cost"),
    ],
)
def test_what_is_no_type_cannot_be_allowed(
    pipeline: CommandLine, options: tuple[str, ...], line: str
) -> None:
    plan = pipeline.plan()[:2]
    assert pipeline.refused(Status.USAGE, "report", *plan, *options).startswith(line)


def test_many_types_without_a_price_are_one_line(pipeline: CommandLine) -> None:
    boxes = (resource_change(f"aws_box_{number:03}.b", after={}) for number in range(112))
    plan = pipeline.plan(content=priced_plan(*boxes))
    ended = pipeline("report", *plan, "--markdown", "out.md", "--quiet")
    assert ended.status == Status.UNPRICED
    named = ", ".join(f"aws_box_{number:03}" for number in range(10))
    assert f"the price of {named} and 102 more; add a pricer" in ended.line
    note = (pipeline.root / "out.md").read_text()
    assert "**112 unpriced types**" in note
    assert note.count("**no price for**") == 10
    assert "- 🔴 `dev` and 102 more\n" in note
    assert "\n- `aws_box_111`\n  - `aws_box_111.b`\n" in note


def test_a_usage_file_of_infracost_is_no_reason_to_refuse_a_plan(pipeline: CommandLine) -> None:
    workers = resource_change("aws_mwaa_environment.main", after={})
    plan = pipeline.plan(content=priced_plan(workers))
    pipeline.write(
        "usage.yml",
        "version: 0.1\nresource_usage:\n  aws_mwaa_environment.main: {additional_workers: 2}\n"
        "  aws_kms_key.main: {monthly_request: 3}\n",
    )
    line = pipeline.refused(Status.BAD_SETTINGS, "report", *plan)
    assert (
        "monthly_request: unknown usage key of aws_kms_key; did you mean monthly_requests" in line
    )
    usage = (pipeline.root / "usage.yml").read_text()
    pipeline.write("usage.yml", usage.replace("monthly_request:", "monthly_requests:"))
    ended = pipeline("report", *plan, "--allow-unpriced", "aws_mwaa_environment")
    assert (ended.status, ended.err) == (Status.OK, "")


def test_a_budget_that_fails_is_in_the_report_and_has_a_status(pipeline: CommandLine) -> None:
    pipeline.write("budgets.yml", CHEAP)
    options = ("--budgets", "budgets.yml", "--markdown", "out.md")
    ended = pipeline("report", *pipeline.plan(), *options)
    assert ended.status == 6
    assert "dev: monthly cost 1.00 USD is above the limit of 0.5 USD" in ended.line
    assert "0.5 USD" in (pipeline.root / "out.md").read_text()


def test_a_budget_that_warns_passes(pipeline: CommandLine) -> None:
    pipeline.write("budgets.yml", CHEAP.replace("fail", "warn"))
    out = good(pipeline("report", *pipeline.plan(), "--budgets", "budgets.yml"))
    assert "1 budget warning" in out


def test_all_that_must_not_pass_is_named_at_once(pipeline: CommandLine) -> None:
    pipeline.write("budgets.yml", CHEAP)
    plans = (*pipeline.plan(), *pipeline.plan("prod", priced_plan(MYSTERY)))
    ended = pipeline("report", *plans, "--budgets", "budgets.yml", "--quiet")
    assert ended.status == Status.UNPRICED
    assert "dev: monthly cost" in ended.line
    assert "prod: the estimator does not know" in ended.line

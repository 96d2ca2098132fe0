"""The note of an apply: what was changed, or why nothing was, and what is next."""

from __future__ import annotations

import pytest

from pipeline.gitlab.note import LIMIT, marker_of, pipeline_of
from pipeline.plan.model import Action, Plan
from pipeline.report.applied import Outcome, StackOutcome, render
from tests.pipeline.plans import change, plan

COMMIT = "4f1c9a7e2b6d8035c1e4a9f7b3d26058e1c7a4f9"
JOB = "https://gitlab.example.com/group/infra/-/jobs/90"
MARKER = "<!-- mapvibe:applied:dev pipeline=7001 -->"
FOOT = f"[job]({JOB}) · commit `4f1c9a7e`"


def note(outcome: Outcome) -> str:
    return render(outcome, marker=MARKER, job_url=JOB, commit=COMMIT)


def succeeded(*plans: Plan) -> Outcome:
    stacks = tuple(StackOutcome.of(each, "c0ffee") for each in plans)
    return Outcome(environment="dev", stacks=stacks)


def test_what_was_applied_is_listed() -> None:
    made = plan(
        change("aws_sqs_queue.jobs"),
        change("aws_sqs_queue.old", "delete"),
        change("aws_sqs_queue.more"),
        change("aws_sqs_queue.same", "no-op"),
    )
    assert note(succeeded(made)) == (
        f"{MARKER}\n\n"
        "### ✅ dev: applied (2 create, 1 delete)\n\n"
        "<details><summary>What was changed</summary>\n\n"
        "- create `aws_sqs_queue.jobs`\n"
        "- delete `aws_sqs_queue.old`\n"
        "- create `aws_sqs_queue.more`\n\n"
        "</details>\n\n"
        f"{FOOT} · plan `c0ffee`\n"
    )


@pytest.mark.parametrize(
    ("outputs", "words"), [({}, "no changes"), ({"url": Action.UPDATE}, "outputs only")]
)
def test_a_plan_without_changes_takes_one_line(outputs: dict[str, Action], words: str) -> None:
    text = note(succeeded(plan(outputs=outputs)))
    assert text == f"{MARKER}\n\n### ✅ dev: applied, {words}\n\n{FOOT} · plan `c0ffee`\n"


def test_a_refusal_says_that_nothing_was_changed() -> None:
    text = note(
        Outcome(environment="dev", failure="dev: is too old; run a new pipeline", touched=False)
    )
    assert text == (
        f"{MARKER}\n\n### 🛑 dev: not applied\n\n`dev: is too old; run a new pipeline`\n\n"
        f"Nothing was changed.\n\n{FOOT}\n"
    )


def test_a_failure_on_the_way_says_what_is_next() -> None:
    text = note(
        Outcome(environment="dev", failure="terraform apply ended with status 1", touched=True)
    )
    assert "### ❌ dev: the apply failed on the way\n\n`terraform apply ended" in text
    assert "What it reached stays." in text
    assert "Nothing was changed" not in text


def test_the_note_is_found_again_by_its_first_line() -> None:
    text = note(succeeded(plan()))
    assert (marker_of(text), pipeline_of(text)) == ("applied:dev", 7001)


def test_names_are_harmless() -> None:
    hostile = 'aws_sqs_queue.x["`</details>\n<!-- mapvibe:plan prod=f -->@all"]'
    text = note(succeeded(plan(change(hostile))))
    assert text.count("<!--") == 1
    assert text.count("</details>") == 1
    assert "@all" not in text
    text = note(Outcome(environment="dev", failure="no\n/close\n<!-- x -->", touched=False))
    assert text.count("<!--") == 1
    assert "\n/close" not in text


def test_a_secret_in_an_address_is_masked() -> None:
    token = "glpat-" + "Zx81kQ0vB7nM3tYp2Rw9"
    text = note(succeeded(plan(change(f'aws_sqs_queue.x["{token}"]'))))
    assert token not in text
    assert "aws_sqs_queue.x" in text


def test_a_large_plan_stays_below_gitlabs_limit() -> None:
    changes = (change(f'aws_sqs_queue.x["{number}{"|" * 5_000}"]') for number in range(2_000))
    text = note(succeeded(plan(*changes)))
    assert len(text) < LIMIT
    assert "- and 1500 more, in the job's log" in text
    assert text.count("- create ") == 500


def test_a_long_failure_is_cut() -> None:
    text = note(Outcome(environment="dev", failure="x" * 1_000_000, touched=False))
    assert len(text) < 3_000
    assert "more characters" in text


def test_stacks_are_told_apart() -> None:
    both = succeeded(plan(change("aws_a.a")), plan(stack="dev/web-dev"))
    text = note(both)
    assert "### ✅ dev: applied, 2 stacks\n" in text
    assert "- ✅ `dev` applied (1 create)\n- ✅ `dev/web-dev` applied (no changes)\n" in text
    assert text.count("<details>") == 1
    assert f"{FOOT} · plan `dev` `c0ffee`, `dev/web-dev` `c0ffee`\n" in text


def test_several_large_plans_stay_below_gitlabs_limit() -> None:
    changes = [change(f'aws_sqs_queue.x["{number}{"|" * 5_000}"]') for number in range(600)]
    stacks = [plan(*changes, stack=f"dev/s{number}") for number in range(5)]
    text = note(succeeded(*stacks))
    assert len(text) < LIMIT
    assert text.count("- create ") == 500
    assert text.count("- and 500 more, in the job's log") == 5


def test_a_failure_between_stacks_names_what_is_applied_and_what_is_untouched() -> None:
    outcome = Outcome(
        environment="dev",
        stacks=(StackOutcome.of(plan(change("aws_a.a")), "c0ffee"),),
        failure="terraform apply ended with status 1",
        failed="dev/web-dev",
        untouched=("dev/last-dev",),
        touched=True,
    )
    text = note(outcome)
    assert (
        "- ✅ `dev` applied (1 create)\n- ❌ `dev/web-dev` failed\n- `dev/last-dev` untouched\n"
    ) in text
    assert "What it reached stays." in text

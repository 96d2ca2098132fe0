"""What would be applied is compared with what was reviewed."""

from __future__ import annotations

import pytest

from pipeline.errors import PipelineError, Status
from pipeline.plan.model import Action, Plan
from pipeline.release.compare import Verdict, changes_nothing, compare
from tests.pipeline.plans import change, plan


def test_the_reviewed_plan_needs_nothing_more() -> None:
    found = compare({"dev": "d1", "prod": "p1"}, {"dev": "d1", "prod": "p1"})
    assert found.verdicts == {"dev": Verdict.SAME, "prod": Verdict.SAME}
    found.raise_for("dev")
    found.raise_for("prod")


def test_another_plan_needs_a_second_look() -> None:
    found = compare({"dev": "d1", "prod": "p2"}, {"dev": "d1", "prod": "p1"})
    assert found.verdicts == {"dev": Verdict.SAME, "prod": Verdict.DIFFERENT}
    with pytest.raises(PipelineError) as caught:
        found.raise_for("prod")
    assert caught.value.status is Status.DIFFERENT_PLAN
    assert str(caught.value) == (
        "prod: reviewed was p1, to be applied is p2; look at this pipeline's plan, and to accept "
        "it press play with ACCEPT_PLAN=p2"
    )


@pytest.mark.parametrize(
    "reviewed", [None, {}, {"dev": "p1"}, {"prod": ""}], ids=["no-note", "none", "dev", "blank"]
)
def test_a_plan_that_nobody_reviewed_needs_a_look(reviewed: dict[str, str] | None) -> None:
    found = compare({"prod": "p1"}, reviewed)
    assert found.verdicts == {"prod": Verdict.UNREVIEWED}
    with pytest.raises(PipelineError) as caught:
        found.raise_for("prod")
    assert caught.value.status is Status.UNREVIEWED
    assert str(caught.value) == (
        "prod: no reviewed plan was found, to be applied is p1; look at this pipeline's plan, and "
        "to accept it press play with ACCEPT_PLAN=p1"
    )


@pytest.mark.parametrize("reviewed", [None, {"prod": "p1"}], ids=["unreviewed", "different"])
def test_naming_exactly_that_plan_accepts_it(reviewed: dict[str, str] | None) -> None:
    found = compare({"prod": "p2"}, reviewed, accepted=" p2\n")
    assert found.verdicts == {"prod": Verdict.ACCEPTED}
    found.raise_for("prod")


@pytest.mark.parametrize("accepted", ["p1", "p", "p22", "P2", "*", "true", "p2,p3"])
def test_naming_anything_else_does_not(accepted: str) -> None:
    found = compare({"prod": "p2"}, {"prod": "p1"}, accepted=accepted)
    with pytest.raises(PipelineError) as caught:
        found.raise_for("prod")
    assert caught.value.status is Status.DIFFERENT_PLAN
    assert f"(ACCEPT_PLAN={accepted} is another plan)" in str(caught.value)


def test_one_environment_s_fingerprint_does_not_accept_another_s() -> None:
    found = compare({"dev": "d2", "prod": "p2"}, {"dev": "d1", "prod": "p1"}, accepted="d2")
    assert found.verdicts == {"dev": Verdict.ACCEPTED, "prod": Verdict.DIFFERENT}


def test_a_plan_without_a_fingerprint_is_never_the_same_or_accepted() -> None:
    assert compare({"prod": ""}, {"prod": ""}, accepted="").verdicts == {"prod": Verdict.UNREVIEWED}


@pytest.mark.parametrize("reviewed", [None, {"prod": "p1"}], ids=["unreviewed", "different"])
def test_a_plan_that_changes_nothing_needs_no_review(reviewed: dict[str, str] | None) -> None:
    found = compare({"prod": "p0"}, reviewed, empty={"prod"})
    assert found.verdicts == {"prod": Verdict.EMPTY}
    found.raise_for("prod")


X = "terraform_data.x"


@pytest.mark.parametrize(
    ("planned", "expected"),
    [
        (plan(), True),
        (plan(change(X, "no-op"), change("data.aws_region.y", "read")), True),
        (plan(outputs={"url": Action.NO_OP}), True),
        (plan(change(X, "update")), False),
        (plan(change(X, "forget")), False),
        (plan(change(X, "no-op", previous_address="terraform_data.y")), False),
        (plan(outputs={"url": Action.UPDATE}), False),
    ],
    ids=["nothing", "no-op", "output-no-op", "update", "forget", "move", "output"],
)
def test_a_plan_changes_nothing_only_if_no_resource_and_no_output_changes(
    planned: Plan, expected: bool
) -> None:
    assert changes_nothing(planned) is expected

"""The fingerprint tells plans apart, and nothing else."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.plan.fingerprint import fingerprint
from pipeline.plan.model import Action, Change, Plan
from tests.pipeline.plans import change, plan

ONE = change("aws_vpc.a", "update", {"cidr": "x", "kept": 1}, {"cidr": "y", "kept": 1})
TWO = change("aws_subnet.b", "create", None, {"cidr": "z", "tags": {"A": "b"}}, {"id": True})
PLAN = plan(ONE, TWO, outputs={"url": Action.CREATE, "id": Action.UPDATE})


def test_it_is_short_and_stays_what_it_is() -> None:
    """A change of its form would make every open merge request look unreviewed."""
    assert fingerprint(PLAN) == "06627217949968372d8f"


@pytest.mark.parametrize(
    "other",
    [
        replace(PLAN, changes=(TWO, ONE)),
        replace(PLAN, outputs={"id": Action.UPDATE, "url": Action.CREATE}),
        replace(PLAN, terraform_version="1.12.0"),
        replace(PLAN, drift=(ONE,)),
        replace(PLAN, changes=(*PLAN.changes, change("aws_vpc.same", "no-op", {"a": 1}))),
        replace(
            PLAN,
            changes=(
                change("aws_vpc.a", "update", {"kept": 7, "cidr": "w"}, {"kept": 7, "cidr": "y"}),
                TWO,
            ),
        ),
    ],
    ids=["order", "output-order", "terraform", "drift", "unchanged-resource", "unchanged-values"],
)
def test_what_does_not_matter_leaves_it(other: Plan) -> None:
    assert fingerprint(other) == fingerprint(PLAN)


@pytest.mark.parametrize(
    "other",
    [
        replace(PLAN, stack="prod"),
        replace(PLAN, changes=(ONE,)),
        replace(PLAN, changes=(*PLAN.changes, change("aws_vpc.c", after={}))),
        replace(PLAN, changes=(ONE, replace(TWO, address="aws_subnet.c"))),
        replace(PLAN, changes=(replace(ONE, action=Action.REPLACE), TWO)),
        replace(PLAN, changes=(replace(ONE, previous_address="aws_vpc.old"), TWO)),
        replace(PLAN, changes=(replace(ONE, imported=True), TWO)),
        replace(PLAN, changes=(replace(ONE, deposed=True), TWO)),
        replace(PLAN, changes=(replace(ONE, after={"cidr": "Y", "kept": 1}), TWO)),
        replace(PLAN, changes=(replace(ONE, after={"cidr": "y", "kept": 2}), TWO)),
        replace(PLAN, changes=(ONE, replace(TWO, after={"cidr": "z", "tags": {"A": "c"}}))),
        replace(PLAN, changes=(ONE, replace(TWO, unknown={"id": True, "arn": True}))),
        replace(PLAN, outputs={"url": Action.CREATE}),
        replace(PLAN, outputs={"url": Action.DELETE, "id": Action.UPDATE}),
    ],
    ids=[
        "stack", "fewer", "more", "address", "action", "moved", "imported", "deposed",
        "value", "another-attribute", "nested-value", "unknown", "output-gone", "output-action",
    ],
)  # fmt: skip
def test_what_matters_changes_it(other: Plan) -> None:
    assert fingerprint(other) != fingerprint(PLAN)


def test_a_plan_without_changes_has_one_for_each_stack() -> None:
    assert fingerprint(plan()) == "ac306bb28e2b41bf443c"
    assert fingerprint(plan(stack="prod")) == "9a7d46eebffaa66bc382"


def test_known_and_unknown_differ_whatever_the_value() -> None:
    known = change("aws_x.a", after={"v": "unknown"})
    unknown = change("aws_x.a", after={}, unknown={"v": True})
    assert fingerprint(plan(known)) != fingerprint(plan(unknown))


@pytest.mark.parametrize(
    ("one", "two"),
    [
        (change("aws_x.a", after={"password": "a"}), change("aws_x.a", after={"password": "b"})),
        (
            change("aws_x.a", after={"v": "a"}, sensitive_after={"v": True}),
            change("aws_x.a", after={"v": "b"}, sensitive_after={"v": True}),
        ),
        (
            change('aws_x.a["AKIAIOSFODNN7EXAMPLE"]', after={}),
            change('aws_x.a["AKIAIOSFODNN7EXAMPLF"]', after={}),
        ),
        (
            change("aws_x.a", after={"m": {"AKIAIOSFODNN7EXAMPLE": "x"}}),
            change("aws_x.a", after={"m": {"AKIAIOSFODNN7EXAMPLF": "x"}}),
        ),
    ],
    ids=["by-name", "marked", "index-key", "map-key"],
)
def test_secrets_do_not_enter_it(one: Change, two: Change) -> None:
    assert fingerprint(plan(one)) == fingerprint(plan(two))


def test_a_secret_that_goes_differs_from_one_that_stays() -> None:
    before = {"password": "a", "size": 1}
    kept = change("aws_x.a", "update", before, {"password": "a", "size": 2})
    gone = change("aws_x.a", "update", before, {"size": 2})
    assert fingerprint(plan(kept)) != fingerprint(plan(gone))


def test_two_resources_whose_masked_addresses_are_equal_both_count() -> None:
    one = change('aws_x.a["AKIAIOSFODNN7EXAMPLE"]', after={})
    two = change('aws_x.a["AKIAIOSFODNN7EXAMPLF"]', after={})
    assert fingerprint(plan(one)) != fingerprint(plan(one, two))

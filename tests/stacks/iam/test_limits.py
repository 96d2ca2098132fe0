"""Every policy fits into what AWS takes, and so do all of one role or group together."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.support.choices import every_stack
from tests.support.iam.documents import PLACES
from tests.support.iam.limits import outgrown
from tests.support.stacks import Stack


def test_no_stack_outgrows_a_limit() -> None:
    assert outgrown(every_stack()) == []


def test_a_policy_in_a_place_that_nobody_measured_is_told() -> None:
    with pytest.raises(AssertionError, match=r"aws_new.*holds a policy: say in"):
        outgrown(stack(aws_new={"x": {"policy": long(100)}}))


def test_a_value_that_nobody_has_an_example_of_is_told() -> None:
    text = long(200).replace("xx", "${aws_new.x_0123ABCD.arn}", 1)
    with pytest.raises(AssertionError, match=r"aws_new.x_0123ABCD.arn}: say in"):
        outgrown(stack(aws_iam_policy={"x": {"policy": text}}))


def long(characters: int) -> str:
    """A policy of so many characters, white space left out."""
    frame = '{"Version":"2012-10-17","Statement":[{"Sid":""}]}'
    return json.dumps(json.loads(frame.replace('""}', f'"{"x" * (characters - len(frame))}"}}')))


def stack(**resources: dict[str, dict[str, Any]]) -> dict[str, Stack]:
    provider = {"aws": [{"region": "ap-southeast-1", "allowed_account_ids": ["111122223333"]}]}
    return {"s": Stack({"resource": resources, "provider": provider})}


@pytest.mark.parametrize(("kind", "argument"), PLACES)
def test_one_character_too_many_is_told(kind: str, argument: str) -> None:
    longest = PLACES[kind, argument].longest
    owner = {"role": "r", "group": "g"}
    fits = stack(**{kind: {"x": {argument: long(longest), **owner}}})
    assert outgrown(fits) == []
    grown = outgrown(stack(**{kind: {"x": {argument: long(longest + 1), **owner}}}))
    assert grown[0] == f"s {kind}.x: {longest + 1} of {longest}"


@pytest.mark.parametrize(("owner", "longest"), [("role", 10_240), ("group", 5_120)])
def test_policies_of_one_owner_count_together(owner: str, longest: int) -> None:
    halves = {name: {"policy": long(longest // 2 + 1), owner: "o"} for name in "ab"}
    (said,) = outgrown(stack(**{f"aws_iam_{owner}_policy": halves}))
    assert said == f"s o: policies of its own with {longest + 2} of {longest}"
    halves["b"][owner] = "another"
    assert outgrown(stack(**{f"aws_iam_{owner}_policy": halves})) == []


@pytest.mark.parametrize("owner", ["role", "group"])
def test_an_eleventh_managed_policy_is_told(owner: str) -> None:
    attached = {f"a{n}": {owner: "o", "policy_arn": "p"} for n in range(11)}
    kind = f"aws_iam_{owner}_policy_attachment"
    assert outgrown(stack(**{kind: attached})) == ["s o: 11 of 10 managed policies"]
    del attached["a0"]
    assert outgrown(stack(**{kind: attached})) == []

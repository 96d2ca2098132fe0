"""Whatever a plan's values are, warnings are found without a traceback."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import pytest

from pipeline.plan.values import as_list, as_map, as_text, at, blocks
from pipeline.warnings import find_warnings
from tests.pipeline.plans import change, plan
from tests.pipeline.warnings.cases import OPENINGS, Case

ODD: tuple[Any, ...] = (
    None,
    True,
    0,
    -1,
    10**400,
    1.5,
    "",
    "x",
    "*",
    "[",
    "{",
    "\ud800",
    [],
    [[]],
    [None, 1, "a", {}],
    {},
    {"a": {"b": [1]}},
    "[1]",
    "[" * 100_000,
    '{"Statement": 1}',
    '{"Statement": [null, {}, {"Effect": "Allow"}]}',
    '{"Statement": {"Effect": "Allow", "Action": {}, "Principal": [[]], "Condition": [1]}}',
    '{"Statement": {"Effect": {}, "Action": 5, "NotResource": null, "Principal": {"AWS": {}}}}',
    (
        '{"Statement": {"Effect": "Allow", "Action": "a:b", "Principal": "*", '
        '"Condition": {"StringLike": {"aws:SourceArn": [{}, 1, null]}, "IpAddress": 1}}}'
    ),
)


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for key, item in list(items):
        yield value, key
        if isinstance(item, dict | list):
            yield from places(item)


@pytest.mark.parametrize("case", OPENINGS.values(), ids=OPENINGS)
def test_an_odd_value_at_each_place_ends_in_no_traceback(case: Case) -> None:
    address = f"{case.type}.x"
    count = len(list(places(case.opened)))
    for position in range(count):
        for odd in ODD:
            values = copy.deepcopy(case.opened)
            holder, key = list(places(values))[position]
            holder[key] = odd
            find_warnings(
                plan(
                    change(address, after=values, unknown={"ingress": odd, "route": odd}),
                    change(address, "update", before=values, after=case.opened),
                    change(address, "delete", before=values),
                )
            )


@pytest.mark.parametrize("case", OPENINGS.values(), ids=OPENINGS)
def test_a_marked_value_is_never_shown(case: Case) -> None:
    """Wherever a mark is, the rest is judged and the marked value is left out."""
    count = len(list(places(case.opened)))
    for position in range(count):
        values = copy.deepcopy(case.opened)
        marks = copy.deepcopy(case.opened)
        (holder, key), (mark, _) = list(places(values))[position], list(places(marks))[position]
        if isinstance(holder[key], dict | list):
            continue
        holder[key] = "MARKEDSECRET"
        shape = _only(marks, mark, key)
        found = find_warnings(plan(change(f"{case.type}.x", after=values, sensitive_after=shape)))
        assert "MARKEDSECRET" not in repr(found)


def _only(value: Any, holder: Any, key: Any) -> Any:
    """Marks that are true at one place."""
    if isinstance(value, dict):
        return {
            k: True if value is holder and k == key else _only(v, holder, key)
            for k, v in value.items()
        }
    if isinstance(value, list):
        return [
            True if value is holder and i == key else _only(v, holder, key)
            for i, v in enumerate(value)
        ]
    return False


def test_values_of_another_kind_are_nothing() -> None:
    assert as_map([1]) == {}
    assert as_list(None) == []
    assert as_list("a") == ["a"]
    assert as_text(True) == ""
    assert as_text(7) == "7"
    assert as_text({"a": 1}) == ""
    assert blocks([1, {"a": 1}, None]) == [{"a": 1}]
    assert list(at({"a": [{"b": 1}, {"c": 2}, 3]}, "a.b")) == [1, None]
    assert list(at({"a": None}, "a.b")) == []

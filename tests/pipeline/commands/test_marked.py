"""What Terraform marks as sensitive is in no product of a report and in no message."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Iterator
from typing import Any

import pytest

from tests.pipeline.commands.plans import document, leaves, put, resources
from tests.pipeline.commands.support import CommandLine
from tests.pipeline.plans import resource_change
from tests.support.long_form import LONG

WORD = "Marked0Value"
NUMBER = 918273645546
FILES = ("out.md", "out.json", "widget.json")
SIDES = ("before", "after")


def everything(pipeline: CommandLine, plan: dict[str, Any]) -> str:
    """All that a report says, in files and on both streams."""
    arguments = [f"dev={pipeline.write('plan.json', plan)}"]
    pipeline.write("budgets.yml", "dev: {monthly: {fail: 0.01}, increase: {fail: 0.01}}\n")
    pipeline.write("usage.yml", "version: 0.1\n")
    for name in FILES:
        (pipeline.root / name).unlink(missing_ok=True)
    ended = pipeline(
        *("report", "--plan", *arguments, "--usage", "dev=usage.yml"),
        *("--budgets", "budgets.yml", "--tag", "CostCenter", "--tag", "Name"),
        *("--markdown", FILES[0], "--json", FILES[1], "--widget", FILES[2]),
    )
    written = [(pipeline.root / name).read_text() for name in FILES]
    return "\n".join([ended.out, ended.err, *written])


def planted(item: dict[str, Any], path: tuple[str | int, ...], value: Any) -> dict[str, Any]:
    """A resource with a value at a place, marked there, on each side that it is on."""
    item = copy.deepcopy(item)
    if path == ("tags",):
        value = {"CostCenter": value}  # anything else is no plan
    for side in SIDES:
        if item["change"][side] is not None:
            item["change"][side] = put(item["change"][side], path, value)
            item["change"][f"{side}_sensitive"] = put({}, path, True)
    return item


def leaked(text: str) -> bool:
    return WORD in text or str(NUMBER) in text.replace(",", "")


def places() -> Iterator[tuple[int, tuple[str | int, ...], Any]]:
    """Every attribute of every resource, with a text, a number or an ARN; at length with each."""
    for position, item in enumerate(resources()):
        values = (f"{WORD}{position}", NUMBER, f"arn:aws:sqs:::{WORD}")
        for turn, path in enumerate(leaves(item["change"]["after"]), start=position):
            for value in values if LONG else (values[turn % len(values)],):
                yield position, path, value


def test_a_marked_value_at_any_attribute_is_shown_nowhere(pipeline: CommandLine) -> None:
    """Every place once, one in each resource at a time, until all were taken."""
    items = resources()
    rounds: dict[int, list[tuple[tuple[str | int, ...], Any]]] = {}
    for position, path, value in places():
        rounds.setdefault(position, []).append((path, value))
    most = max(map(len, rounds.values()))
    for number in range(most):
        plan = document(
            [
                planted(item, *rounds[position][number % len(rounds[position])])
                if position in rounds
                else item
                for position, item in enumerate(items)
            ]
        )
        text = everything(pipeline, plan)
        assert not leaked(text), next(line for line in text.split("\n") if leaked(line))


def test_all_attributes_marked_at_once(pipeline: CommandLine) -> None:
    items = []
    for item in resources():
        for side in SIDES:
            if item["change"][side] is not None:
                names = item["change"][side].keys() - {"tags"}
                item["change"][side] = {**dict.fromkeys(names, WORD), "tags": {"CostCenter": WORD}}
                item["change"][f"{side}_sensitive"] = True
        items.append(item)
    assert not leaked(everything(pipeline, document(items)))


@pytest.mark.parametrize("seed", range(8))
def test_a_marked_text_is_shown_nowhere_else_either(pipeline: CommandLine, seed: int) -> None:
    """Once it is marked somewhere, no other resource shows it: as a whole, in a text, as a key."""
    chance = random.Random(seed)  # noqa: S311 - it chooses places, not keys
    items = resources()
    # Numbers are not looked for elsewhere: every price and port would be one.
    items[0] = planted(items[0], ("tags", "Secret"), WORD)
    for item in chance.sample(items[1:], 30):
        path = chance.choice([p for p in leaves(item["change"]["after"]) if p != ("tags",)])
        text = chance.choice((WORD, f"before-{WORD}-after", json.dumps({"a": [WORD]})))
        for side in SIDES:
            if item["change"][side] is not None:
                item["change"][side] = put(item["change"][side], path, text)
    keyed = resource_change(f'aws_sqs_queue.each["{WORD}"]', after={"tags": {WORD: "x"}})
    moved = {
        **resource_change("aws_vpc.a", "no-op", {}),
        "previous_address": f'aws_vpc.b["{WORD}"]',
    }
    plan = document([*items, keyed, moved])
    plan["resource_drift"] = [
        resource_change("aws_sqs_queue.judged", "update", {"name": "is"}, {"name": WORD})
    ]
    plan["checks"][0]["instances"][0]["problems"] = [{"message": f"it answers {WORD}"}]
    text = everything(pipeline, plan)
    assert not leaked(text), next(line for line in text.split("\n") if leaked(line))


@pytest.mark.parametrize(
    ("before", "after", "marks"),
    [
        ({"v": WORD}, {"v": "public"}, ({"v": True}, {})),
        ({"v": "public"}, {"v": WORD}, ({}, {"v": True})),
        ({"v": [{"k": WORD}]}, {"v": [{"k": "x"}, {"k": WORD}]}, ({"v": [{"k": True}]}, {})),
        ({"v": {"a": {"b": WORD}}}, {"v": {"a": {"b": "x"}}}, ({"v": {"a": True}}, {})),
        ({"v": json.dumps({"k": WORD})}, {"v": "{}"}, ({"v": True}, {"v": True})),
    ],
)
def test_what_either_side_marks_is_hidden_on_both(
    pipeline: CommandLine, before: Any, after: Any, marks: tuple[Any, Any]
) -> None:
    item = resource_change(
        "aws_x.a", "update", before, after, sensitive_before=marks[0], sensitive_after=marks[1]
    )
    text = everything(pipeline, document([item]))
    assert not leaked(text)
    assert "(sensitive)" in text

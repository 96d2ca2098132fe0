"""What of a change is shown: the leaves that differ, readable and safe."""

from __future__ import annotations

import json
from typing import Any

import pytest

from pipeline.plan.attributes import view, views
from pipeline.plan.model import Change
from tests.pipeline.plans import change, plan


def rows(shown: Change) -> list[tuple[str, str | None, str | None]]:
    return [(row.path, row.before, row.after) for row in view(shown).attributes]


def update(before: dict[str, Any], after: dict[str, Any], **others: Any) -> Change:
    return change("aws_thing.a", "update", before, after, **others)


def test_only_leaves_that_differ_are_shown() -> None:
    before = {"size": 1, "name": "a", "nested": [{"x": 1, "y": 2}], "tags": {"A": "b"}}
    after = {"size": 2, "name": "a", "nested": [{"x": 1, "y": 3}], "tags": {"A": "b", "C": "d"}}
    assert rows(update(before, after)) == [
        ("nested[0].y", "2", "3"),
        ("size", "1", "2"),
        ("tags.C", None, "d"),
    ]


def test_a_creation_shows_what_is_set() -> None:
    after = {
        "cidr": "10.0.0.0/16", "off": False, "zero": 0, "blank": "",
        "nothing": None, "list": [], "map": {}, "json": "{}", "block": [{"a": None}],
    }  # fmt: skip
    created = change("aws_vpc.a", "create", None, after, {"id": True, "arn": True})
    assert rows(created) == [
        ("blank", None, '""'),
        ("block[0]", None, "{}"),
        ("cidr", None, "10.0.0.0/16"),
        ("off", None, "false"),
        ("zero", None, "0"),
    ]


@pytest.mark.parametrize("action", ["delete", "forget"])
def test_a_destruction_shows_no_attributes(action: str) -> None:
    assert rows(change("aws_vpc.a", action, {"cidr": "10.0.0.0/16"})) == []


def test_what_becomes_unknown_is_told_leaf_by_leaf() -> None:
    shown = update(
        {"arn": "arn:aws:s3:::a", "tags": {"A": "b"}, "kept": 1},
        {"kept": 1},
        unknown={"arn": True, "tags": True, "new": True, "kept": False},
    )
    assert rows(shown) == [
        ("arn", "arn:aws:s3:::a", "(known after apply)"),
        ("new", None, "(known after apply)"),
        ("tags.A", "b", "(known after apply)"),
    ]


def test_what_is_unknown_within_a_list() -> None:
    shown = update({"ids": ["a", "b"]}, {"ids": ["a", None]}, unknown={"ids": [False, True]})
    assert rows(shown) == [("ids[1]", "b", "(known after apply)")]


def test_json_documents_are_compared_by_content() -> None:
    one = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": ["a", "b"]}]}
    two = {"Statement": [{"Action": ["a", "c"], "Effect": "Allow"}], "Version": "2012-10-17"}
    shown = update({"policy": json.dumps(one)}, {"policy": json.dumps(two, indent=2)})
    assert rows(shown) == [("policy.Statement[0].Action[1]", "b", "c")]


def test_json_within_json() -> None:
    one, two = ({"outer": json.dumps({"inner": json.dumps([value])})} for value in ("a", "b"))
    assert rows(update(one, two)) == [("outer.inner[0]", "a", "b")]


def test_the_same_json_written_otherwise_is_no_difference() -> None:
    assert rows(update({"p": '{"a": 1, "b": 2}'}, {"p": '{"b":2,"a":1}'})) == []


def test_what_only_looks_like_json_stays_a_text() -> None:
    assert rows(update({"p": "{a}"}, {"p": "[b]"})) == [("p", "{a}", "[b]")]


def test_an_item_added_in_front_is_one_difference() -> None:
    before = {"rules": [{"port": 80}, {"port": 443}]}
    after = {"rules": [{"port": 22}, {"port": 80}, {"port": 443}]}
    assert rows(update(before, after)) == [("rules[0].port", None, "22")]


def test_an_item_added_in_front_among_blocks_that_are_all_known() -> None:
    before = {"rules": [{"port": 80}, {"port": 443}]}
    after = {"rules": [{"port": 22}, {"port": 80}, {"port": 443}]}
    shown = update(before, after, unknown={"rules": [{}, {}, {"tags": {}}]})
    assert rows(shown) == [("rules[0].port", None, "22")]


def test_an_item_taken_from_the_front_is_one_difference() -> None:
    assert rows(update({"l": ["a", "b", "c"]}, {"l": ["b", "c"]})) == [("l[0]", "a", None)]


def test_a_block_without_values_is_seen() -> None:
    assert rows(update({"b": []}, {"b": [{}]})) == [("b[0]", None, "{}")]


def test_a_text_that_becomes_a_mapping() -> None:
    assert rows(update({"v": "x"}, {"v": {"a": 1}})) == [("v", "x", None), ("v.a", None, "1")]


def test_a_switch_is_not_a_number() -> None:
    assert rows(update({"v": '{"a": 1}'}, {"v": '{"a": true}'})) == [("v.a", "1", "true")]


def test_null_and_no_items_are_the_same() -> None:
    assert rows(update({"a": None, "b": []}, {"a": [], "b": None})) == []


def test_a_creation_of_null_and_blank_text_differs() -> None:
    assert rows(update({"a": None}, {"a": ""})) == [("a", None, '""')]


def test_keys_that_are_no_words_are_quoted() -> None:
    tags = {"a b": "1", 'say "x"': "2", "line\nfeed": "3"}
    assert rows(update({"tags": {}}, {"tags": tags})) == [
        ('tags["a b"]', None, "1"),
        ('tags["line\\\\nfeed"]', None, "3"),
        ('tags["say \\"x\\""]', None, "2"),
    ]


def test_hidden_characters_are_written_out() -> None:
    shown = update({"d": "a"}, {"d": "a\nb\x1b[31m\u202egnp\u200b\u2066\x00é"})
    assert rows(shown) == [("d", "a", "a\\nb\\u001b[31m\\u202egnp\\u200b\\u2066\\u0000é")]


def test_long_values_are_cut() -> None:
    assert rows(update({"d": None}, {"d": "ab " * 100})) == [("d", None, ("ab " * 100)[:200] + "…")]


def test_long_values_are_cut_around_where_they_differ() -> None:
    ((_, before, after),) = rows(update({"d": "ab " * 200 + "one"}, {"d": "ab " * 200 + "two"}))
    assert (before, after) != (None, None)
    assert str(before).endswith("one")
    assert str(after).endswith("two")
    assert len(str(after)) < 100


def test_the_attribute_that_forces_a_replacement_is_marked() -> None:
    replaced = change(
        "aws_instance.a",
        "replace",
        {"ami": "a", "disk": [{"size": 1, "kind": "x"}], "other": 1},
        {"ami": "b", "disk": [{"size": 2, "kind": "y"}], "other": 2},
        replace_paths=(("ami",), ("disk", 0, "size")),
    )
    assert [row.path for row in view(replaced).attributes if row.forces_replacement] == [
        "ami",
        "disk[0].size",
    ]


def test_a_json_documents_leaves_force_what_the_document_forces() -> None:
    replaced = change(
        "aws_x.a", "replace", {"p": '{"a":1}'}, {"p": '{"a":2}'}, replace_paths=(("p",),)
    )
    assert [row.forces_replacement for row in view(replaced).attributes] == [True]


def test_the_views_are_of_what_changes() -> None:
    shown, masked = views(
        plan(
            change("aws_vpc.new_AAAAAAAA", after={"cidr": "10.0.0.0/16"}),
            change("aws_vpc.same", "no-op", {"a": 1}),
            change("aws_vpc.read", "read", {"a": 1}),
            change("aws_vpc.moved", "no-op", {"a": 1}, previous_address="aws_vpc.old"),
            change("aws_vpc.taken", "no-op", {"a": 1}, imported=True),
        )
    )
    assert [(v.address, v.module, v.previous_address, v.imported) for v in shown] == [
        ("aws_vpc.new_AAAAAAAA", "new", None, False),
        ("aws_vpc.moved", "moved", "aws_vpc.old", False),
        ("aws_vpc.taken", "taken", None, True),
    ]
    assert masked == 0


def test_masked_values_are_counted() -> None:
    shown, masked = views(
        plan(
            change(
                'aws_x.a["AKIAIOSFODNN7EXAMPLE"]',
                "update",
                {"password": "a", "size": 1},
                {"password": "b", "size": 2},
            ),
            change("aws_x.b", after={"api_key": "x", "secret": "y"}),
        )
    )
    assert masked == 4
    assert shown[0].address == 'aws_x.a["(sensitive)"]'


def test_deep_values_are_masked_instead_of_followed_without_end() -> None:
    deep: Any = "planted"
    for _ in range(500):
        deep = {"a": deep}
    ((_, before, after),) = rows(update({}, {"v": deep}))
    assert (before, after) == (None, "(sensitive)")


def test_deep_json_ends_as_well() -> None:
    shown = rows(update({}, {"v": "[" * 5000 + "]" * 5000}))
    assert len(shown) == 1

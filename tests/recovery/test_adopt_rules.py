"""Every type of every stack can be found and imported, or is made again for a stated reason."""

from __future__ import annotations

import csv
import json
import re
import shlex
import string
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import botocore.session
import pytest
from botocore import xform_name

from recovery.adopt import rules
from recovery.adopt.leftovers import parse_arn
from recovery.adopt.rule import Rule
from recovery.adopt.rules import RULES, made_again
from tests.support.stacks import BY_NAME, Stack, all_stacks

STACKS = {id_: stack for name in BY_NAME for id_, stack in all_stacks(name).items()}
_REFERENCE = re.compile(r"\$\{(aws_\w+)\.")


@pytest.mark.parametrize("stack", STACKS)
def test_every_type_has_a_rule_or_a_reason(stack: str) -> None:
    missing = STACKS[stack].body["resource"].keys() - RULES.keys() - made_again().keys()
    assert sorted(missing) == [], (
        "write a rule in recovery/adopt/rules, or say in made_again.csv why making it again "
        "does no harm"
    )


def test_no_type_has_both() -> None:
    assert sorted(RULES.keys() & made_again().keys()) == []


def test_a_reason_has_its_source() -> None:
    path = Path(rules.__file__).with_name("made_again.csv")
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["type"] for row in rows] == sorted(row["type"] for row in rows)
    for row in rows:
        assert row["reason"]
        assert row["source"].startswith("https://docs.aws.amazon.com/"), row["type"]


def _templates(rule: Rule) -> str:
    return " ".join([rule.id, *(f"{{{name}}}" for name in rule.same.values())])


def _looked_up() -> Iterator[tuple[str, str, Any]]:
    """Address, attribute and its value, of each attribute by which something is found."""
    for stack in STACKS.values():
        for address, body in stack.everything():
            kind = address.partition(".")[0]
            if kind in RULES:
                for _, name, _, _ in string.Formatter().parse(_templates(RULES[kind])):
                    if name in body:
                        yield address, name, body[name]


def test_nothing_is_found_by_what_is_made_again() -> None:
    """Its attributes would not be known before it is made, and then what exists is in its way."""
    checked = list(_looked_up())
    assert len(checked) > 100
    assert [
        f"{address} is found by its {name}, an attribute of {found[1]}"
        for address, name, value in checked
        if (found := _REFERENCE.search(json.dumps(value))) and found[1] in made_again()
    ] == []


def test_each_stack_tells_whose_its_things_are() -> None:
    for id_, stack in STACKS.items():
        tags = stack.body["provider"]["aws"][0]["default_tags"][0]["tags"]
        assert {"Project", "Environment", "ManagedBy"} <= tags.keys(), id_


REMOVALS = {kind: rule.removal for kind, rule in RULES.items() if rule.removal}


@pytest.mark.parametrize("kind", REMOVALS)
def test_a_removal_is_a_command_of_the_aws_cli(kind: str) -> None:
    """Service, operation and options are those of AWS's own description of its API."""
    service, operation, *words = shlex.split(re.sub(r"{\w+}", "x", REMOVALS[kind]))
    model = botocore.session.get_session().get_service_model(service.replace("s3api", "s3"))
    operations = {xform_name(name, "-"): name for name in model.operation_names}
    shape = model.operation_model(operations[operation]).input_shape
    options = {f"--{xform_name(name, '-')}": name for name in shape.members}
    given = [word for word in words if word.startswith("--")]
    assert set(given) <= options.keys()
    assert set(shape.required_members) <= {options[word] for word in given}


def test_what_may_be_left_over_can_be_removed() -> None:
    for kind, rule in RULES.items():
        if rule.several or rule.arn:
            assert rule.removal, kind


@pytest.mark.parametrize(
    ("arn", "kind", "identifier"),
    [
        ("arn:aws:ec2:r:1:vpc/vpc-1", "ec2:vpc", "vpc-1"),
        ("arn:aws:logs:r:1:log-group:/aws/lambda/f", "logs:log-group", "/aws/lambda/f"),
        ("arn:aws:sqs:r:1:queue", "sqs:", "queue"),
        ("arn:aws:sns:r:1:topic", "sns:", "topic"),
        ("arn:aws:s3:::bucket", "s3:", "bucket"),
        ("arn:aws:apigateway:r::/apis/a1", "apigateway:apis", "a1"),
        ("arn:aws:rds:r:1:db:database", "rds:db", "database"),
        ("arn:aws:rds:r:1:snapshot:rds:database-1", "rds:snapshot", "rds:database-1"),
        ("arn:aws:lambda:r:1:function:f", "lambda:function", "f"),
        ("arn:aws:kms:r:1:key/k", "kms:key", "k"),
        ("arn:aws:secretsmanager:r:1:secret:a/b/c-x", "secretsmanager:secret", "a/b/c-x"),
    ],
)
def test_an_arn_says_what_it_is_of(arn: str, kind: str, identifier: str) -> None:
    assert parse_arn(arn) == (kind, identifier)


def test_the_stacks_of_this_test_are_all(tmp_path: Path) -> None:
    assert all(isinstance(stack, Stack) for stack in STACKS.values())
    assert {"dev", "prod", "delivery-dev", "backend-dev"} <= STACKS.keys()

"""Any settings are refused by lines that each name a field, or become stacks that hold.

The quick form tries 300 settings, and takes so many of the accepted ones to Terraform, Checkov and
the estimate that every choice of every field is among them. The long form takes all of them:
``pytest tests/environments/test_any_settings.py --hypothesis-profile=long``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Literal, get_origin

import pytest
from cdktf import App
from hypothesis import given, settings
from pydantic import BaseModel, ValidationError

from environments.app import build
from environments.errors import explain
from environments.rules import broken_rules
from environments.settings import Environment
from policies import check_stack
from tests.environments.values import NAME, Values, environments, fields
from tests.support import names
from tests.support.long_form import LONG
from tests.support.merge import merge
from tests.support.prices import unpriced
from tests.support.stacks import Stack, code
from tests.support.validate import Validator

WHERE = f"environments/{NAME}.py"
EXAMPLES = 300

_FIELD = r"(?P<field>[a-z_]+(\.[a-z_][a-z0-9_]*)*)"
_LINE = re.compile(rf"{re.escape(WHERE)}: {_FIELD}(\.[0-9]+)?[=:].*; .+")


def load(values: Values) -> tuple[Environment | None, list[str]]:
    """What loading a file with these values does: an environment, or lines."""
    try:
        environment = Environment.model_validate(values)
    except ValidationError as error:
        return None, str(explain(error, where=WHERE)).splitlines()
    lines = [f"{WHERE}: {line}" for line in broken_rules(environment)]
    return (None if lines else environment), lines


def told_wrongly(lines: Sequence[str]) -> list[str]:
    """Lines that name no field, no remedy, or are no single line of plain text."""
    known = parts_and_fields()
    return [
        line
        for line in lines
        if not (found := _LINE.fullmatch(line))
        or found["field"] not in known
        or not line.isprintable()
        or line.endswith("correct the value")
    ]


def parts_and_fields() -> set[str]:
    paths = [path for path, _ in fields()]
    return {
        ".".join(path.split(".")[: n + 1]) for path in paths for n in range(path.count(".") + 1)
    }


@pytest.fixture(scope="module")
def accepted() -> list[Environment]:
    """Settings that load; all others among the examples were refused as they should be."""
    found: dict[str, Environment] = {}
    tried = []

    @settings(max_examples=EXAMPLES, deadline=None, database=None, derandomize=not LONG)
    @given(environments())
    def try_each(example: tuple[Values, frozenset[str]]) -> None:
        values, odd = example
        environment, lines = load(values)
        tried.append(odd)
        assert told_wrongly(lines) == []
        assert (environment is None) == bool(lines)
        if environment is not None:
            found[environment.model_dump_json()] = environment

    try_each()
    assert len(tried) >= EXAMPLES
    assert len([odd for odd in tried if odd]) > EXAMPLES / 10
    assert len(found) > EXAMPLES / 3, "too few are accepted: teach values.agree the new rule"
    return list(found.values())


def choices(environment: Environment) -> set[tuple[str, Any]]:
    """What shapes the stacks: which parts there are, how many values, and what was chosen of few."""
    return set(_choices(environment, ""))


def _choices(part: BaseModel, prefix: str) -> Iterator[tuple[str, Any]]:
    for name, field in type(part).model_fields.items():
        path, value = f"{prefix}{name}", getattr(part, name)
        if isinstance(value, BaseModel):
            yield path, "a part"
            yield from _choices(value, f"{path}.")
        elif isinstance(value, tuple):
            yield path, len(value)
        elif isinstance(value, bool) or value is None or get_origin(field.annotation) is Literal:
            yield path, value


def covering(found: Sequence[Environment]) -> list[Environment]:
    """So many of the environments that every choice is in one of them; the richest first."""
    left = set().union(*map(choices, found))
    chosen = []
    while left:
        best = max(found, key=lambda environment: len(left & choices(environment)))
        chosen.append(best)
        left -= choices(best)
    return chosen


@pytest.fixture(scope="module")
def synthesised(
    accepted: list[Environment], tmp_path_factory: pytest.TempPathFactory
) -> list[Stack]:
    """The stacks of the accepted settings, their names proved; of those of one shape, one."""
    found: dict[str, Stack] = {}
    for environment in accepted if LONG else covering(accepted):
        out = tmp_path_factory.mktemp("any")
        app = App(outdir=str(out))
        build(app, [environment], code=code, migrations_hash="of tests")
        app.synth()
        stacks = [Stack(json.loads(path.read_text())) for path in out.glob("stacks/*/cdk.tf.json")]
        assert names.problems(stacks) == []
        found |= {shape(stack): stack for stack in stacks}
    return list(found.values())


def shape(stack: Stack) -> str:
    """A stack without its text, which Terraform and Checkov mostly pass over; whole if it is long."""
    text = json.dumps(dict(stack.body), sort_keys=True)
    return text if LONG else re.sub(r'": "[^"]*"', '": ""', text)


def test_any_settings_are_refused_by_lines_or_load(accepted: list[Environment]) -> None:
    assert accepted


def test_accepted_settings_are_valid_to_terraform(synthesised: list[Stack], tmp_path: Path) -> None:
    whole = merge(synthesised)
    assert Validator(tmp_path, whole).problems(whole) == []


def test_accepted_settings_obey_the_policies(synthesised: list[Stack], tmp_path: Path) -> None:
    """Those of one environment together: its limits are theirs. What makes a state may manage it."""
    kinds: dict[tuple[str, bool], list[Stack]] = {}
    for stack in synthesised:
        metadata = stack.body["//"]
        makes_state = metadata["metadata"]["stackName"].startswith("backend-")
        kinds.setdefault((json.dumps(metadata["limits"]), makes_state), []).append(stack)
    for number, ((_, makes_state), stacks) in enumerate(kinds.items()):
        path = tmp_path / str(number) / ("backend-trial" if makes_state else NAME) / "cdk.tf.json"
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps(merge(stacks).body))
        verdict = check_stack(path)
        assert (verdict.failed, verdict.stale) == ((), ())


def test_accepted_settings_have_a_price(synthesised: list[Stack]) -> None:
    assert {name for stack in synthesised for name in unpriced(stack, "ap-southeast-1")} == set()

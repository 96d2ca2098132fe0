"""What nobody writes and AWS chooses never leaves a resource without its price."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from pipeline.cost.pricing import Subject
from pipeline.schema import arguments
from tests.pipeline.cost.pricers.support import Case, monthly
from tests.pipeline.cost.pricers.test_prices import CASES


def left_out(subject: Subject) -> Mapping[str, Any]:
    """Every argument that is not written and that the schema lets AWS choose, as unknown.

    Terraform marks it so in the plan of a new resource, in the blocks that are written too.
    """
    known = arguments(subject.type)
    return _unknown(subject.values, known, "")


def _unknown(values: Mapping[str, Any], known: Mapping[str, str], prefix: str) -> dict[str, Any]:
    unknown: dict[str, Any] = {}
    for path, need in known.items():
        name = path.removeprefix(prefix)
        if not path.startswith(prefix) or "." in name or need not in ("optional+computed", "block"):
            continue
        value = values.get(name)
        if value is None:
            unknown[name] = True
        elif need == "block" and isinstance(value, list):
            unknown[name] = [_unknown(one, known, f"{path}.") for one in value]
    return unknown


def chosen(case: Case) -> Case:
    return replace(case, of=replace(case.of, unknown=left_out(case.of), written=case.of.values))


@pytest.mark.parametrize(
    "case",
    # What a reference decides is unknown for good, and some cases say themselves what is unknown.
    [case for case in CASES if not case.of.references and not case.of.unknown],
    ids=lambda case: case.name,
)
def test_what_aws_chooses_has_the_price_of_its_default(case: Case) -> None:
    assert monthly(chosen(case).lines()) == dict(case.monthly)

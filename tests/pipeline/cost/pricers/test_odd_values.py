"""A value of a form that no plan of the provider has ends in one line, and never in a traceback."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest

from pipeline.cost.decisions import unpriced_arguments
from pipeline.cost.pricers import ENTRIES
from pipeline.cost.pricing import Pricing, Unknown
from pipeline.errors import PipelineError
from tests.pipeline.cost.pricers.support import CATALOGUE, Case
from tests.pipeline.cost.pricers.test_prices import CASES

ODD = (-1, "x", [None], {"a": 1}, True)
TAKES_LISTS_FOR_GRANTED = (
    "aws_alb",
    "aws_cloudfront_distribution",
    "aws_ebs_volume",
    "aws_ecs_service",
    "aws_efs_file_system",
    "aws_eks_node_group",
    "aws_elb",
    "aws_lb",
    "aws_route53_resolver_endpoint",
    "aws_vpc_endpoint",
)
"""Types whose pricers don't use ``entry.items`` yet."""


def changed(values: Any, odd: Any) -> Iterator[Any]:
    """The same values with an odd one in one place, for every place."""
    if isinstance(values, Mapping):
        for name, value in values.items():
            yield {**values, name: odd}
            yield from ({**values, name: inner} for inner in changed(value, odd))
    elif isinstance(values, list):
        for position, value in enumerate(values):
            before, after = values[:position], values[position + 1 :]
            yield [*before, odd, *after]
            yield from ([*before, inner, *after] for inner in changed(value, odd))


@pytest.mark.parametrize(
    "case",
    [case for case in CASES if case.of.type not in TAKES_LISTS_FOR_GRANTED],
    ids=lambda case: case.name,
)
def test_an_odd_value_is_priced_or_refused(case: Case) -> None:
    entry = ENTRIES[case.of.type]
    for values in (one for odd in ODD for one in changed(dict(case.of.values), odd)):
        subject = replace(case.of, values=values)
        pricing = Pricing((subject, *case.beside), region=case.region, catalogue=CATALOGUE)
        with suppress(Unknown, PipelineError):
            list(entry.pricer(subject, pricing))
        with suppress(PipelineError):
            unpriced_arguments(entry, subject, pricing)

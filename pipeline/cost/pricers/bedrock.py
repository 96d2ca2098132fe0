"""Bedrock's models, priced at the function that calls them.

A model is no resource: a function is told by its environment which one to call. So a change of
the model in an environment's settings shows as a difference in cost.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pipeline.cost.model import CostLine
from pipeline.cost.pricers.entry import MILLIONTH, THOUSANDTH
from pipeline.cost.pricing import Pricing, Subject

_VARIABLES = "environment.0.variables"
_MODEL = "MODEL_ID"
_GUARDRAIL = "GUARDRAIL_ID"
_POLICIES = ("content", "topic", "sensitive_information", "grounding")
"""What a guardrail bills apart, by text units of up to 1,000 characters."""

USAGE_KEYS = frozenset(
    {
        "bedrock.*.monthly_input_tokens",
        "bedrock.*.monthly_output_tokens",
        *(f"bedrock.*.monthly_{policy}_text_units" for policy in _POLICIES),
    }
)
"""Under ``bedrock`` stands the variable's name, such as ``ANSWER_MODEL_ID``."""


def models(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    """What a function's models and guardrail cost, by tokens and text units.

    A model without a price in the catalogue stops the estimate by name, as every missing price.

    Args:
        subject: an ``aws_lambda_function``.
        pricing: prices and usage.
    """
    variables = subject.get(_VARIABLES, {})
    for name in sorted(variables) if isinstance(variables, Mapping) else ():
        if name.endswith(_MODEL):
            yield from _tokens(subject, pricing, name)
        elif name == _GUARDRAIL:
            yield from _text_units(subject, pricing, name)


def _tokens(subject: Subject, pricing: Pricing, variable: str) -> Iterator[CostLine]:
    model = str(subject.get(f"{_VARIABLES}.{variable}"))
    for kind in ("input", "output"):
        key = f"bedrock.{model}.{kind}"
        # A model that makes vectors has no output to bill, and so no such row.
        if kind == "output" and not pricing.catalogue.has(key, pricing.region):
            continue
        yield pricing.used(
            subject,
            f"{model}, {kind} tokens",
            key,
            f"bedrock.{variable}.monthly_{kind}_tokens",
            scale=MILLIONTH,
        )


def _text_units(subject: Subject, pricing: Pricing, variable: str) -> Iterator[CostLine]:
    keys = {policy: f"bedrock.{variable}.monthly_{policy}_text_units" for policy in _POLICIES}
    # Which policies a guardrail has is not in the plan. If the usage names none, all may cost.
    named = [policy for policy, key in keys.items() if pricing.stated(subject, key) is not None]
    for policy in named or _POLICIES:
        yield pricing.used(
            subject,
            f"guardrail, {policy.replace('_', ' ')}",
            f"bedrock.guardrail.{policy}",
            keys[policy],
            scale=THOUSANDTH,
        )

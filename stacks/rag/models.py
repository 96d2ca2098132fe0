"""Bedrock's models that an environment may use: where, with which vectors, and until when."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

EMBEDDING_MODELS: dict[str, tuple[str, ...]] = {
    "ap-southeast-1": ("cohere.embed-english-v3", "cohere.embed-multilingual-v3")
}
"""Region to the models that it offers and that the pipeline's catalogue prices there."""

ANSWER_MODELS: dict[str, tuple[str, ...]] = {
    "ap-southeast-1": (
        "apac.amazon.nova-micro-v1:0",
        "apac.amazon.nova-lite-v1:0",
        "apac.amazon.nova-pro-v1:0",
        "apac.anthropic.claude-haiku-4-5-20251001-v1:0",
        "global.anthropic.claude-haiku-4-5-20251001-v1:0",
        "global.anthropic.claude-sonnet-4-6",
        "global.anthropic.claude-sonnet-5",
    )
}
"""The same for models that write. ``apac.`` keeps prompts in Asia Pacific; ``global.`` does not.

To add one: its prices to pipeline/cost/catalogue.csv, its end to ``LIFECYCLES``, its id here.

Source: https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-support.html
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Lifecycle:
    """When a model ends.

    Attributes:
        model: its id, without the geography of an inference profile.
        end_of_life: from this day on calls fail; None if AWS has set no day.
        read: the day on which this was read.
    """

    model: str
    end_of_life: dt.date | None
    read: dt.date


LIFECYCLES = (
    Lifecycle(
        model="anthropic.claude-3-sonnet-20240229-v1:0",
        end_of_life=dt.date(2026, 7, 30),
        read=dt.date(2026, 11, 1),
    ),
    Lifecycle(
        model="anthropic.claude-3-haiku-20240307-v1:0",
        end_of_life=dt.date(2026, 9, 10),
        read=dt.date(2026, 11, 1),
    ),
    Lifecycle(
        model="amazon.nova-premier-v1:0",
        end_of_life=dt.date(2026, 9, 14),
        read=dt.date(2026, 9, 1),
    ),
    Lifecycle(model="amazon.nova-micro-v1:0", end_of_life=None, read=dt.date(2026, 9, 1)),
    Lifecycle(model="amazon.nova-lite-v1:0", end_of_life=None, read=dt.date(2026, 9, 1)),
    Lifecycle(model="amazon.nova-pro-v1:0", end_of_life=None, read=dt.date(2026, 9, 1)),
    Lifecycle(
        model="anthropic.claude-haiku-4-5-20251001-v1:0",
        end_of_life=None,
        read=dt.date(2026, 11, 1),
    ),
    Lifecycle(model="anthropic.claude-sonnet-4-6", end_of_life=None, read=dt.date(2026, 11, 1)),
    Lifecycle(model="anthropic.claude-sonnet-5", end_of_life=None, read=dt.date(2026, 11, 1)),
    Lifecycle(model="cohere.embed-english-v3", end_of_life=None, read=dt.date(2026, 11, 1)),
    Lifecycle(model="cohere.embed-multilingual-v3", end_of_life=None, read=dt.date(2026, 11, 1)),
)
"""AWS announces an end at least six months before: look again at least that often.

No rule at synth asks for the date: a stack whose model has ended must still be destroyable. A
test asks.

Source: https://docs.aws.amazon.com/bedrock/latest/userguide/model-lifecycle.html
"""


def lifecycle(model_id: str) -> Lifecycle | None:
    """What is known of a model, or None.

    Args:
        model_id: a model, or an inference profile of one.
    """
    return next((known for known in LIFECYCLES if model_id.endswith(known.model)), None)

"""Rules of the models: which there are, how long their vectors are, what guards them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from services.rag.contract import EMBEDDING_DIMENSIONS
from stacks.rag.models import ANSWER_MODELS, EMBEDDING_MODELS
from stacks.rag.settings import RagSettings
from stacks.regions import REGIONS
from stacks.settings import EnvironmentSettings


def _offered(rag: RagSettings, environment: EnvironmentSettings) -> Iterator[str]:
    if environment.region not in REGIONS:
        return
    yield from _among("answer", rag.models.answer, ANSWER_MODELS, environment.region)
    yield from _among("embedding", rag.models.embedding, EMBEDDING_MODELS, environment.region)


def _among(
    field: str, model: str, models: Mapping[str, Sequence[str]], region: str
) -> Iterator[str]:
    offered = models.get(region, ())
    if model not in offered:
        yield (
            f"models.{field}={model}: not a model with a known price and end in {region}; "
            f"use {', '.join(offered)}, or add it to stacks/rag/models.py and its prices to "
            "pipeline/cost/catalogue.csv"
        )


def _dimension(rag: RagSettings, _: EnvironmentSettings) -> Iterator[str]:
    models = rag.models
    lengths = EMBEDDING_DIMENSIONS.get(models.embedding)
    if lengths and models.embedding_dimension not in lengths:
        yield (
            f"models.embedding_dimension={models.embedding_dimension}: {models.embedding} makes "
            f"vectors of {' or '.join(map(str, lengths))} numbers; set it to that "
            "(docs/runbooks/migrations.md says how the database follows)"
        )


def _guardrail(rag: RagSettings, _: EnvironmentSettings) -> Iterator[str]:
    models = rag.models
    if (models.guardrail_id is None) != (models.guardrail_version is None):
        yield (
            f"models.guardrail_id={models.guardrail_id}: a guardrail needs an id and a version; "
            "set both or neither"
        )


RULES = (_offered, _dimension, _guardrail)

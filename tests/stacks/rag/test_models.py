"""The models that the environments use are still offered, as far as the project knows."""

from __future__ import annotations

import datetime as dt

import pytest

from services.rag.contract import EMBEDDING_DIMENSIONS
from stacks.rag.models import ANSWER_MODELS, EMBEDDING_MODELS, LIFECYCLES, lifecycle
from stacks.regions import REGIONS
from tests.support.stacks import BY_NAME

OFFERED = (*ANSWER_MODELS.values(), *EMBEDDING_MODELS.values())


def ended(model_id: str, today: dt.date) -> bool:
    known = lifecycle(model_id)
    assert known is not None, f"{model_id}: write its lifecycle into stacks/rag/models.py"
    return known.end_of_life is not None and known.end_of_life <= today


@pytest.mark.parametrize("name", ["dev", "prod"])
def test_no_default_is_past_its_end_of_life(name: str) -> None:
    rag = BY_NAME[name].rag
    assert rag is not None
    models = rag.models
    today = dt.datetime.now(dt.UTC).date()
    assert [m for m in (models.answer, models.embedding) if ended(m, today)] == []


def test_a_model_that_has_ended_is_seen_through_its_profile() -> None:
    assert ended("apac.anthropic.claude-3-haiku-20240307-v1:0", dt.date(2026, 9, 10))
    assert not ended("apac.anthropic.claude-3-haiku-20240307-v1:0", dt.date(2026, 9, 9))


def test_a_model_is_known_once() -> None:
    names = [known.model for known in LIFECYCLES]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("model", sorted({m for models in OFFERED for m in models}))
def test_every_model_that_the_settings_allow_has_a_known_end(model: str) -> None:
    assert not ended(model, dt.datetime.now(dt.UTC).date())


@pytest.mark.parametrize("region", REGIONS)
def test_every_allowed_region_has_models(region: str) -> None:
    assert ANSWER_MODELS[region]
    assert set(EMBEDDING_MODELS[region]) <= set(EMBEDDING_DIMENSIONS)

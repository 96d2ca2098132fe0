"""The API's own variables: each mistake is named, and none of them is guessed over."""

from __future__ import annotations

import pytest

from services.rag.api_settings import Guardrail, load
from services.rag.settings import SettingsError

MINIMUM = {
    "AWS_REGION": "ap-southeast-1",
    "ANSWER_MODEL_ID": "apac.amazon.nova-lite-v1:0",
    "EMBEDDING_MODEL_ID": "cohere.embed-multilingual-v3",
    "EMBEDDING_DIMENSION": "1024",
    "TENANT": "default",
}


def test_the_defaults() -> None:
    settings = load(MINIMUM)
    assert settings.answer_max_tokens == 800
    assert settings.guardrail is None
    assert (settings.tenant, settings.tenant_claim) == ("default", None)


@pytest.mark.parametrize("name", sorted(set(MINIMUM) - {"TENANT"}))
def test_a_missing_variable_is_named(name: str) -> None:
    with pytest.raises(SettingsError, match=f"^{name} is not set$"):
        load({**MINIMUM, name: ""})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("EMBEDDING_DIMENSION", "4001"),
        ("EMBEDDING_DIMENSION", "1e3"),
        ("ANSWER_MAX_TOKENS", "0"),
        ("MINIMUM_SIMILARITY", "1.1"),
        ("MINIMUM_SIMILARITY", "nan"),
        ("MINIMUM_SIMILARITY", "much"),
    ],
)
def test_a_wrong_variable_is_named(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=f"^{name} must be"):
        load({**MINIMUM, name: value})


@pytest.mark.parametrize("changes", [{"TENANT": ""}, {"TENANT_CLAIM": "sub"}])
def test_tenants_are_told_in_exactly_one_way(changes: dict[str, str]) -> None:
    with pytest.raises(SettingsError, match="exactly one of TENANT and TENANT_CLAIM"):
        load({**MINIMUM, **changes})


def test_a_guardrail_has_an_id_and_a_version() -> None:
    both = {"GUARDRAIL_ID": "abc", "GUARDRAIL_VERSION": "2"}
    assert load({**MINIMUM, **both}).guardrail == Guardrail(id="abc", version="2")
    for name in both:
        with pytest.raises(SettingsError, match="set together"):
            load({**MINIMUM, name: both[name]})

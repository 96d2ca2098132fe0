"""Ids of models, and the price that belongs to each: a geography is never guessed."""

from __future__ import annotations

from decimal import Decimal

import pytest

from pipeline.cost.catalogue import Catalogue
from tests.usage.samples import APAC_HAIKU, COHERE, GLOBAL_HAIKU, NOBODYS, NOVA, REGION
from usage.models import Profile, model, unresolved
from usage.prices import Cost, cost

HERE = f"arn:aws:bedrock:{REGION}:111122223333"
HAIKU = "anthropic.claude-haiku-4-5-20251001-v1:0"
TWO_REGIONS = frozenset({f"arn:aws:bedrock:{r}::foundation-model/{HAIKU}" for r in ("a-1", "b-2")})
ANYWHERE = frozenset({*TWO_REGIONS, f"arn:aws:bedrock:::foundation-model/{HAIKU}"})
PROFILES = (
    Profile(id=APAC_HAIKU, models=TWO_REGIONS, by_aws=True),
    Profile(id=GLOBAL_HAIKU, models=ANYWHERE, by_aws=True),
    Profile(id="copyofapac12", models=TWO_REGIONS, by_aws=False),
    Profile(id="copyofglobal", models=ANYWHERE, by_aws=False),
    Profile(
        id="ofonemodel12",
        models=frozenset({f"arn:aws:bedrock:a-1::foundation-model/{COHERE}"}),
        by_aws=False,
    ),
    Profile(id="ofsomething1", models=frozenset({"x/a", "x/b"}), by_aws=False),
)


@pytest.mark.parametrize(
    ("model_id", "priced_as", "name", "scope"),
    [
        (COHERE, COHERE, COHERE, "region"),
        (NOVA, NOVA, "amazon.nova-lite-v1:0", "apac"),
        (GLOBAL_HAIKU, GLOBAL_HAIKU, HAIKU, "global"),
        (f"arn:aws:bedrock:{REGION}::foundation-model/{COHERE}", COHERE, COHERE, "region"),
        (f"{HERE}:inference-profile/{GLOBAL_HAIKU}", GLOBAL_HAIKU, HAIKU, "global"),
        (f"{HERE}:application-inference-profile/copyofapac12", APAC_HAIKU, HAIKU, "apac"),
        (f"{HERE}:application-inference-profile/copyofglobal", GLOBAL_HAIKU, HAIKU, "global"),
        ("copyofglobal", GLOBAL_HAIKU, HAIKU, "global"),
        ("ofonemodel12", COHERE, COHERE, "region"),
        ("ofsomething1", None, "ofsomething1", "unknown"),
        ("neverheardof", None, "neverheardof", "unknown"),
        (f"{HERE}:provisioned-model/abc", None, f"{HERE}:provisioned-model/abc", "unknown"),
    ],
)
def test_an_id_is_resolved(model_id: str, priced_as: str | None, name: str, scope: str) -> None:
    found = model(model_id, PROFILES)
    assert (found.id, found.priced_as, found.name, found.scope) == (
        model_id,
        priced_as,
        name,
        scope,
    )


def test_only_an_accounts_own_profiles_need_to_be_asked_for() -> None:
    assert not unresolved([COHERE, NOVA, f"{HERE}:inference-profile/{GLOBAL_HAIKU}"])
    assert unresolved([COHERE, "copyofglobal"])
    assert unresolved([f"{HERE}:application-inference-profile/copyofglobal"])


def test_a_global_profile_never_has_a_geographic_price() -> None:
    """By hand, from AWS's list: 1.00 and 1.10 USD a million tokens read, 5.00 and 5.50 written."""
    catalogue = Catalogue.load()
    tokens = {"input": 2_000_000, "output": 500_000}
    found = {
        each: cost(model(each), tokens, catalogue=catalogue, region=REGION)
        for each in (GLOBAL_HAIKU, APAC_HAIKU, HAIKU)
    }
    assert found[GLOBAL_HAIKU] == Cost(Decimal("4.5"))
    assert found[APAC_HAIKU] == Cost(Decimal("4.95"))
    # Nobody has read what it costs in the region itself.
    assert found[HAIKU] == Cost(Decimal(0), frozenset({"input", "output"}))


def test_what_has_no_price_is_named_and_what_was_not_used_is_not() -> None:
    catalogue = Catalogue.load()
    used = {"input": 1_000_000, "output": 0, "cache_read": 7, "cache_write": 0}
    assert cost(model(COHERE), used, catalogue=catalogue, region=REGION) == Cost(
        Decimal("0.1"), frozenset({"cache_read"})
    )
    nothing = dict.fromkeys(used, 0)
    assert cost(model(NOBODYS), nothing, catalogue=catalogue, region=REGION) == Cost()

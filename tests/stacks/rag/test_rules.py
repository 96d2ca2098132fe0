"""Rules of the RAG system: each is broken once, and says the field, the value and the remedy."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from environments.dev import DEV
from environments.errors import explain
from environments.prod import PROD
from environments.rules import broken_rules
from stacks.rag.rules import RULES, max_connections
from tests.support.mistakes import assert_told, lines_for
from tests.support.stacks import settings

BROKEN: list[tuple[str, dict[str, Any], str, str]] = [
    # environment, change, beginning of the line, part of the remedy
    ("dev", {"rag__network__zones": ("ap-southeast-1a",), "rag__database__proxy": None}, "rag.network.zones=ap-southeast-1a:", "name 2 or 3 zones"),
    ("dev", {"rag__network__zones": ("ap-southeast-1a", "ap-southeast-1a")}, "rag.network.zones=ap-southeast-1a,ap-southeast-1a: a zone is named twice", "once"),
    ("dev", {"rag__network__zones": ("us-east-1a", "ap-southeast-1b")}, "rag.network.zones=us-east-1a: not in region", "ap-southeast-1a"),
    ("dev", {"rag__network__interface_endpoint_zones": ("ap-southeast-1c",)}, "rag.network.interface_endpoint_zones=ap-southeast-1c: not among", "name zones"),
    ("dev", {"rag__database__proxy": {"zones": ("ap-southeast-1a", "ap-southeast-1a")}}, "rag.database.proxy.zones=", "name a second one"),
    ("prod", {"rag__network__zones": ("ap-southeast-1a",)}, "rag.database.multi_az=True: the standby needs a second zone", "add one"),
    ("dev", {"rag__network__cidr": "10.0.0.0/8"}, "rag.network.cidr=10.0.0.0/8: a /8 is outside", "use a /16"),
    ("dev", {"rag__network__cidr": "10.0.0.0/24"}, "rag.network.cidr=10.0.0.0/24: a /24 is outside", "use a /16"),
    ("dev", {"rag__network__cidr": "10.0.0.1/16"}, "rag.network.cidr=10.0.0.1/16:", "write a range"),
    ("dev", {"rag__network__cidr": "8.8.0.0/16"}, "rag.network.cidr=8.8.0.0/16: not a private range", "10.0.0.0/8"),
    ("dev", {"rag__network__interface_endpoints": ("secretsmanager",)}, "rag.network.interface_endpoints=secretsmanager: without NAT there is no way out to Bedrock", "set network.nat to single"),
    ("dev", {"rag__network__interface_endpoints": ("bedrock-runtime",)}, "rag.network.interface_endpoints=bedrock-runtime: without NAT the function that prepares the database", "set network.nat to single"),
    ("dev", {"rag__network__interface_endpoint_zones": ()}, "rag.network.interface_endpoint_zones=():", "at least one zone"),
    ("dev", {"rag__api__timeout_ms": 5000}, "rag.api.timeout_ms=5000: below function.timeout_seconds=28", "lower function.timeout_seconds to 5"),
    ("dev", {"rag__function__reserved_concurrency": 500}, "rag.function.reserved_concurrency=500: above the", "lower it"),
    ("dev", {"rag__function__provisioned_concurrency": 11}, "rag.function.provisioned_concurrency=11: above", "lower it"),
    ("dev", {"rag__database__parameter_family": "postgres16"}, "rag.database.parameter_family=postgres16: does not belong to database.engine_version=17", "use postgres17"),
    ("dev", {"rag__database__instance_class": "db.r7g.large"}, "rag.database.instance_class=db.r7g.large: not among allowed_instance_classes of dev", "db.t4g.micro"),
    ("dev", {"rag__database__instance_class": "db.x9.huge", "allowed_instance_classes": ("db.x9.huge",)}, "rag.database.instance_class=db.x9.huge: its memory is unknown", "INSTANCE_MEMORY_GIB"),
    ("dev", {"rag__database__max_storage_gib": 20}, "rag.database.max_storage_gib=20: must exceed", "raise it"),
    ("prod", {"rag__database__deletion_protection": False}, "rag.database.deletion_protection=False: a guarded", "set it to True"),
    ("prod", {"rag__database__backup_retention_days": 7}, "rag.database.backup_retention_days=7: a guarded", "raise it"),
    ("prod", {"rag__database__final_snapshot": False}, "rag.database.final_snapshot=False: a guarded", "True"),
    ("prod", {"rag__database__multi_az": False}, "rag.database.multi_az=False: a guarded", "True"),
    ("prod", {"rag__database__apply_immediately": True}, "rag.database.apply_immediately=True: a guarded", "False"),
    ("dev", {"rag__api__jwt_issuer": "https://issuer.example.com"}, "rag.api.jwt_issuer=https://issuer.example.com:", "both or neither"),
    ("dev", {"rag__models__guardrail_id": "abc123"}, "rag.models.guardrail_id=abc123:", "both or neither"),
    ("dev", {"rag__models__embedding": "some.model-v1"}, "rag.models.embedding=some.model-v1: not a model", "cohere.embed-multilingual-v3"),
    ("dev", {"rag__models__embedding_dimension": 512}, "rag.models.embedding_dimension=512: cohere.embed-multilingual-v3 makes vectors of 1024", "set it to that"),
    ("dev", {"rag__models__answer": "us.amazon.nova-lite-v1:0"}, "rag.models.answer=us.amazon.nova-lite-v1:0: profiles of us can't be called", "apac. or global."),
    ("dev", {"rag__api__domain_name": "api.example.com"}, "rag.api.domain_name=api.example.com:", "both or neither"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "changes", "beginning", "remedy"), BROKEN, ids=lambda v: str(v)[:50]
)
def test_a_broken_rule_names_field_value_and_remedy(
    name: str, changes: dict[str, Any], beginning: str, remedy: str
) -> None:
    assert_told(name, changes, beginning, remedy)


def test_the_environments_obey() -> None:
    assert broken_rules(DEV) == []
    assert broken_rules(PROD) == []


def test_every_rule_is_broken_somewhere_above() -> None:
    """A rule that nothing breaks could be deleted unnoticed."""
    silent = set(RULES)
    for name, changes, _, _ in BROKEN:
        environment = settings(name, **changes)
        assert environment.rag is not None
        silent -= {rule for rule in RULES if list(rule(environment.rag, environment))}
    assert silent == set()


def test_all_broken_rules_are_told_at_once() -> None:
    changes = {"rag__api__timeout_ms": 5000, "rag__database__parameter_family": "postgres16"}
    assert len(lines_for("dev", changes)) == 2


@pytest.mark.parametrize("account", ["", "12345", "1234567890123", "11112222333a"])
def test_a_malformed_account_id_is_one_line(account: str) -> None:
    (line,) = lines_for("dev", {"account_id": account})
    assert line == (
        f"environments/dev.py: account_id={account}: "
        "not an AWS account; write its 12 digits, as text in quotes"
    )


def test_a_malformed_zone_is_one_line() -> None:
    (line,) = lines_for("dev", {"rag__network__zones": ("a", "ap-southeast-1b")})
    assert line == (
        "environments/dev.py: rag.network.zones.0=a: "
        "not an availability zone; write its full name, such as ap-southeast-1a"
    )


def test_an_unknown_field_and_a_missing_one() -> None:
    (line,) = lines_for("dev", {"rag__network__colour": "blue"})
    assert line == (
        "environments/dev.py: rag.network.colour=blue: extra inputs are not permitted; "
        "remove it, or correct its name"
    )
    values = DEV.model_dump()
    del values["owner"]
    with pytest.raises(ValidationError) as caught:
        type(DEV).model_validate(values)
    assert str(explain(caught.value, where="x")) == "x: owner: a value is required; add it"


def test_settings_are_frozen() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        DEV.region = "us-east-1"  # type: ignore[misc]


def test_connections_follow_memory() -> None:
    assert max_connections("db.t4g.micro") == 84
    assert max_connections("db.m7g.large") == 675

"""Rules across modules: each is broken once, and says the field, the value and the remedy."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from environments.dev import DEV
from environments.errors import explain
from environments.prod import PROD
from environments.rules import RULES, broken_rules, max_connections
from tests.support.stacks import settings

_DEFAULT = ("project_path", "ref_type", "ref")

BROKEN: list[tuple[str, dict[str, Any], str, str]] = [
    # environment, change, beginning of the line, part of the remedy
    ("dev", {"region": "us-east-1"}, "region=us-east-1: not an allowed region", "ap-southeast-1"),
    ("dev", {"network__zones": ("ap-southeast-1a",), "database__proxy": None}, "network.zones=ap-southeast-1a:", "name 2 or 3 zones"),
    ("dev", {"network__zones": ("ap-southeast-1a", "ap-southeast-1a")}, "network.zones=ap-southeast-1a,ap-southeast-1a: a zone is named twice", "once"),
    ("dev", {"network__zones": ("us-east-1a", "ap-southeast-1b")}, "network.zones=us-east-1a: not in region", "ap-southeast-1a"),
    ("dev", {"network__interface_endpoint_zones": ("ap-southeast-1c",)}, "network.interface_endpoint_zones=ap-southeast-1c: not among", "name zones"),
    ("dev", {"database__proxy": {"zones": ("ap-southeast-1a", "ap-southeast-1a")}}, "database.proxy.zones=", "name a second one"),
    ("prod", {"network__zones": ("ap-southeast-1a",)}, "database.multi_az=True: the standby needs a second zone", "add one"),
    ("dev", {"network__cidr": "10.0.0.0/8"}, "network.cidr=10.0.0.0/8: a /8 is outside", "use a /16"),
    ("dev", {"network__cidr": "10.0.0.0/24"}, "network.cidr=10.0.0.0/24: a /24 is outside", "use a /16"),
    ("dev", {"network__cidr": "10.0.0.1/16"}, "network.cidr=10.0.0.1/16:", "write a range"),
    ("dev", {"network__cidr": "8.8.0.0/16"}, "network.cidr=8.8.0.0/16: not a private range", "10.0.0.0/8"),
    ("dev", {"network__interface_endpoints": ("secretsmanager",)}, "network.interface_endpoints=secretsmanager: without NAT there is no way out to Bedrock", "set network.nat to single"),
    ("dev", {"network__interface_endpoints": ("bedrock-runtime",)}, "network.interface_endpoints=bedrock-runtime: without NAT the function that prepares the database", "set network.nat to single"),
    ("dev", {"network__interface_endpoint_zones": ()}, "network.interface_endpoint_zones=():", "at least one zone"),
    ("dev", {"api__timeout_ms": 5000}, "api.timeout_ms=5000: below function.timeout_seconds=28", "lower function.timeout_seconds to 5"),
    ("dev", {"function__reserved_concurrency": 500}, "function.reserved_concurrency=500: above the", "lower it"),
    ("dev", {"function__provisioned_concurrency": 11}, "function.provisioned_concurrency=11: above", "lower it"),
    ("dev", {"database__parameter_family": "postgres16"}, "database.parameter_family=postgres16: does not belong to database.engine_version=17", "use postgres17"),
    ("dev", {"database__instance_class": "db.r7g.large"}, "database.instance_class=db.r7g.large: not among allowed_instance_classes of dev", "db.t4g.micro"),
    ("dev", {"database__instance_class": "db.x9.huge", "allowed_instance_classes": ("db.x9.huge",)}, "database.instance_class=db.x9.huge: its memory is unknown", "INSTANCE_MEMORY_GIB"),
    ("dev", {"database__max_storage_gib": 20}, "database.max_storage_gib=20: must exceed", "raise it"),
    ("prod", {"database__deletion_protection": False}, "database.deletion_protection=False: prod", "set it to True"),
    ("prod", {"database__backup_retention_days": 7}, "database.backup_retention_days=7: prod", "raise it"),
    ("prod", {"database__final_snapshot": False}, "database.final_snapshot=False: prod", "True"),
    ("prod", {"database__multi_az": False}, "database.multi_az=False: prod", "True"),
    ("prod", {"database__apply_immediately": True}, "database.apply_immediately=True: prod", "False"),
    ("dev", {"api__jwt_issuer": "https://issuer.example.com"}, "api.jwt_issuer=https://issuer.example.com:", "both or neither"),
    ("dev", {"models__guardrail_id": "abc123"}, "models.guardrail_id=abc123:", "both or neither"),
    ("dev", {"models__embedding": "some.model-v1"}, "models.embedding=some.model-v1: not a model", "cohere.embed-multilingual-v3"),
    ("dev", {"models__embedding_dimension": 512}, "models.embedding_dimension=512: cohere.embed-multilingual-v3 makes vectors of 1024", "set it to that"),
    ("dev", {"models__answer": "us.amazon.nova-lite-v1:0"}, "models.answer=us.amazon.nova-lite-v1:0: profiles of us can't be called", "apac. or global."),
    ("dev", {"delivery__subject_components": ("project_path", "ref")}, "delivery.subject_components=project_path,ref: the roles are limited by project and branch", "begin with project_path,ref_type,ref"),
    ("dev", {"delivery__subject_components": (*_DEFAULT, "ref")}, "delivery.subject_components=project_path,ref_type,ref,ref: a component is named twice", "once"),
    ("prod", {"delivery__subject_components": (*_DEFAULT, "deployment_tier")}, "delivery.subject_components=project_path,ref_type,ref,deployment_tier: a job chooses its own", "add environment_protected"),
    ("prod", {"delivery__environment_protected": False, "delivery__subject_components": (*_DEFAULT, "environment_protected")}, "delivery.environment_protected=False: any job", "set it to True"),
    ("dev", {"api__domain_name": "api.example.com"}, "api.domain_name=api.example.com:", "both or neither"),
]  # fmt: skip


def lines_for(name: str, changes: dict[str, Any]) -> list[str]:
    with pytest.raises(ValidationError) as caught:
        settings(name, **changes)
    return str(explain(caught.value, where=f"environments/{name}.py")).splitlines()


@pytest.mark.parametrize(
    ("name", "changes", "beginning", "remedy"), BROKEN, ids=lambda v: str(v)[:50]
)
def test_a_broken_rule_names_field_value_and_remedy(
    name: str, changes: dict[str, Any], beginning: str, remedy: str
) -> None:
    prefix = f"environments/{name}.py: "
    lines = lines_for(name, changes)
    matching = [line for line in lines if line.startswith(prefix + beginning)]
    assert len(matching) == 1, lines
    assert remedy in matching[0]


def test_the_environments_obey() -> None:
    assert broken_rules(DEV) == []
    assert broken_rules(PROD) == []


def test_every_rule_is_broken_somewhere_above() -> None:
    """A rule that nothing breaks could be deleted unnoticed."""
    silent = set(RULES)
    for name, changes, _, _ in BROKEN:
        broken = settings(name).model_copy()
        values = broken.model_dump()
        for field, value in changes.items():
            *parts, last = field.split("__")
            target = values
            for part in parts:
                target = target[part]
            target[last] = value
        unchecked = _construct(values)
        silent -= {rule for rule in RULES if list(rule(unchecked))}
    assert silent == set()


def _construct(values: dict[str, Any]) -> Any:
    """An environment of these values whose own rules were not asked."""
    fields = type(DEV).model_fields
    parts = {
        name: TypeAdapter(field.annotation).validate_python(values[name])
        for name, field in fields.items()
        if isinstance(values[name], dict) and field.annotation is not None
    }
    return type(DEV).model_construct(**{**values, **parts})


def test_all_broken_rules_are_told_at_once() -> None:
    lines = lines_for("dev", {"api__timeout_ms": 5000, "database__parameter_family": "postgres16"})
    assert len(lines) == 2


@pytest.mark.parametrize("account", ["", "12345", "1234567890123", "11112222333a"])
def test_a_malformed_account_id_is_one_line(account: str) -> None:
    (line,) = lines_for("dev", {"account_id": account})
    assert line == (
        f"environments/dev.py: account_id={account}: "
        "not an AWS account; write its 12 digits, as text in quotes"
    )


def test_a_malformed_zone_is_one_line() -> None:
    (line,) = lines_for("dev", {"network__zones": ("a", "ap-southeast-1b")})
    assert line == (
        "environments/dev.py: network.zones.0=a: "
        "not an availability zone; write its full name, such as ap-southeast-1a"
    )


def test_an_unknown_field_and_a_missing_one() -> None:
    (line,) = lines_for("dev", {"network__colour": "blue"})
    assert line == (
        "environments/dev.py: network.colour=blue: extra inputs are not permitted; "
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


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("gitlab_url", "http://gitlab.example.com"),
        ("gitlab_url", "https://gitlab.example.com/"),
        ("gitlab_url", "https://example.com/gitlab"),
        ("project_path", "infrastructure"),
        ("project_path", "mapvibe/*"),
        ("branch", "*"),
        ("branch", "main:environment_protected:true"),
    ],
)
def test_what_would_widen_a_trust_policy_is_refused(field: str, value: str) -> None:
    (line,) = lines_for("dev", {f"delivery__{field}": value})
    assert line.startswith(f"environments/dev.py: delivery.{field}={value}: ")
    assert line.endswith("correct its form")

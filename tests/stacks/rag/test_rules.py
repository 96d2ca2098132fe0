"""Rules of the RAG system: each is broken once, and says the field, the value and the remedy."""

from __future__ import annotations

from typing import Any

import pytest

from environments.dev import DEV
from environments.prod import PROD
from environments.rules import broken_rules
from stacks.rag.postgresql import max_connections
from stacks.rag.rules import RULES
from stacks.rag.rules.function import RESERVED_BESIDE
from tests.support.mistakes import assert_told, lines_for
from tests.support.stacks import rag_stack, settings

_CERTIFICATE = "certificate/11111111-2222-3333-4444-555555555555"
_ELSEWHERE = f"arn:aws:acm:us-east-1:111122223333:{_CERTIFICATE}"
_OF_OTHERS = f"arn:aws:acm:ap-southeast-1:999999999999:{_CERTIFICATE}"

BROKEN: list[tuple[str, dict[str, Any], str, str]] = [
    # environment, change, beginning of the line, part of the remedy
    ("dev", {"rag__network__zones": ("ap-southeast-1a",), "rag__database__proxy": None}, "rag.network.zones=ap-southeast-1a:", "name 2 or 3 zones"),
    ("dev", {"rag__network__zones": ()}, "rag.network.zones=():", "name 2 or 3 zones"),
    ("dev", {"rag__network__zones": ("us-east-1a", "ap-southeast-1b")}, "rag.network.zones=us-east-1a: not in region", "use ap-southeast-1a, ap-southeast-1b, ap-southeast-1c"),
    ("dev", {"rag__network__zones": ("ap-southeast-1d", "ap-southeast-1b")}, "rag.network.zones=ap-southeast-1d: not in region", "use ap-southeast-1a"),
    ("dev", {"rag__network__interface_endpoint_zones": ("ap-southeast-1c",)}, "rag.network.interface_endpoint_zones=ap-southeast-1c: not among", "name zones"),
    ("dev", {"rag__database__proxy": {"zones": ("ap-southeast-1a", "ap-southeast-1c")}}, "rag.database.proxy.zones=ap-southeast-1c: not among", "name zones"),
    ("dev", {"rag__network__interface_endpoints": ("secretsmanager",)}, "rag.network.interface_endpoints=secretsmanager: without NAT there is no way out to Bedrock", "set network.nat to single"),
    ("dev", {"rag__network__interface_endpoints": ("bedrock-runtime",)}, "rag.network.interface_endpoints=bedrock-runtime: without NAT the function that prepares the database", "set network.nat to single"),
    ("dev", {"rag__network__interface_endpoint_zones": ()}, "rag.network.interface_endpoint_zones=():", "at least one zone"),
    ("dev", {"rag__network__flow_logs": {"cloudwatch_days": None, "archive": None}}, "rag.network.flow_logs.cloudwatch_days=None:", "set cloudwatch_days, archive, or both"),
    ("dev", {"rag__network__flow_logs__archive": None}, "rag.network.flow_logs.cloudwatch_days=7: the policies", "add an archive, or raise it to 365 or more"),
    ("dev", {"rag__network__flow_logs__archive__expire_after_days": 364}, "rag.network.flow_logs.archive.expire_after_days=364: the policies", "raise it to 365 or more"),
    ("prod", {"rag__network__flow_logs__archive__colder_after_days": 276}, "rag.network.flow_logs.archive.colder_after_days=276: colder storage is billed for 90 days", "raise expire_after_days to 366"),
    ("dev", {"rag__grafana": {"version": "11.6.16"}, "rag__network__nat": "single", "limits__volume_types": ("gp2",)}, "rag.grafana: its disk is gp3, not among limits.volume_types of dev (gp2)", "add it there"),
    ("prod", {"rag__network__flow_logs__archive__force_destroy": True}, "rag.network.flow_logs.archive.force_destroy=True: a guarded", "set it to False"),
    ("prod", {"rag__invocation_logging__force_destroy": True}, "rag.invocation_logging.force_destroy=True: a guarded", "set it to False"),
    ("dev", {"rag__grafana": {}}, "rag.network.nat=none: Grafana cannot be installed", "set network.nat to single, or grafana to None"),
    ("dev", {"rag__api__timeout_ms": 5000}, "rag.api.timeout_ms=5000: below function.timeout_seconds=28", "lower function.timeout_seconds to 5"),
    ("dev", {"rag__api__timeout_ms": 500}, "rag.api.timeout_ms=500: below function.timeout_seconds=28", "still works; raise api.timeout_ms"),
    ("dev", {"rag__function__reserved_concurrency": 500}, "rag.function.reserved_concurrency=500: above the 75", "lower it to 75, or raise database.proxy.max_connections_percent, or choose a larger"),
    ("dev", {"rag__database__proxy__max_connections_percent": 1}, "rag.function.reserved_concurrency=10: above the 0", "accepts; raise database.proxy.max_connections_percent, or choose a larger"),
    ("dev", {"rag__function__reserved_concurrency": 900}, "rag.function.reserved_concurrency=900: above the 897", "lower it to 897"),
    ("dev", {"rag__function__provisioned_concurrency": 11}, "rag.function.provisioned_concurrency=11: above", "lower it to 10"),
    ("dev", {"rag__database__instance_class": "db.r6g.large"}, "rag.database.instance_class=db.r6g.large: not among limits.database_classes of dev", "db.t4g.micro"),
    ("dev", {"rag__database__max_storage_gib": 51}, "rag.database.max_storage_gib=51: above limits.largest_volume_gib=50 of dev", "lower it, or raise the limit"),
    ("prod", {"rag__grafana": {"instance_type": "t3.medium"}}, "rag.grafana.instance_type=t3.medium: not among limits.instance_types of prod", "choose one of these"),
    ("dev", {"rag__models__answer": "global.anthropic.claude-sonnet-5"}, "rag.models.answer=global.anthropic.claude-sonnet-5: global is not among limits.inference_profiles of dev", "or add it there"),
    ("dev", {"rag__database__max_storage_gib": 20}, "rag.database.max_storage_gib=20: must exceed", "raise it to 22"),
    ("dev", {"rag__database__storage_gib": 60000, "rag__database__max_storage_gib": 65536}, "rag.database.storage_gib=60000: leaves no room", "lower it to 59578"),
    ("prod", {"rag__database__deletion_protection": False}, "rag.database.deletion_protection=False: a guarded", "set it to True"),
    ("prod", {"rag__database__backup_retention_days": 7}, "rag.database.backup_retention_days=7: a guarded", "raise it"),
    ("prod", {"rag__database__final_snapshot": False}, "rag.database.final_snapshot=False: a guarded", "True"),
    ("prod", {"rag__database__multi_az": False}, "rag.database.multi_az=False: a guarded", "True"),
    ("prod", {"rag__database__apply_immediately": True}, "rag.database.apply_immediately=True: a guarded", "False"),
    ("prod", {"rag__database__engine_version": "18", "rag__database__major_upgrade_to": "18"}, "rag.database.apply_immediately=False: with major_upgrade_to=18 AWS must upgrade at once", "set it to True for the upgrade, or remove major_upgrade_to"),
    ("dev", {"rag__database__major_upgrade_to": "16"}, "rag.database.major_upgrade_to=16: RDS cannot go back from engine_version=17", "remove it"),
    ("dev", {"region": "ap-southeast-2", "rag__database__proxy": None}, "rag.database.proxy=None: services/rag has no certificates of RDS in ap-southeast-2", "add its bundle"),
    ("dev", {"rag__api__jwt_issuer": "https://issuer.example.com"}, "rag.api.jwt_issuer=https://issuer.example.com:", "both or neither"),
    ("dev", {"rag__api__jwt_audience": ("client",)}, "rag.api.jwt_issuer=None:", "both or neither"),
    ("dev", {"rag__api__domain_name": "api.example.com"}, "rag.api.domain_name=api.example.com:", "both or neither"),
    ("dev", {"rag__api__domain_name": "api.example.com", "rag__api__certificate_arn": _ELSEWHERE}, f"rag.api.certificate_arn={_ELSEWHERE}: of another region", "ACM holds in ap-southeast-1"),
    ("dev", {"rag__api__domain_name": "api.example.com", "rag__api__certificate_arn": _OF_OTHERS}, f"rag.api.certificate_arn={_OF_OTHERS}: of another account", "ACM holds in 111122223333"),
    ("dev", {"rag__alerts__slack": None}, "rag.alerts.critical_emails=(): without Slack nobody", 'set alerts.slack to "notifier"'),
    ("prod", {"rag__alerts__slack": None}, "rag.alerts.warning_emails=(): without Slack nobody would hear of a warning", "name an address"),
    ("prod", {"rag__alerts__critical_emails": ()}, "rag.alerts.critical_emails=(): a guarded environment must hear when Slack", "name an address"),
    ("dev", {"rag__alerts__slack": "amazon-q"}, "rag.alerts.slack=amazon-q:", "amazon_q=None"),
    ("dev", {"rag__alerts__amazon_q": {"workspace_id": "T0123ABCD", "channel_id": "C0123ABCD"}}, "rag.alerts.slack=notifier:", 'set slack="amazon-q"'),
    ("dev", {"rag__models__guardrail_id": "abc123"}, "rag.models.guardrail_id=abc123:", "both or neither"),
    ("dev", {"rag__models__embedding": "cohere.embed-v4:0"}, "rag.models.embedding=cohere.embed-v4:0: not a model with a known price", "use cohere.embed-english-v3, cohere.embed-multilingual-v3, or add it"),
    ("dev", {"rag__models__answer": "us.amazon.nova-lite-v1:0"}, "rag.models.answer=us.amazon.nova-lite-v1:0: not a model with a known price", "use apac.amazon.nova-micro-v1:0"),
    ("dev", {"rag__models__embedding_dimension": 512}, "rag.models.embedding_dimension=512: cohere.embed-multilingual-v3 makes vectors of 1024", "set it to that"),
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
    changes = {"rag__api__timeout_ms": 5000, "rag__database__max_storage_gib": 20}
    assert len(lines_for("dev", changes)) == 2


UPGRADE = {
    "rag__database__engine_version": "18",
    "rag__database__major_upgrade_to": "18",
    "rag__database__apply_immediately": True,
}


@pytest.mark.parametrize("name", ["dev", "prod"])
def test_a_major_upgrade_is_possible_on_purpose(name: str) -> None:
    assert lines_for(name, UPGRADE) == []
    assert rag_stack(name, **UPGRADE).one("aws_db_instance")["allow_major_version_upgrade"] is True


@pytest.mark.parametrize("leftover", [None, "17", "18"])
def test_a_major_version_that_nobody_meant_is_refused_by_aws(leftover: str | None) -> None:
    """The leave of an earlier upgrade, or of one that is still to come, is no leave for this."""
    other = {"17": "18", "18": "17"}.get(leftover or "", "18")
    stack = rag_stack(
        "dev", rag__database__engine_version=other, rag__database__major_upgrade_to=leftover
    )
    assert stack.one("aws_db_instance")["allow_major_version_upgrade"] is False


def test_a_major_upgrade_brings_a_parameter_group_before_the_old_one_goes() -> None:
    """RDS refuses to delete a group that an instance still uses."""
    group = rag_stack("dev", **UPGRADE).one("aws_db_parameter_group")
    assert group["family"] == "postgres18"
    assert group["name_prefix"] == "mapvibe-dev-postgres18-"
    assert group["lifecycle"] == {"create_before_destroy": True}


def test_with_nat_the_functions_reach_what_has_no_endpoint() -> None:
    changes = {"rag__network__nat": "single", "rag__network__interface_endpoints": ("xray",)}
    assert lines_for("dev", changes) == []
    rules = rag_stack("dev", **changes).resources("aws_vpc_security_group_egress_rule")
    assert len([name for name in rules if "to-internet" in name]) == 2


def test_connections_follow_memory() -> None:
    assert max_connections("db.t4g.micro") == 84
    assert max_connections("db.m7g.large") == 675


def test_what_the_other_functions_reserve_is_counted() -> None:
    stack = rag_stack("dev", rag__function__reserved_concurrency=5)
    functions = stack.resources("aws_lambda_function").values()
    reserved = sum(body["reserved_concurrent_executions"] for body in functions)
    assert reserved == 5 + RESERVED_BESIDE

"""The database: its instance, its secrets, its proxy, and who may connect."""

from __future__ import annotations

import json

import pytest

from modules.rds import family_of
from stacks.rag.stack import DATABASE_ROLES
from tests.support.stacks import Stack, policy_of, rag_stack

APPLICATION_USER, MASTER_USER = DATABASE_ROLES.application, DATABASE_ROLES.master


def statements_of(stack: Stack, part: str) -> list[dict[str, object]]:
    return policy_of(stack.one("aws_iam_role_policy", part))


@pytest.mark.parametrize("name", ["dev", "prod"])
def test_the_instance_is_encrypted_private_and_watched(name: str) -> None:
    instance = rag_stack(name).one("aws_db_instance")
    assert instance["storage_encrypted"] is True
    assert "aws_kms_key." in instance["kms_key_id"]
    assert instance["publicly_accessible"] is False
    assert instance["storage_type"] == "gp3"
    assert instance["max_allocated_storage"] > instance["allocated_storage"]
    assert instance["manage_master_user_password"] is True
    assert instance["iam_database_authentication_enabled"] is True
    assert instance["performance_insights_enabled"] is True
    assert instance["monitoring_interval"] == 60
    assert "password" not in instance


def test_dev_is_cheap_and_prod_is_guarded() -> None:
    dev = rag_stack("dev").one("aws_db_instance")
    prod = rag_stack("prod").one("aws_db_instance")
    assert (dev["instance_class"], dev["multi_az"]) == ("db.t4g.micro", False)
    assert (prod["multi_az"], prod["deletion_protection"]) == (True, True)
    assert prod["backup_retention_period"] >= 14
    assert prod["lifecycle"] == {"prevent_destroy": True}
    assert "lifecycle" not in dev
    assert prod["apply_immediately"] is False
    assert prod["skip_final_snapshot"] is False
    assert prod["final_snapshot_identifier"].startswith("mapvibe-prod-database-final-")
    assert prod["delete_automated_backups"] is False


def test_parameters_force_tls_and_preload_only_what_rds_knows() -> None:
    group = rag_stack("dev").one("aws_db_parameter_group")
    values = {p["name"]: p["value"] for p in group["parameter"]}
    assert values["rds.force_ssl"] == "1"
    assert values["shared_preload_libraries"] == "pg_stat_statements"
    assert group["name_prefix"] == "mapvibe-dev-postgres17-"
    assert "name" not in group
    assert group["lifecycle"] == {"create_before_destroy": True}


@pytest.mark.parametrize(("version", "family"), [("17", "postgres17"), ("16.6", "postgres16")])
def test_family_of(version: str, family: str) -> None:
    assert family_of(version) == family


def test_log_groups_are_made_before_the_instance() -> None:
    stack = rag_stack("dev")
    groups = {
        f"aws_cloudwatch_log_group.{name}": body["name"]
        for name, body in stack.resources("aws_cloudwatch_log_group").items()
    }
    awaited = {groups[a] for a in stack.one("aws_db_instance")["depends_on"] if a in groups}
    assert awaited == {
        "/aws/rds/instance/mapvibe-dev-database/postgresql",
        "/aws/rds/instance/mapvibe-dev-database/upgrade",
    }


def test_no_password_is_in_the_json() -> None:
    """The application's password is drawn while Terraform applies, and only its place is written."""
    stack = rag_stack("dev")
    version = stack.one("aws_secretsmanager_secret_version")
    assert "secret_string" not in version
    written = json.loads(version["secret_string_wo"])
    assert written["username"] == APPLICATION_USER
    assert written["password"].startswith("${ephemeral.aws_secretsmanager_random_password.")
    assert list(stack.body["ephemeral"]) == ["aws_secretsmanager_random_password"]


def test_raising_the_secret_version_writes_it_again_and_makes_the_role_again() -> None:
    first = rag_stack("dev")
    second = rag_stack("dev", rag__database__application_secret_version=2)
    before, after = dict(first.everything()), dict(second.everything())
    changed = {address.split(".")[0] for address in before if before[address] != after[address]}
    assert changed == {"aws_secretsmanager_secret_version", "aws_lambda_invocation"}


def test_the_proxy_demands_tls_and_iam() -> None:
    stack = rag_stack("dev")
    proxy = stack.one("aws_db_proxy")
    assert proxy["require_tls"] is True
    assert [auth["iam_auth"] for auth in proxy["auth"]] == ["REQUIRED", "REQUIRED"]
    assert len(proxy["vpc_subnet_ids"]) == 2


def test_the_target_is_registered_again_with_a_new_instance_or_proxy() -> None:
    stack = rag_stack("dev")
    (proxy,) = stack.resources("aws_db_proxy")
    (instance,) = stack.resources("aws_db_instance")
    target = stack.one("aws_db_proxy_target")
    assert target["db_proxy_name"] == f"${{aws_db_proxy.{proxy}.id}}"
    assert target["lifecycle"] == {"replace_triggered_by": [f"aws_db_instance.{instance}.id"]}


def test_the_proxy_reads_the_two_secrets_and_no_other() -> None:
    read, decrypt = statements_of(rag_stack("dev"), "proxy_read-secrets")
    assert read["Action"] == "secretsmanager:GetSecretValue"
    assert len(read["Resource"]) == 2  # type: ignore[arg-type]
    assert decrypt["Condition"] == {
        "StringEquals": {"kms:ViaService": "secretsmanager.ap-southeast-1.amazonaws.com"}
    }


def test_the_function_connects_as_the_application_only() -> None:
    stack = rag_stack("dev")
    (statement,) = statements_of(stack, f"rag_connect-as-{APPLICATION_USER}")
    assert statement["Action"] == "rds-db:connect"
    assert str(statement["Resource"]).startswith(
        "arn:aws:rds-db:ap-southeast-1:111122223333:dbuser:${local."
    )
    assert str(statement["Resource"]).endswith(f"/{APPLICATION_USER}")
    assert not [
        n
        for n in stack.resources("aws_iam_role_policy")
        if n.startswith(f"rag_connect-as-{MASTER_USER}")
    ]


def test_both_rules_open_the_way_to_the_proxy() -> None:
    stack = rag_stack("dev")
    groups = {n.rsplit("_", 1)[0]: n for n in stack.resources("aws_security_group")}
    function, proxy = groups["rag_security-group"], groups["database_proxy_security-group"]
    egress = stack.one("aws_vpc_security_group_egress_rule", f"rag_to-{APPLICATION_USER}")
    ingress = stack.one("aws_vpc_security_group_ingress_rule", f"rag_to-{APPLICATION_USER}")
    for rule, own, other in ((egress, function, proxy), (ingress, proxy, function)):
        assert own in rule["security_group_id"]
        assert other in rule["referenced_security_group_id"]
        assert (rule["from_port"], rule["to_port"], rule["ip_protocol"]) == (5432, 5432, "tcp")


def test_the_instance_admits_nobody_but_the_proxy() -> None:
    stack = rag_stack("dev")
    group = next(
        n for n in stack.resources("aws_security_group") if n.startswith("database_instance")
    )
    admitted = [
        rule["referenced_security_group_id"]
        for rule in stack.resources("aws_vpc_security_group_ingress_rule").values()
        if group in rule["security_group_id"]
    ]
    assert len(admitted) == 1
    assert "database_proxy_security-group" in admitted[0]


def test_without_a_proxy_clients_go_to_the_instance() -> None:
    stack = rag_stack("dev", rag__database__proxy=None)
    assert not stack.resources("aws_db_proxy")
    (statement,) = statements_of(stack, f"rag_connect-as-{APPLICATION_USER}")
    assert ".resource_id}" in str(statement["Resource"])
    variables = stack.one("aws_lambda_function", "migrations")["environment"]["variables"]
    assert variables["DATABASE_AUTH"] == "password"
    assert "MASTER_SECRET_ARN" in variables
    assert json.loads(stack.one("aws_lambda_invocation")["input"]) == {"grant_rds_iam": True}
    assert "proxy_endpoint" not in stack.body["output"]


@pytest.mark.parametrize(
    ("name", "kinds"),
    [
        ("dev", {"aws_vpc_endpoint_subnet_association", "aws_network_acl_association"}),
        ("prod", {"aws_route", "aws_network_acl_association"}),
    ],
)
def test_the_role_is_made_when_the_ways_are_open(name: str, kinds: set[str]) -> None:
    """The invocation would fail in a first deployment if it overtook a route or an endpoint."""
    awaited = rag_stack(name).one("aws_lambda_invocation")["depends_on"]
    assert kinds | {
        "aws_db_proxy_target",
        "aws_secretsmanager_secret_version",
        "aws_iam_role_policy",
        "aws_vpc_security_group_egress_rule",
    } <= {address.split(".")[0] for address in awaited}

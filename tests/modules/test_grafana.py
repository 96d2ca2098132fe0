"""The machine that Grafana runs on: who reaches it, what it may do, what it is told."""

from __future__ import annotations

import re
import subprocess
from typing import Any

import pytest

from modules.errors import RefusedByAws
from modules.grafana.user_data import LONGEST
from tests.support.grafana import cloud_config, files, machine
from tests.support.iam.patterns import listed
from tests.support.stacks import Stack, policy_of, rag_stack
from tests.support.twins import NAMING

SYSTEMD = "/etc/systemd/system"
SERVER = f"{SYSTEMD}/grafana-server.service.d/provisioned.conf"


@pytest.fixture(scope="module")
def stack() -> Stack:
    return machine()


def test_it_stands_in_the_application_tier_without_an_address(stack: Stack) -> None:
    instance = stack.one("aws_instance")
    assert "application-ap-southeast-1a" in instance["subnet_id"]
    assert not instance.get("associate_public_ip_address")
    assert "key_name" not in instance


def test_nobody_comes_in_and_only_https_goes_out(stack: Stack) -> None:
    assert stack.resources("aws_vpc_security_group_ingress_rule") == {}
    rule = stack.one("aws_vpc_security_group_egress_rule")
    assert (rule["from_port"], rule["to_port"], rule["cidr_ipv4"]) == (443, 443, "0.0.0.0/0")
    group = stack.one("aws_security_group", "grafana")
    assert not {"ingress", "egress"} & set(group)
    (own,) = stack.one("aws_instance")["vpc_security_group_ids"]
    assert "grafana_security-group" in own
    assert "grafana_security-group" in rule["security_group_id"]


def test_its_role_is_only_handed_to_who_asks_with_a_token(stack: Stack) -> None:
    options = stack.one("aws_instance")["metadata_options"]
    assert options["http_tokens"] == "required"
    assert options["http_put_response_hop_limit"] == 1


def test_the_disk_and_the_secret_are_under_the_stacks_key(stack: Stack) -> None:
    disk = stack.one("aws_instance")["root_block_device"]
    assert (disk["encrypted"], disk["volume_type"]) == (True, "gp3")
    for holder in (disk, stack.one("aws_secretsmanager_secret")):
        assert "aws_kms_key.key_" in holder["kms_key_id"]


def statements(stack: Stack) -> list[dict[str, Any]]:
    return [s for body in stack.resources("aws_iam_role_policy").values() for s in policy_of(body)]


def test_its_role_reads_cloudwatch_and_one_secret_and_writes_nothing(stack: Stack) -> None:
    own = statements(stack)
    actions = {action for s in own for action in listed(s["Action"])}
    reads = re.compile(r"[a-z]+:(Describe|Get|List)\w+|logs:St(art|op)Query|kms:Decrypt")
    assert {action for action in actions if not reads.fullmatch(action)} == set()
    assert {action.split(":")[0] for action in actions} == {
        "cloudwatch",
        "kms",
        "logs",
        "secretsmanager",
    }
    (secret,) = [s for s in own if s["Action"] == "secretsmanager:GetSecretValue"]
    assert secret["Resource"].startswith("${aws_secretsmanager_secret.grafana_webhook_")
    managed = stack.one("aws_iam_role_policy_attachment")["policy_arn"]
    assert managed == "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"


def test_what_has_no_resource_is_held_by_the_region(stack: Stack) -> None:
    for s in statements(stack):
        if s["Resource"] == "*":
            assert s["Condition"] == {"StringEquals": {"aws:RequestedRegion": "ap-southeast-1"}}


def test_only_the_named_log_groups_are_searched(stack: Stack) -> None:
    (logs,) = [s for s in statements(stack) if "logs:StartQuery" in listed(s["Action"])]
    assert logs["Resource"] == NAMING.arn("logs", "log-group:/aws/lambda/answers:*")


def test_no_state_holds_the_webhook(stack: Stack) -> None:
    assert "aws_secretsmanager_secret_version" not in stack.body["resource"]
    written = files(stack)
    assert "hooks.slack.com" not in "".join(written.values())
    naming = [path for path, text in written.items() if "SLACK_WEBHOOK" in text]
    assert naming == [
        "/usr/local/sbin/fetch-webhook",
        "/etc/grafana/provisioning/alerting/contact.yaml",
    ]


def test_grafana_waits_for_the_webhook_in_memory(stack: Stack) -> None:
    written = files(stack)
    fetch = written[f"{SYSTEMD}/grafana-webhook.service"]
    secret = stack.one("aws_secretsmanager_secret")["name"]
    assert f"ExecStart=/usr/local/sbin/fetch-webhook {secret} ap-southeast-1\n" in fetch
    assert "RuntimeDirectory=grafana-webhook\n" in fetch
    assert ">/run/grafana-webhook/environment" in written["/usr/local/sbin/fetch-webhook"]
    for line in (
        "Requires=grafana-webhook.service",
        "After=grafana-webhook.service",
        "EnvironmentFile=/run/grafana-webhook/environment",
        "Environment=GF_SERVER_HTTP_ADDR=127.0.0.1",
        "Environment=GF_SECURITY_DISABLE_INITIAL_ADMIN_CREATION=true",
        "Environment=GF_AUTH_DISABLE_LOGIN_FORM=true",
    ):
        assert f"{line}\n" in written[SERVER]


def test_packages_are_signed_and_grafanas_version_is_the_settings(stack: Stack) -> None:
    repository = files(stack)["/etc/yum.repos.d/grafana.repo"]
    assert {"gpgcheck=1", "repo_gpgcheck=1", "enabled=0"} <= set(repository.splitlines())
    assert "http://" not in repository
    install = "/usr/local/sbin/install-grafana"
    assert cloud_config(stack)["runcmd"] == [[install, "11.6.16"]]
    assert '"grafana-$version"' in files(stack)[install]
    assert cloud_config(machine(version="12.4.1"))["runcmd"] == [[install, "12.4.1"]]


def test_security_updates_come_by_themselves(stack: Stack) -> None:
    install = files(stack)["/usr/local/sbin/install-grafana"]
    for line in (
        "echo latest >/etc/dnf/vars/releasever",
        "upgrade_type = security",
        "systemctl enable --now dnf-automatic-install.timer",
    ):
        assert line in install


@pytest.mark.parametrize("name", ["install-grafana", "fetch-webhook"])
def test_the_scripts_are_runnable(stack: Stack, name: str) -> None:
    path = f"/usr/local/sbin/{name}"
    subprocess.run(["sh", "-n"], input=files(stack)[path], text=True, check=True)
    (written,) = [f for f in cloud_config(stack)["write_files"] if f["path"] == path]
    assert written["permissions"] == "0755"


def test_a_changed_file_replaces_the_machine_and_a_newer_image_does_not(stack: Stack) -> None:
    instance = stack.one("aws_instance")
    assert instance["user_data_replace_on_change"] is True
    assert instance["lifecycle"] == {"ignore_changes": ["ami"]}


def test_it_starts_when_there_is_a_way_out_and_a_right_to_read(stack: Stack) -> None:
    waits = " ".join(stack.one("aws_instance")["depends_on"])
    for part in ("nat", "to-internet", "sessions", "read-cloudwatch", "read-webhook"):
        assert part in waits


def test_user_data_is_the_same_twice_and_fits(stack: Stack) -> None:
    text = stack.one("aws_instance")["user_data"]
    assert machine().one("aws_instance")["user_data"] == text
    whole = rag_stack("prod", rag__grafana={}).one("aws_instance")["user_data"]
    # References in it become ids and names, which are shorter.
    assert len(whole) < LONGEST - 4_096


def test_user_data_that_ec2_refuses_is_told_in_one_line() -> None:
    with pytest.raises(
        RefusedByAws, match=r"^user data of Grafana: \d+ bytes, and EC2 takes 16384"
    ):
        machine(panels=400)


def test_what_aws_chooses_is_named_once_and_put_in_on_the_machine(stack: Stack) -> None:
    written = files(stack)
    values = written.pop("/etc/grafana/chosen-by-aws.sed")
    listed_names = re.findall(
        r"^s\|(@value-\d+@)\|\$\{aws_kms_key\.[^|}]+\.key_id\}\|g$", values, re.M
    )
    assert len(listed_names) == len(values.splitlines()) > 0
    used = {name for text in written.values() for name in re.findall(r"@value-\d+@", text)}
    assert used == set(listed_names)
    assert "TfToken" not in "".join(written.values())
    # Terraform reads what is not packed: a template in it would be evaluated.
    assert "%{" not in stack.one("aws_instance")["user_data"]
    # The script replaces the names in the folders that hold them.
    folders = {path.rpartition("/")[0] for path, text in written.items() if "@value-" in text}
    script = written["/usr/local/sbin/install-grafana"]
    assert all(f"{folder}/*" in script for folder in folders)

"""What is a secret in a variable, and what only looks like one; no finding repeats it."""

from __future__ import annotations

import base64
import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from tests.policies.examples import change, faults, judged, of_plan, path_of, plan, stack

CHECK = "MV_AWS_11"
ADDRESS = "aws_lambda_function.f"
PASSWORD = "v9Qm" + "2Lx7Rk4T"
URL = f"postgres://app:{PASSWORD}@db.internal/mapvibe"


def _function(**variables: Any) -> dict[str, Any]:
    return {"aws_lambda_function": {"f": {"environment": {"variables": variables}}}}


@pytest.mark.parametrize(
    ("name", "value", "secret"),
    [
        ("DB_PASSWORD", PASSWORD, True),
        ("PGPASSWORD", PASSWORD, True),
        ("DATABASE_URL", URL, True),
        ("ANYTHING", URL, True),
        ("ANYTHING", base64.b64encode(URL.encode()).decode(), True),
        ("ANYTHING", json.dumps({"password": PASSWORD}), True),
        ("ANYTHING", json.dumps([{"name": "API_TOKEN", "value": PASSWORD}]), True),
        ("API_KEY", PASSWORD, True),
        ("DATABASE_URL", "postgres://db.internal:5432/mapvibe", False),
        ("PARTITION_KEY", "tenant", False),
        ("API_KEY", "header", False),
        ("DATABASE_AUTH", "password", False),
        ("DATABASE_AUTH", PASSWORD, True),
        ("RUN", "printf 'WEBHOOK=%s' \"$webhook\"", False),
        ("RUN", "gpgkey=https://rpm.example.com/gpg.key", False),
        ("RUN", "https://hooks.slack.com/" + "services/T0123/B0123/" + "x9Qm2Lx7Rk4Tz8Wc", True),
        ("SECRET_ARN", "arn:aws:secretsmanager:ap-southeast-1:111122223333:secret:x-AbCdEf", False),
        ("SECRET_NAME", "example/dev/database", False),
        ("MAX_TOKENS", "512", False),
        ("PASSWORD_LENGTH", "40", False),
        ("MODEL", "apac.amazon.nova-lite-v1:0", False),
    ],
)
def test_a_variable(tmp_path: Path, name: str, value: str, secret: bool) -> None:
    found = faults(judged(stack(tmp_path, _function(**{name: value})))[CHECK])
    assert (ADDRESS in found) is secret
    assert PASSWORD not in str(found)


@pytest.mark.parametrize(
    ("text", "secret"), [(f"export DB_PASSWORD={PASSWORD}\n", True), ("id\n", False)]
)
def test_a_script_within_cloud_config_in_gzip(tmp_path: Path, text: str, secret: bool) -> None:
    content = base64.b64encode(gzip.compress(text.encode() * 20, mtime=0)).decode()
    config = {"write_files": [{"path": "/opt/run", "encoding": "gz+b64", "content": content}]}
    user_data = f"#cloud-config\n{json.dumps(config)}"
    path = stack(tmp_path, {"aws_instance": {"i": {"user_data": user_data}}})
    assert bool(faults(judged(path)[CHECK])) is secret


def test_the_plan_finds_what_a_reference_hid(tmp_path: Path) -> None:
    path = stack(tmp_path, _function(CONNECTION="${aws_ssm_parameter.p.value}"))
    values = {"environment": [{"variables": {"CONNECTION": URL}}]}
    found = faults(of_plan(CHECK, path, plan(tmp_path, change(ADDRESS, values))))
    assert found == {ADDRESS: "its environment CONNECTION holds a secret"}


def test_no_example_is_repeated_in_a_finding() -> None:
    said = str(faults(judged(path_of("no_secrets", "failing"))[CHECK]))
    assert said
    for secret in (PASSWORD, "glpat-", "AKIA"):
        assert secret not in said

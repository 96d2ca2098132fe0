"""Every stack is valid to real Terraform and the real provider's schemas."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

import toolchain
from tests.support.stacks import Stack, backend_stack, rag_stack

CERTIFICATE = (
    "arn:aws:acm:ap-southeast-1:111122223333:certificate/11111111-2222-3333-4444-555555555555"
)

OTHER_CHOICES: dict[str, Any] = {
    "rag__network__flow_logs": "s3",
    "rag__network__nat": "single",
    "rag__network__interface_endpoints": (),
    "rag__network__interface_endpoint_zones": (),
    "rag__database__proxy": None,
    "rag__function__provisioned_concurrency": 1,
    "rag__api__cors_origins": ("https://app.example.com",),
    "rag__api__jwt_issuer": "https://issuer.example.com",
    "rag__api__jwt_audience": ("client",),
    "rag__api__domain_name": "api.example.com",
    "rag__api__certificate_arn": CERTIFICATE,
    "state_lockfile": True,
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the provider installed; the stacks take turns in it."""
    folder = tmp_path_factory.mktemp("validate")
    _write(folder, rag_stack("dev"))
    done = _terraform(folder, "init", "-backend=false", "-input=false")
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


def _write(folder: Path, stack: Stack) -> None:
    (folder / "cdk.tf.json").write_text(json.dumps(stack.body))


def _terraform(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(toolchain.terraform()), *arguments],
        cwd=folder,
        env=toolchain.environment(),
        capture_output=True,
        text=True,
        check=False,
    )


def problems(folder: Path, stack: Stack) -> list[str]:
    _write(folder, stack)
    report = json.loads(_terraform(folder, "validate", "-json").stdout)
    return [diagnostic["summary"] for diagnostic in report["diagnostics"]]


@pytest.mark.parametrize("name", ["dev", "prod"])
def test_environments_are_valid(name: str, folder: Path) -> None:
    assert problems(folder, rag_stack(name)) == []


@pytest.mark.parametrize("name", ["dev", "prod"])
def test_state_stacks_are_valid(name: str, folder: Path) -> None:
    assert problems(folder, backend_stack(name)) == []


def test_the_other_choices_are_valid(folder: Path) -> None:
    """What neither environment uses: flow logs to S3, one NAT, no proxy, authorizer, domain."""
    assert problems(folder, rag_stack("dev", **OTHER_CHOICES)) == []


def test_a_mistake_is_seen(folder: Path) -> None:
    body = json.loads(json.dumps(dict(rag_stack("dev").body)))
    body["resource"]["aws_vpc"]["network_vpc_BROKEN"] = {"cidr_blok": "10.0.0.0/16"}
    assert problems(folder, Stack(body)) == ["Extraneous JSON object property"]

"""Every stack is valid to real Terraform and the real provider's schemas."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.support.merge import merge
from tests.support.stacks import Stack, backend_stack, rag_stack
from tests.support.validate import Validator

CERTIFICATE = (
    "arn:aws:acm:ap-southeast-1:111122223333:certificate/11111111-2222-3333-4444-555555555555"
)

OTHER_CHOICES: dict[str, Any] = {
    "rag__network__flow_logs__cloudwatch_days": None,
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
def validator(tmp_path_factory: pytest.TempPathFactory) -> Validator:
    return Validator(tmp_path_factory.mktemp("validate"), rag_stack("dev"))


@pytest.mark.parametrize("name", ["dev", "prod"])
def test_environments_are_valid(name: str, validator: Validator) -> None:
    assert validator.problems(rag_stack(name)) == []


@pytest.mark.parametrize("name", ["dev", "prod"])
def test_state_stacks_are_valid(name: str, validator: Validator) -> None:
    assert validator.problems(backend_stack(name)) == []


def test_the_other_choices_are_valid(validator: Validator) -> None:
    """What neither environment uses: flow logs to S3, one NAT, no proxy, authorizer, domain."""
    assert validator.problems(rag_stack("dev", **OTHER_CHOICES)) == []


def test_a_mistake_is_seen(validator: Validator) -> None:
    body = json.loads(json.dumps(dict(rag_stack("dev").body)))
    body["resource"]["aws_vpc"]["network_vpc_BROKEN"] = {"cidr_blok": "10.0.0.0/16"}
    assert validator.problems(Stack(body)) == ["Extraneous JSON object property"]


def test_a_mistake_is_seen_in_stacks_that_are_put_together(validator: Validator) -> None:
    whole = merge([backend_stack("dev"), backend_stack("prod")])
    assert validator.problems(whole) == []
    table = whole.resources("aws_dynamodb_table")["s1_lock-table"]
    table["server_side_encryption"]["kms_key_arn"] = "${aws_kms_key.s2_key_F64E54E4.arn}"
    assert validator.problems(whole) == ["Reference to undeclared resource"]

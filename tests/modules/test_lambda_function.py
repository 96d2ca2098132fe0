"""The function: what it may do, where it logs, what its callers reach."""

from __future__ import annotations

import json

import cdktf
import pytest
from cdktf import TerraformStack

from modules.encryption import EncryptionKey
from modules.lambda_function import Capacity, Function
from modules.naming import Naming
from modules.vpc import Vpc
from tests.support.iam.patterns import listed
from tests.support.iam.reference import actions
from tests.support.stacks import Stack, code, policy_of, rag_stack

NAMING = Naming(
    project="mapvibe", environment="dev", account_id="111122223333", region="ap-southeast-1"
)


def bare_function(*, outside: bool = False) -> Function:
    stack = TerraformStack(cdktf.Testing.app(), "bare")
    zones = ("ap-southeast-1a",)
    network = (
        None if outside else Vpc(stack, "network", naming=NAMING, cidr="10.0.0.0/16", zones=zones)
    )
    key = EncryptionKey(
        stack, "key", naming=NAMING, role="data", description="tests", deletion_window_days=7
    )
    return Function(
        stack,
        "function",
        naming=NAMING,
        role="rag",
        description="tests",
        code=code(),
        handler="rag.app.handler",
        network=network,
        key=key,
        capacity=Capacity(memory_mib=128, timeout_seconds=3, reserved_concurrency=1),
        log_retention_days=7,
    )


def test_it_runs_on_arm_with_versions_and_tracing() -> None:
    function = rag_stack("dev").one("aws_lambda_function", "rag_function")
    assert function["architectures"] == ["arm64"]
    assert function["publish"] is True
    assert function["tracing_config"] == {"mode": "Active"}
    assert function["reserved_concurrent_executions"] == 10
    assert function["source_code_hash"] == code().sha256_base64
    assert function["timeouts"] == {"delete": "45m"}


def test_the_zip_is_named_relative_to_the_stack() -> None:
    function = rag_stack("dev").one("aws_lambda_function", "rag_function")
    assert function["filename"].startswith("assets/")
    assert code().sha256_hex[:32] in function["filename"]


def test_environment_logs_and_dead_letters_are_encrypted() -> None:
    stack = rag_stack("dev")
    for function in stack.resources("aws_lambda_function").values():
        assert "aws_kms_key." in function["kms_key_arn"]
        assert "aws_sqs_queue." in function["dead_letter_config"]["target_arn"]
    for queue in stack.resources("aws_sqs_queue").values():
        assert "aws_kms_key." in queue["kms_master_key_id"]
    for group in stack.resources("aws_cloudwatch_log_group").values():
        assert "aws_kms_key." in group["kms_key_id"]
        if group["name"].startswith("/aws/lambda/"):
            assert group["retention_in_days"] == 365


def test_it_logs_to_its_own_group_and_cannot_make_one() -> None:
    stack = rag_stack("dev")
    function = stack.one("aws_lambda_function", "rag_function")
    assert "rag_log-group" in function["logging_config"]["log_group"]
    actions = [
        action
        for policy in stack.resources("aws_iam_role_policy").values()
        for statement in policy_of(policy)
        if statement["Effect"] == "Allow"
        for action in (
            [statement["Action"]] if isinstance(statement["Action"], str) else statement["Action"]
        )
    ]
    assert "logs:PutLogEvents" in actions
    assert "logs:CreateLogGroup" not in actions
    assert not [action for action in actions if action.endswith(":*")]


def test_every_allowance_names_its_resources() -> None:
    """But for those of actions that AWS ties to none."""
    for name in ("dev", "prod"):
        for policy in rag_stack(name).resources("aws_iam_role_policy").values():
            for statement in policy_of(policy):
                if statement["Effect"] == "Allow" and "*" in listed(statement["Resource"]):
                    (action,) = actions(statement["Action"])
                    assert action.types == ()


def test_permissions_come_before_the_function() -> None:
    function = rag_stack("dev").one("aws_lambda_function", "rag_function")
    kinds = sorted(address.split(".")[0] for address in function["depends_on"])
    assert kinds == ["aws_iam_role_policy", *["aws_iam_role_policy_attachment"] * 2]


def test_prod_keeps_environments_warm() -> None:
    assert rag_stack("prod").one("aws_lambda_provisioned_concurrency_config")[
        "provisioned_concurrent_executions"
    ]
    assert not rag_stack("dev").resources("aws_lambda_provisioned_concurrency_config")


def test_a_function_may_reach_nobody_until_a_verb_says_so() -> None:
    function = bare_function()
    rendered = cdktf.Testing.synth(TerraformStack.of(function))
    assert "egress_rule" not in rendered
    assert '"environment"' not in rendered


def test_outside_a_vpc_it_has_no_interface_and_may_make_none() -> None:
    stack = Stack(json.loads(cdktf.Testing.synth(TerraformStack.of(bare_function(outside=True)))))
    function = stack.one("aws_lambda_function")
    assert "vpc_config" not in function
    assert "timeouts" not in function
    assert stack.resources("aws_security_group") == {}
    (attached,) = stack.resources("aws_iam_role_policy_attachment").values()
    assert attached["policy_arn"].endswith("/AWSXRayDaemonWriteAccess")
    allowed = policy_of(stack.one("aws_iam_role_policy"))
    assert [each["Sid"] for each in allowed] == [
        "WriteOwnLogs",
        "LeaveDeadLetters",
        "EncryptNewData",
    ]


def test_all_else_is_the_same_outside_a_vpc() -> None:
    within, outside = (
        Stack(json.loads(cdktf.Testing.synth(TerraformStack.of(bare_function(outside=each)))))
        for each in (False, True)
    )
    for kind in ("aws_cloudwatch_log_group", "aws_sqs_queue", "aws_iam_role", "aws_lambda_alias"):
        assert outside.resources(kind) == within.resources(kind)
    function = within.one("aws_lambda_function")
    assert function["vpc_config"]["subnet_ids"]
    assert function["timeouts"] == {"delete": "45m"}
    for own in ("vpc_config", "timeouts", "depends_on"):
        del function[own]
    assert function.items() <= outside.one("aws_lambda_function").items()


def test_outside_a_vpc_nothing_private_is_reached() -> None:
    function = bare_function(outside=True)
    with pytest.raises(ValueError, match="mapvibe-dev-rag: runs outside of a VPC"):
        function.allow_to_internet()


def test_a_variable_is_not_set_twice() -> None:
    function = bare_function()
    function.add_environment(DATABASE_HOST="one")
    function.add_environment(DATABASE_HOST="one")
    with pytest.raises(ValueError, match="DATABASE_HOST is set twice"):
        function.add_environment(DATABASE_HOST="two")

"""The remote state: what is created, what every stack is attached to, whose account it is."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.stacks import Stack, all_stacks, backend_stack, policy_of, rag_stack

ACCOUNTS = {"dev": "111122223333", "prod": "444455556666"}


def state_bucket(stack: Stack, kind: str) -> dict[str, Any]:
    """The part of the state bucket of one resource type (not the access log's)."""
    found = [b for n, b in stack.resources(kind).items() if n.startswith("bucket_")]
    assert len(found) == 1
    return found[0]


@pytest.mark.parametrize("name", ["dev", "prod"])
def test_every_stack_keeps_its_state_in_s3_with_the_lock_in_dynamodb(name: str) -> None:
    account = ACCOUNTS[name]
    for key, stack in all_stacks(name).items():
        assert stack.body["terraform"]["backend"]["s3"] == {
            "bucket": f"mapvibe-{name}-state-{account}",
            "key": f"mapvibe/{key}/terraform.tfstate",
            "region": "ap-southeast-1",
            "encrypt": True,
            "kms_key_id": f"arn:aws:kms:ap-southeast-1:{account}:alias/mapvibe-{name}-state",
            "dynamodb_table": f"mapvibe-{name}-state-lock",
            "allowed_account_ids": [account],
        }


@pytest.mark.parametrize("name", ["dev", "prod"])
def test_the_wrong_account_is_refused(name: str) -> None:
    for stack in all_stacks(name).values():
        for provider in stack.body["provider"]["aws"]:
            assert provider["allowed_account_ids"] == [ACCOUNTS[name]]


def test_the_lock_file_can_be_switched_on_beside_the_table() -> None:
    s3 = rag_stack("dev", state_lockfile=True).body["terraform"]["backend"]["s3"]
    assert s3["use_lockfile"] is True
    assert s3["dynamodb_table"] == "mapvibe-dev-state-lock"


def test_what_the_endpoint_decides(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the process environment cannot tell the provider by itself."""
    from backend.state import _max_retries, _path_style

    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "2")
    assert (_path_style(), _max_retries()) == (None, None)
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    assert (_path_style(), _max_retries()) == (True, 2)


def test_the_state_bucket_is_versioned_encrypted_logged_and_private() -> None:
    stack = backend_stack("dev")
    versioning = state_bucket(stack, "aws_s3_bucket_versioning")
    assert versioning["versioning_configuration"] == {"status": "Enabled"}
    (rule,) = state_bucket(stack, "aws_s3_bucket_server_side_encryption_configuration")["rule"]
    assert rule["apply_server_side_encryption_by_default"]["sse_algorithm"] == "aws:kms"
    assert "access-log_bucket" in str(state_bucket(stack, "aws_s3_bucket_logging")["target_bucket"])
    block = state_bucket(stack, "aws_s3_bucket_public_access_block")
    assert all(
        block[field] is True for field in block if field.startswith(("block", "ignore", "restrict"))
    )
    controls = state_bucket(stack, "aws_s3_bucket_ownership_controls")
    assert controls["rule"] == {"object_ownership": "BucketOwnerEnforced"}


def test_only_tls_and_only_old_versions_expire() -> None:
    stack = backend_stack("dev")
    (tls,) = policy_of(state_bucket(stack, "aws_s3_bucket_policy"))
    assert (tls["Effect"], tls["Principal"]) == ("Deny", "*")
    assert tls["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    (rule,) = state_bucket(stack, "aws_s3_bucket_lifecycle_configuration")["rule"]
    assert rule["noncurrent_version_expiration"] == [{"noncurrent_days": 180}]
    assert "expiration" not in rule


def test_the_access_log_bucket_takes_logs_of_this_account_only() -> None:
    stack = backend_stack("dev")
    policy = next(
        b for n, b in stack.resources("aws_s3_bucket_policy").items() if n.startswith("access-log")
    )
    _, deliver = policy_of(policy)
    assert deliver["Principal"] == {"Service": "logging.s3.amazonaws.com"}
    assert deliver["Condition"] == {
        "StringEquals": {"aws:SourceAccount": "111122223333"},
        "ArnLike": {"aws:SourceArn": "arn:aws:s3:::mapvibe-dev-*"},
    }


def test_the_lock_table_is_on_demand_and_protected() -> None:
    table = backend_stack("prod").one("aws_dynamodb_table")
    assert table["billing_mode"] == "PAY_PER_REQUEST"
    assert table["hash_key"] == "LockID"
    assert table["deletion_protection_enabled"] is True
    assert table["point_in_time_recovery"] == {"enabled": True}
    assert table["server_side_encryption"]["enabled"] is True


def test_terraform_refuses_to_plan_the_end_of_the_state() -> None:
    stack = backend_stack("dev")
    assert state_bucket(stack, "aws_s3_bucket")["lifecycle"] == {"prevent_destroy": True}
    assert stack.one("aws_dynamodb_table")["lifecycle"] == {"prevent_destroy": True}

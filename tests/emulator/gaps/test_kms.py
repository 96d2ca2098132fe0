"""Gaps of KMS."""

from __future__ import annotations

import pytest

from tests.emulator.conftest import Aws


@pytest.mark.gap("kms/managed-keys")
def test_keys_of_aws_itself_say_so(aws: Aws) -> None:
    kms = aws("kms")

    assert kms.describe_key(KeyId="alias/aws/rds")["KeyMetadata"]["KeyManager"] == "AWS"
    own = kms.create_key()["KeyMetadata"]["KeyId"]
    assert kms.describe_key(KeyId=own)["KeyMetadata"]["KeyManager"] == "CUSTOMER"


@pytest.mark.gap("kms/rotation-period")
@pytest.mark.parametrize(
    ("asked", "kept"), [({}, 365), ({"RotationPeriodInDays": 180}, 180)], ids=["default", "own"]
)
def test_a_key_keeps_its_rotation_period(aws: Aws, asked: dict[str, int], kept: int) -> None:
    kms = aws("kms")
    key_id = kms.create_key()["KeyMetadata"]["KeyId"]

    kms.enable_key_rotation(KeyId=key_id, **asked)

    assert kms.get_key_rotation_status(KeyId=key_id)["RotationPeriodInDays"] == kept
    kms.disable_key_rotation(KeyId=key_id)
    assert "RotationPeriodInDays" not in kms.get_key_rotation_status(KeyId=key_id)

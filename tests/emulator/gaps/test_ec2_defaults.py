"""What an account shares with nobody in a region, and what its new machines begin with."""

from __future__ import annotations

import pytest

from tests.emulator.conftest import Aws


@pytest.mark.gap("ec2/snapshots-shared-with-nobody")
def test_snapshots_are_blocked_until_they_are_not(aws: Aws) -> None:
    ec2 = aws("ec2")
    assert ec2.get_snapshot_block_public_access_state()["State"] == "unblocked"
    ec2.enable_snapshot_block_public_access(State="block-all-sharing")
    assert ec2.get_snapshot_block_public_access_state()["State"] == "block-all-sharing"
    assert ec2.disable_snapshot_block_public_access()["State"] == "unblocked"


@pytest.mark.gap("ec2/images-shared-with-nobody")
def test_images_are_blocked_until_they_are_not(aws: Aws) -> None:
    ec2, name = aws("ec2"), "ImageBlockPublicAccessState"
    assert ec2.get_image_block_public_access_state()[name] == "unblocked"
    ec2.enable_image_block_public_access(ImageBlockPublicAccessState="block-new-sharing")
    assert ec2.get_image_block_public_access_state()[name] == "block-new-sharing"
    assert ec2.disable_image_block_public_access()[name] == "unblocked"


@pytest.mark.gap("ec2/instance-metadata-defaults")
def test_defaults_of_machines_are_kept_until_nobody_prefers_them(aws: Aws) -> None:
    ec2 = aws("ec2")
    assert ec2.modify_instance_metadata_defaults(
        HttpTokens="required", HttpPutResponseHopLimit=2, HttpEndpoint="no-preference"
    )["Return"]
    kept = ec2.get_instance_metadata_defaults()["AccountLevel"]
    assert kept == {"HttpTokens": "required", "HttpPutResponseHopLimit": 2}
    ec2.modify_instance_metadata_defaults(HttpTokens="no-preference", HttpPutResponseHopLimit=-1)
    assert not ec2.get_instance_metadata_defaults().get("AccountLevel")

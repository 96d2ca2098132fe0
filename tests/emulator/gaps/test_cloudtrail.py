"""Gaps of CloudTrail."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from tests.emulator.conftest import Aws


@pytest.mark.gap("cloudtrail/delete-by-arn")
def test_a_trail_is_deleted_by_its_arn(aws: Aws) -> None:
    aws("s3").create_bucket(Bucket="trail-by-arn")
    trails = aws("cloudtrail")
    arn = trails.create_trail(Name="by-arn", S3BucketName="trail-by-arn")["TrailARN"]
    trails.delete_trail(Name=arn)
    assert "by-arn" not in [each["Name"] for each in trails.list_trails()["Trails"]]
    with pytest.raises(ClientError, match="TrailNotFoundException"):
        trails.delete_trail(Name="by-arn")

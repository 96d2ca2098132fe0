"""Gaps of S3."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.emulator.conftest import Aws


def _bucket(aws: Aws, name: str, *statements: dict[str, Any]) -> Any:
    s3 = aws("s3")
    s3.create_bucket(Bucket=name)
    everything = {"Principal": "*", "Resource": [f"arn:aws:s3:::{name}/*"]}
    policy = {"Version": "2012-10-17", "Statement": [everything | given for given in statements]}
    s3.put_bucket_policy(Bucket=name, Policy=json.dumps(policy))
    return s3


def _deny(**condition: Any) -> dict[str, Any]:
    return {"Effect": "Deny", "Action": "s3:*", "Condition": condition}


@pytest.mark.gap("s3/policy-conditions")
@pytest.mark.parametrize(
    "condition",
    [
        {"Bool": {"aws:SecureTransport": "false"}},
        {"Bool": {"aws:SecureTransport": ["false"]}},
        {"BoolIfExists": {"AWS:securetransport": False}},
        {"StringNotEquals": {"s3:x-amz-server-side-encryption": "aws:kms"}},
        {
            "Bool": {"aws:SecureTransport": "true"},
            "StringEquals": {"aws:PrincipalAccount": "000000000000"},
        },
    ],
    ids=["plain-http", "list", "if-exists", "unknown-key", "unknown-key-besides"],
)
def test_denial_whose_condition_does_not_hold_lets_uploads_pass(
    aws: Aws, request: pytest.FixtureRequest, condition: dict[str, Any]
) -> None:
    bucket = f"conditions-{request.node.callspec.id}".replace("_", "-")
    s3 = _bucket(aws, bucket, _deny(**condition))

    s3.put_object(Bucket=bucket, Key="key", Body=b"content")

    assert s3.get_object(Bucket=bucket, Key="key")["Body"].read() == b"content"


@pytest.mark.gap("s3/policy-conditions")
def test_other_statements_decide_as_before(aws: Aws) -> None:
    """One that holds over TLS and one without a condition deny; only the latter does in moto."""
    over_tls = _bucket(
        aws,
        "holds-over-tls",
        _deny(Bool={"aws:SecureTransport": "true"}) | {"Action": "s3:PutObject"},
    )
    with pytest.raises(ClientError):
        over_tls.put_object(Bucket="holds-over-tls", Key="key", Body=b"")
    always = _bucket(
        aws,
        "holds-always",
        _deny(Bool={"aws:SecureTransport": "false"}),
        {"Effect": "Deny", "Action": "s3:DeleteObject"},
    )
    always.put_object(Bucket="holds-always", Key="key", Body=b"")
    with pytest.raises(ClientError):
        always.delete_object(Bucket="holds-always", Key="key")


@pytest.mark.gap("s3/logging-grant")
def test_log_bucket_may_also_require_tls(aws: Aws) -> None:
    grant = {
        "Effect": "Allow",
        "Principal": {"Service": "logging.s3.amazonaws.com"},
        "Action": "s3:PutObject",
        "Resource": "arn:aws:s3:::logging-target/access/*",
    }
    s3 = _bucket(aws, "logging-target", _deny(Bool={"aws:SecureTransport": "false"}), grant)
    s3.create_bucket(Bucket="logging-source")
    wanted = {"TargetBucket": "logging-target", "TargetPrefix": "access/"}

    s3.put_bucket_logging(Bucket="logging-source", BucketLoggingStatus={"LoggingEnabled": wanted})

    assert s3.get_bucket_logging(Bucket="logging-source")["LoggingEnabled"] == wanted


@pytest.mark.gap("s3/logging-grant")
def test_log_bucket_without_the_grant_is_refused(aws: Aws) -> None:
    s3 = _bucket(aws, "no-grant", _deny(Bool={"aws:SecureTransport": "false"}))
    s3.create_bucket(Bucket="no-grant-source")
    wanted = {"TargetBucket": "no-grant", "TargetPrefix": "access/"}

    with pytest.raises(ClientError, match="InvalidTargetBucketForLogging"):
        s3.put_bucket_logging(
            Bucket="no-grant-source", BucketLoggingStatus={"LoggingEnabled": wanted}
        )


@pytest.mark.gap("s3/versions-of-suspended")
def test_a_version_can_be_deleted_after_versioning_was_suspended(aws: Aws) -> None:
    """See https://docs.aws.amazon.com/AmazonS3/latest/userguide/DeletingObjectVersions.html."""
    s3, name = aws("s3"), "suspended-later"
    s3.create_bucket(Bucket=name)
    s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    first = s3.put_object(Bucket=name, Key="key", Body=b"1")["VersionId"]
    second = s3.put_object(Bucket=name, Key="key", Body=b"2")["VersionId"]
    s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Suspended"})

    s3.delete_objects(Bucket=name, Delete={"Objects": [{"Key": "key", "VersionId": first}]})

    left = s3.list_object_versions(Bucket=name)["Versions"]
    assert [version["VersionId"] for version in left] == [second]

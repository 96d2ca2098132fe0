"""Synthesised stacks, as CDKTF writes them, whose resources need no provider."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import boto3

from modules.naming import Naming

REGION = "ap-southeast-1"
STATE_KEY = "mapvibe/backend-dev/terraform.tfstate"


def synthesise(
    root: Path, naming: Naming, stack: str = "backend-dev", *, lockfile: bool = False, **inputs: str
) -> Path:
    """Write a stack of one ``terraform_data`` for each input; returns its folder."""
    backend: dict[str, Any] = {
        "bucket": naming.global_name("state"),
        "key": f"mapvibe/{stack}/terraform.tfstate",
        "region": naming.region,
        "encrypt": True,
        "kms_key_id": naming.arn("kms", f"alias/{naming.name('state')}"),
        "dynamodb_table": naming.name("state-lock"),
        "allowed_account_ids": [naming.account_id],
        "use_path_style": True,
    }
    if lockfile:
        backend["use_lockfile"] = True
    body = {
        "terraform": {
            "backend": {"s3": backend},
            "required_providers": {"aws": {"source": "aws", "version": "5.100.0"}},
        },
        "provider": {
            "aws": [
                {
                    "region": naming.region,
                    "allowed_account_ids": [naming.account_id],
                    "default_tags": [{"tags": {"Environment": naming.environment}}],
                }
            ]
        },
        "resource": {"terraform_data": {name: {"input": value} for name, value in inputs.items()}},
    }
    folder = root / "cdktf.out" / "stacks" / stack
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "cdk.tf.json").write_text(json.dumps(body))
    return folder


def make_remote_state(naming: Naming, *, bucket: bool = True, table: bool = True) -> None:
    """Make the bucket and the lock table that the stack's state needs."""
    if bucket:
        s3, name = boto3.client("s3"), naming.global_name("state")
        place = {"LocationConstraint": naming.region}
        s3.create_bucket(Bucket=name, CreateBucketConfiguration=place)
        s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    if table:
        boto3.client("dynamodb").create_table(
            TableName=naming.name("state-lock"),
            BillingMode="PAY_PER_REQUEST",
            KeySchema=[{"AttributeName": "LockID", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "LockID", "AttributeType": "S"}],
        )

"""Synthesised stacks, as CDKTF writes them, whose resources need no provider."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from modules.naming import Naming

REGION = "ap-southeast-1"
STATE_KEY = "mapvibe/backend-dev/terraform.tfstate"


def backend_body(naming: Naming, stack: str, *, lockfile: bool = False) -> dict[str, Any]:
    """The block ``terraform.backend.s3`` of a stack for the emulator."""
    body: dict[str, Any] = {
        "bucket": naming.global_name("state"),
        "key": f"mapvibe/{stack}/terraform.tfstate",
        "region": naming.region,
        "encrypt": True,
        "kms_key_id": naming.arn("kms", f"alias/{naming.name('state')}"),
        "dynamodb_table": naming.name("state-lock"),
        "allowed_account_ids": [naming.account_id],
        "use_path_style": True,
    }
    return {**body, "use_lockfile": True} if lockfile else body


def synthesise(
    root: Path, naming: Naming, stack: str = "backend-dev", *, lockfile: bool = False, **inputs: str
) -> Path:
    """Write a stack of one ``terraform_data`` for each input; returns its folder."""
    body = {
        "terraform": {
            "backend": {"s3": backend_body(naming, stack, lockfile=lockfile)},
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


def make_remote_state(naming: Naming, *, s3: Any = None, table: Any = None) -> None:
    """Make the bucket and the lock table that the stack's state needs.

    Args:
        naming: names of the environment.
        s3: client that makes the bucket; no bucket without it.
        table: client of DynamoDB that makes the table; no table without it.
    """
    if s3:
        name = naming.global_name("state")
        place = {"LocationConstraint": naming.region}
        s3.create_bucket(Bucket=name, CreateBucketConfiguration=place)
        s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    if table:
        table.create_table(
            TableName=naming.name("state-lock"),
            BillingMode="PAY_PER_REQUEST",
            KeySchema=[{"AttributeName": "LockID", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "LockID", "AttributeType": "S"}],
        )

"""Where an environment's state lies, and what attaches a stack to it and to its account."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass

from cdktf import S3Backend, TerraformStack
from cdktf_cdktf_provider_aws.provider import AwsProvider, AwsProviderDefaultTags

from modules.naming import Naming

KEY_ROLE = "state"


@dataclass(frozen=True, kw_only=True, slots=True)
class StateLocation:
    """Names of the remote state of one environment, all known before anything exists.

    Attributes:
        naming: names and ARNs of the environment.
        stack: id of the stack whose state it is.
    """

    naming: Naming
    stack: str

    @property
    def bucket(self) -> str:
        """The state bucket."""
        return self.naming.global_name("state")

    @property
    def log_bucket(self) -> str:
        """The bucket that records who read and wrote the state bucket."""
        return self.naming.global_name("state-logs")

    @property
    def lock_table(self) -> str:
        """The DynamoDB table whose items are the locks."""
        return self.naming.name("state-lock")

    @property
    def key_arn(self) -> str:
        """ARN of the alias of the key that encrypts the state.

        An alias is known before its key exists. Without it, Terraform would ask S3 for its own
        key although the bucket's default is this one.
        """
        return self.naming.arn("kms", f"alias/{self.naming.name(KEY_ROLE)}")

    @property
    def object_key(self) -> str:
        """The state's key in the bucket."""
        return f"{self.naming.project}/{self.stack}/terraform.tfstate"

    @property
    def location(self) -> str:
        """The state as an S3 URI."""
        return f"s3://{self.bucket}/{self.object_key}"


def attach_state(
    stack: TerraformStack, *, naming: Naming, stack_id: str, lockfile: bool = False
) -> StateLocation:
    """Keep the stack's state in the environment's bucket, locked in its table.

    Args:
        stack: the stack.
        naming: names and ARNs of the environment.
        stack_id: the stack's id, part of the state's key.
        lockfile: take Terraform's lock file in S3 beside the lock in DynamoDB, as the documented
            way from one to the other asks (docs/decisions/0003-state-lock.md).
    """
    location = StateLocation(naming=naming, stack=stack_id)
    backend = S3Backend(
        stack,
        bucket=location.bucket,
        key=location.object_key,
        region=naming.region,
        encrypt=True,
        kms_key_id=location.key_arn,
        dynamodb_table=location.lock_table,
        allowed_account_ids=[naming.account_id],
        use_path_style=_path_style(),
    )
    if lockfile:
        backend.add_override("use_lockfile", True)
    return location


def aws_provider(
    stack: TerraformStack, *, naming: Naming, tags: Mapping[str, str], alias: str | None = None
) -> AwsProvider:
    """A provider of a stack: one region, one account, the same tags everywhere.

    Credentials of another account change nothing: Terraform refuses them before it plans.

    Args:
        stack: the stack.
        naming: account and region.
        tags: of every resource.
        alias: for what is in another region than the rest of the stack.
    """
    return AwsProvider(
        stack,
        f"aws-{alias}" if alias else "aws",
        alias=alias,
        region=naming.region,
        allowed_account_ids=[naming.account_id],
        default_tags=[AwsProviderDefaultTags(tags=dict(tags))],
        s3_use_path_style=_path_style(),
        max_retries=_max_retries(),
        http_proxy=_proxy(),
        https_proxy=_proxy(),
    )


def _path_style() -> bool | None:
    """Address buckets by path where an endpoint is set: its host has no name for each bucket."""
    return True if os.environ.get("AWS_ENDPOINT_URL") else None


def _proxy() -> str | None:
    """What takes calls of hosts that are not there, where an endpoint is set.

    S3 Control's host begins with the account, and an endpoint of one's own has no such name. Calls
    of the endpoint itself go straight to it.
    """
    return os.environ.get("AWS_ENDPOINT_URL") or None


def _max_retries() -> int | None:
    """How often a call is tried at an endpoint of one's own: the provider asks 25 times by default.

    It ignores the variable by which AWS's other tools are told.
    """
    attempts = os.environ.get("AWS_MAX_ATTEMPTS", "")
    return int(attempts) if os.environ.get("AWS_ENDPOINT_URL") and attempts.isdigit() else None

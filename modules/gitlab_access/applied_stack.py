"""A stack that the pipeline applies, as IAM can say it: names, paths, and the state."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from modules.governance.limits import PIPELINE as PIPELINE
from modules.naming import Naming

ServiceName = Literal[
    "network",
    "functions",
    "apis",
    "instances",
    "roles",
    "models",
    "invocation-logs",
    "queues",
    "logs",
    "flow-logs",
    "flow-log-queries",
    "database",
    "secrets",
    "keys",
    "alerts",
    "monitoring",
]
"""What a stack's resources can be made of; ``modules.gitlab_access.services`` says what each needs."""


@dataclass(frozen=True, kw_only=True, slots=True)
class StateObject:
    """The Terraform state of one stack.

    Attributes:
        bucket: the state bucket's name.
        object_key: the state's key in the bucket.
        lock_table: name of the DynamoDB table of locks.
        key_alias: alias of the KMS key that encrypts both, ``alias/…``.
    """

    bucket: str
    object_key: str
    lock_table: str
    key_alias: str

    @property
    def bucket_arn(self) -> str:
        """ARN of the bucket."""
        return f"arn:aws:s3:::{self.bucket}"

    @property
    def arn(self) -> str:
        """ARN of the state object."""
        return f"{self.bucket_arn}/{self.object_key}"

    @property
    def lock_file_arn(self) -> str:
        """ARN of the lock file beside the state, which ``use_lockfile`` writes."""
        return f"{self.arn}.tflock"

    @property
    def lock_item(self) -> str:
        """Key of the lock in the table."""
        return f"{self.bucket}/{self.object_key}"

    @property
    def digest_item(self) -> str:
        """Key of the state's checksum in the table, read with every plan."""
        return f"{self.lock_item}-md5"


def system_of(stack_id: str, environment: Naming) -> str:
    """The part of a stack's names that says its system: ``web`` of ``web-dev``.

    The stack that is called as its environment has none: its names begin with the environment's.
    """
    if stack_id == environment.environment:
        return ""
    return stack_id.removesuffix(f"-{environment.environment}")


@dataclass(frozen=True, kw_only=True, slots=True)
class AppliedStack:
    """A stack that the pipeline plans and applies.

    Attributes:
        id: the stack's id, ``<environment>`` or ``<system>-<environment>``.
        environment: names and ARNs of the environment.
        state: its Terraform state.
        services: what its resources are made of.
        secrets: full names of the secrets whose values Terraform reads when it refreshes.
        metrics: CloudWatch namespace in which the apply job publishes; empty for none.
        models: Bedrock's models and inference profiles that the stack's roles may ever invoke.
    """

    id: str
    environment: Naming
    state: StateObject
    services: Sequence[ServiceName]
    secrets: Sequence[str] = ()
    metrics: str = ""
    models: Sequence[str] = ()

    @property
    def system(self) -> str:
        """See ``system_of``."""
        return system_of(self.id, self.environment)

    @property
    def naming(self) -> Naming:
        """Names and ARNs of the stack's own resources."""
        return self.environment.within(self.system) if self.system else self.environment

    def own(self, service: str, kind: str = "") -> str:
        """ARN pattern of everything of one kind whose name begins as the stack's do.

        Args:
            service: service part of the ARN.
            kind: what stands before the name, for example ``function:``.
        """
        return self.naming.arn(service, f"{kind}{self.naming.pattern('*')}")

    @property
    def roles(self) -> str:
        """ARN pattern of the stack's IAM roles."""
        return self.naming.iam_arn(f"role/{self.naming.pattern('*')}")

    @property
    def log_groups(self) -> tuple[str, ...]:
        """ARN patterns of the stack's log groups, where AWS's services expect them."""
        own = self.naming.pattern("*")
        names = (
            f"/aws/lambda/{own}",
            f"/aws/apigateway/{own}",
            f"/aws/rds/instance/{own}",
            f"/aws/rds/proxy/{own}",
            f"/{self.naming.path('*')}",
        )
        return tuple(self.naming.arn("logs", f"log-group:{name}") for name in names)

    @property
    def own_secrets(self) -> str:
        """ARN pattern of the stack's secrets, without those that RDS keeps itself."""
        return self.naming.arn("secretsmanager", f"secret:{self.naming.path('*')}")

    @property
    def refreshed_secrets(self) -> tuple[str, ...]:
        """ARN patterns of ``secrets``: AWS adds a hyphen and six characters to the name."""
        return tuple(
            self.naming.arn("secretsmanager", f"secret:{name}-??????") for name in self.secrets
        )

    @property
    def keys(self) -> str:
        """ARN pattern of the account's keys in this region; a key's ARN carries no name."""
        return self.naming.arn("kms", "key/*")

    def via(self, *services: str) -> dict[str, dict[str, Sequence[str]]]:
        """Condition: a key is used by these AWS services on the caller's behalf, not directly."""
        hosts = tuple(f"{service}.{self.naming.region}.amazonaws.com" for service in services)
        return {"StringEquals": {"kms:ViaService": hosts}}

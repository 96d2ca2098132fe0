"""What belongs to one environment, as IAM can say it: names, paths, tags, and the state."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from modules.naming import Naming

PIPELINE = "pipeline"
"""First part of the roles that this module names; the pipeline never changes what is so called."""


@dataclass(frozen=True, kw_only=True, slots=True)
class StateObject:
    """The Terraform state of the one stack that the pipeline plans and applies.

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


@dataclass(frozen=True, kw_only=True, slots=True)
class Scope:
    """The environment that the pipeline's roles may see or change.

    Attributes:
        naming: names and ARNs of the environment.
        state: its Terraform state.
        secrets: full names of the secrets whose values Terraform reads when it refreshes.
    """

    naming: Naming
    state: StateObject
    secrets: Sequence[str]

    def own(self, service: str, kind: str = "") -> str:
        """ARN pattern of everything of one kind whose name begins with this environment's.

        Args:
            service: service part of the ARN.
            kind: what stands before the name, for example ``function:``.
        """
        return self.naming.arn(service, f"{kind}{self.naming.pattern('*')}")

    def iam(self, kind: str, role: str = "*") -> str:
        """ARN of an IAM role or policy of this environment; IAM's ARNs have no region.

        Args:
            kind: ``role`` or ``policy``.
            role: last part of its name.
        """
        return self.naming.iam_arn(f"{kind}/{self.naming.pattern(role)}")

    @property
    def pipeline_identities(self) -> tuple[str, ...]:
        """The pipeline's own roles and policies, and every identity provider."""
        return (
            self.iam("role", f"{PIPELINE}-*"),
            self.iam("policy", f"{PIPELINE}-*"),
            f"arn:aws:iam::{self.naming.account_id}:oidc-provider/*",
        )

    @property
    def log_groups(self) -> tuple[str, ...]:
        """ARN patterns of this environment's log groups, where AWS's services expect them."""
        own = self.naming.pattern("*")
        names = (
            f"/aws/lambda/{own}",
            f"/aws/apigateway/{own}",
            f"/aws/rds/instance/{own}",
            f"/aws/rds/proxy/{own}",
            f"/{self.naming.project}/{self.naming.environment}/*",
        )
        return tuple(self.naming.arn("logs", f"log-group:{name}") for name in names)

    @property
    def own_secrets(self) -> str:
        """ARN pattern of this environment's secrets, without those that RDS keeps itself."""
        path = f"{self.naming.project}/{self.naming.environment}/*"
        return self.naming.arn("secretsmanager", f"secret:{path}")

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

    @property
    def api_paths(self) -> tuple[str, ...]:
        """HTTP APIs, domain names and their tags; their ARNs carry ids that AWS chooses."""
        region = self.naming.region
        return tuple(
            f"arn:aws:apigateway:{region}::/{path}"
            for path in ("apis", "apis/*", "domainnames", "domainnames/*", "tags/*")
        )

    def via(self, *services: str) -> dict[str, dict[str, Sequence[str]]]:
        """Condition: a key is used by these AWS services on the caller's behalf, not directly."""
        hosts = tuple(f"{service}.{self.naming.region}.amazonaws.com" for service in services)
        return {"StringEquals": {"kms:ViaService": hosts}}

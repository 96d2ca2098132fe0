"""Names and ARNs: ``<project>-<environment>-<role>``, in one account and region."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Naming:
    """Says what a resource of one environment is called and where it lives.

    Attributes:
        project: short lower-case name of the product, the first part of every name.
        environment: ``dev`` or ``prod``, the second part.
        account_id: the AWS account, twelve digits.
        region: the AWS region, for example ``ap-southeast-1``.
    """

    project: str
    environment: str
    account_id: str
    region: str

    def name(self, role: str) -> str:
        """``<project>-<environment>-<role>``."""
        return f"{self.project}-{self.environment}-{role}"

    def global_name(self, role: str) -> str:
        """A name for what must be unique in all of AWS (an S3 bucket): the account is part of it."""
        return f"{self.name(role)}-{self.account_id}"

    def arn(self, service: str, resource: str) -> str:
        """The ARN of a resource in this account and region."""
        return f"arn:aws:{service}:{self.region}:{self.account_id}:{resource}"

    @property
    def account_root(self) -> str:
        """The principal that stands for the account, whose IAM policies then decide."""
        return f"arn:aws:iam::{self.account_id}:root"

"""Names and ARNs: ``<project>-<environment>[-<group>]-<role>``, in one account and region."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from modules.errors import RefusedByAws

LONGEST_NAME = 63
"""Characters of a name: the limit of RDS's instances and proxies and of S3's buckets, and the
lowest of all. IAM's roles and Lambda's functions have 64, everything else that is named here more.

Sources: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Limits.html,
https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html and
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
"""

LONGEST_PREFIX = 30
"""Characters of ``<project>-<environment>-``; the other 33 are for what modules add."""

_FORM = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
"""What every service takes: RDS refuses two hyphens in a row, S3 refuses capital letters."""

_RESERVED = ("amzn-s3-demo-", "aws-", "sg-", "ssm-", "sthree-")
"""First letters of names that AWS keeps for itself.

Sources: https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html,
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html and
https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-su-create.html
"""


class NameRefused(RefusedByAws):
    """A name that AWS would refuse."""


def refused_prefix(project: str, environment: str) -> str | None:
    """Why AWS would refuse names that begin with a project and an environment; None if it takes them.

    Settings ask it when they are loaded, before anything is named.

    Args:
        project: the first part of every name.
        environment: the second part.

    Returns:
        What is wrong and how to mend it, without the field's name.
    """
    prefix = f"{project}-{environment}-"
    if not _FORM.fullmatch(prefix[:-1]):
        return (
            f"names would begin with {prefix}; AWS takes lower-case letters, digits and single "
            "hyphens, a letter first"
        )
    reserved = next((start for start in _RESERVED if prefix.startswith(start)), None)
    if reserved:
        return f"names would begin with {reserved}, which AWS keeps for itself; choose another"
    if len(prefix) > LONGEST_PREFIX:
        return (
            f"names would begin with {prefix}, {len(prefix)} characters, and {LONGEST_PREFIX} "
            f"leave room for the rest (AWS takes {LONGEST_NAME}); shorten the project or the "
            "environment"
        )
    return None


@dataclass(frozen=True, kw_only=True, slots=True)
class Naming:
    """Says what a resource of one environment is called and where it lives.

    Attributes:
        project: short lower-case name of the product, the first part of every name.
        environment: the environment, the second part.
        account_id: the AWS account, twelve digits.
        region: the AWS region, for example ``ap-southeast-1``.
        group: a further part, see ``within``.
    """

    project: str
    environment: str
    account_id: str
    region: str
    group: str = ""

    def within(self, group: str) -> Naming:
        """Names with one part more: of another system, or of a second construct of a kind.

        Two databases of one stack would both be called ``<project>-<environment>-database``. The
        second one takes ``naming.within("reports")`` and everything in it is called
        ``<project>-<environment>-reports-…``.
        """
        return replace(self, group=self.in_group(group))

    def in_group(self, role: str) -> str:
        """``[<group>-]<role>``: the last part of a name, where the rest goes without saying."""
        return f"{self.group}-{role}" if self.group else role

    def name(self, role: str) -> str:
        """``<project>-<environment>[-<group>]-<role>``.

        Raises:
            NameRefused: AWS would not take it.
        """
        return _checked(self.pattern(role))

    def global_name(self, role: str) -> str:
        """A name for what must be unique in all of AWS (an S3 bucket): the account is part of it.

        Raises:
            NameRefused: AWS would not take it.
        """
        return _checked(f"{self.pattern(role)}-{self.account_id}")

    def pattern(self, role: str) -> str:
        """A name with asterisks, as policies write it."""
        return self.tag(role)

    def tag(self, role: str) -> str:
        """A name of what has none but the tag ``Name``, which may be longer and of any form."""
        return f"{self.project}-{self.environment}-{self.in_group(role)}"

    def identifier(self, role: str) -> str:
        """A name or pattern of what takes no hyphens, such as a database of Glue's."""
        return self.tag(role).replace("-", "_")

    @property
    def title(self) -> str:
        """``<project> <environment> [<group>]``, for descriptions."""
        return " ".join(part for part in (self.project, self.environment, self.group) if part)

    def path(self, role: str) -> str:
        """``<project>/<environment>[/<group>]/<role>``, for what AWS names by paths."""
        parts = (self.project, self.environment, self.group, role)
        return "/".join(part for part in parts if part)

    def arn(self, service: str, resource: str) -> str:
        """The ARN of a resource in this account and region."""
        return f"arn:aws:{service}:{self.region}:{self.account_id}:{resource}"

    def iam_arn(self, resource: str) -> str:
        """The ARN of one of IAM's resources, which have no region."""
        return f"arn:aws:iam::{self.account_id}:{resource}"


def _checked(name: str) -> str:
    if not _FORM.fullmatch(name):
        raise NameRefused(
            f"name {name}: AWS takes lower-case letters, digits and single hyphens; "
            "correct its last part"
        )
    if len(name) > LONGEST_NAME:
        raise NameRefused(
            f"name {name}: {len(name)} characters, and AWS takes {LONGEST_NAME}; "
            "shorten its last part"
        )
    return name

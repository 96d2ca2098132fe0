"""What every stack of an environment knows: its name, account, region, owner and tags.

A field takes what AWS documents for it and nothing else: what AWS would refuse minutes later is
refused when the settings are loaded.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Annotated, Any, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from modules.governance import Limits
from modules.logs import RetentionDays
from modules.naming import Naming
from stacks.instance_classes import INSTANCE_MEMORY_GIB
from stacks.regions import EDGE_REGION

SHORTEST_RETENTION_DAYS = 365

_LABEL = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
DOMAIN = rf"(?=.{{4,253}}\Z)({_LABEL}\.)+(?![0-9-])[a-z0-9-]{{2,63}}(?<!-)"
"""A regular expression of a domain's full name."""

_Several = TypeVar("_Several", bound=Sequence[str])


def of_form(pattern: str, otherwise: str) -> AfterValidator:
    """Accepts text that matches a pattern as a whole.

    Args:
        pattern: a regular expression.
        otherwise: what is wrong with other text, and how to mend it.
    """

    def check(value: str) -> str:
        if not re.fullmatch(pattern, value):
            raise ValueError(otherwise)
        return value

    return AfterValidator(check)


def _check_instance_class(value: str) -> str:
    if value not in INSTANCE_MEMORY_GIB:
        raise ValueError(
            f"its price and memory are not known; use one of {', '.join(INSTANCE_MEMORY_GIB)}, or "
            "add it to stacks/instance_classes.py and its prices to pipeline/cost/catalogue.csv"
        )
    return value


def _check_days(value: object) -> int:
    """To Python True is 1 and 365.0 is 365, and a Literal takes what equals it."""
    if type(value) is not int:
        raise ValueError("not a number of days; write a whole number, without quotes")
    return value


def _check_retention(value: object) -> int:
    days = _check_days(value)
    if days < SHORTEST_RETENTION_DAYS:
        raise ValueError(
            f"the policies demand that log entries are kept for a year (CKV_AWS_338); use "
            f"{SHORTEST_RETENTION_DAYS} or more"
        )
    return days


def _check_once_each(values: _Several) -> _Several:
    if len(set(values)) != len(values):
        raise ValueError("a value is named twice; name each once")
    return values


ONCE_EACH = AfterValidator(_check_once_each)
"""Accepts values that are all different."""

Days = Annotated[RetentionDays, BeforeValidator(_check_days)]
"""How long CloudWatch Logs keeps entries."""
AccountId = Annotated[
    str,
    of_form(r"(?!0{12})[0-9]{12}", "not an AWS account; write its 12 digits, as text in quotes"),
]
Zone = Annotated[
    str,
    of_form(
        r"[a-z]{2}(-[a-z]+)+-[0-9][a-h]",
        "not an availability zone; write its full name, such as ap-southeast-1a",
    ),
]
InstanceClass = Annotated[str, AfterValidator(_check_instance_class)]
InstanceType = Annotated[
    str,
    of_form(
        r"[a-z][a-z0-9-]{1,19}\.([a-z0-9-]{2,19})",
        "not one of EC2's instance types; write its family and size, such as t3.micro",
    ),
]
"""Source: https://docs.aws.amazon.com/ec2/latest/instancetypes/instance-type-names.html"""
VolumeType = Literal["gp2", "gp3", "io1", "io2", "sc1", "st1", "standard"]
Geography = Literal["apac", "au", "eu", "global", "jp", "us"]
Region = Annotated[
    str,
    of_form(r"[a-z]{2}(-[a-z]+)+-[0-9]", "not a region; write its code, such as ap-southeast-1"),
]
TagValue = Annotated[
    str,
    of_form(
        r"(?!(?i:aws|rds):)(?! )[A-Za-z0-9 +\-=._:/@]{1,256}(?<! )",
        "not a tag that every service takes; use 1 to 256 letters, digits, spaces and "
        "+ - = . _ : / @, without a space at an end, and not aws: or rds: at the beginning",
    ),
]
"""Sources: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Tags.html and
https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_Tag.html
"""
Email = Annotated[
    str,
    of_form(
        rf"(?=.{{6,254}}\Z)[A-Za-z0-9][A-Za-z0-9._+-]{{0,63}}@{DOMAIN}",
        "not an e-mail address; write one such as on-call@example.com, its domain in small letters",
    ),
]
EnvironmentName = Annotated[
    str,
    of_form(
        r"[a-z][a-z0-9]{1,11}",
        "not a name for an environment; use 2 to 12 small letters and digits, a letter first",
    ),
]
ProjectName = Annotated[
    str,
    of_form(
        r"(?=.{3,16}\Z)[a-z][a-z0-9]*(-[a-z0-9]+)*",
        "every name in AWS begins with it, and not all services take this; use 3 to 16 small "
        "letters, digits and single hyphens, a letter first and no hyphen last",
    ),
]


class Settings(BaseModel):
    """A part of the settings: frozen, without fields that nobody defined, and never converted.

    A number in quotes or a list in place of a tuple is a mistake that is told, not mended.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


MOST_RECOVERY_DAYS = 30
"""In which AWS brings back a deleted key, or a deleted secret.

Sources: https://docs.aws.amazon.com/kms/latest/APIReference/API_ScheduleKeyDeletion.html and
https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_DeleteSecret.html
"""

_ARM_SIBLINGS = {"t3": "t4g"}
"""Family of machines to the one with ARM processors that has the same sizes and costs less."""


class LimitSettings(Settings):
    """What may be made in an environment: by people, by the pipeline, by anybody.

    Policies are made of it (docs/governance.md), and the other settings keep within it.
    """

    database_classes: Annotated[tuple[InstanceClass, ...], ONCE_EACH] = Field(
        min_length=1, description="instance classes of databases"
    )
    instance_types: Annotated[tuple[InstanceType, ...], ONCE_EACH] = Field(
        default=("t3.micro", "t3.small"), min_length=1, description="instance types of EC2"
    )
    arm_siblings: bool = Field(
        default=False, description="also the types of the same sizes with ARM processors"
    )
    volume_types: Annotated[tuple[VolumeType, ...], ONCE_EACH] = Field(
        default=("gp3",), min_length=1, description="types of EBS volumes"
    )
    largest_volume_gib: int = Field(
        ge=8, le=65_536, description="largest volume, and storage of a database, GiB"
    )
    inference_profiles: Annotated[tuple[Geography, ...], ONCE_EACH] = Field(
        default=("apac",), description="inference profiles by which other regions may answer"
    )
    edge_regions: Annotated[tuple[Literal["us-east-1"], ...], ONCE_EACH] = Field(
        default=(), description="further regions, for CloudFront's certificates and firewalls"
    )

    @property
    def machines(self) -> tuple[str, ...]:
        """All instance types, those with ARM processors as well."""
        split = [each.partition(".") for each in self.instance_types if self.arm_siblings]
        siblings = [
            f"{_ARM_SIBLINGS[family]}.{size}"
            for family, _, size in split
            if family in _ARM_SIBLINGS
        ]
        return tuple(dict.fromkeys((*self.instance_types, *siblings)))


class EnvironmentSettings(Settings):
    """What is true of an environment whatever runs in it."""

    name: EnvironmentName = Field(description="also the name of its file of values")
    project: ProjectName = Field(default="mapvibe", description="beginning of every name")
    guarded: bool = Field(
        description="data is hard to lose, and a person approves what the pipeline applies"
    )
    account_id: AccountId = Field(description="AWS account, 12 digits; no other is touched")
    region: Region = Field(default="ap-southeast-1", description="AWS region")
    owner: TagValue = Field(description="tag Owner: who answers for it")
    cost_center: TagValue = Field(description="tag CostCenter: who pays for it")
    log_retention_days: Annotated[RetentionDays, BeforeValidator(_check_retention)] = Field(
        description="when log entries expire, days"
    )
    key_deletion_window_days: int = Field(
        ge=7, le=MOST_RECOVERY_DAYS, description="grace of a deleted key, days"
    )
    state_lockfile: bool = Field(
        default=False, description="also lock the state with a file in S3 (use_lockfile)"
    )
    limits: LimitSettings = Field(description="what may be made in it, and where")

    @property
    def naming(self) -> Naming:
        """Names and ARNs of this environment."""
        return Naming(
            project=self.project,
            environment=self.name,
            account_id=self.account_id,
            region=self.region,
        )

    @property
    def tags(self) -> dict[str, str]:
        """Tags of every resource."""
        return {
            "Project": self.project,
            "Environment": self.name,
            "Owner": self.owner,
            "CostCenter": self.cost_center,
            "ManagedBy": "cdktf",
        }

    @property
    def limit_values(self) -> Limits:
        """The limits, as modules make policies of them."""
        limits = self.limits
        return Limits(
            environment=self.naming,
            instance_types=limits.machines,
            database_classes=limits.database_classes,
            volume_types=limits.volume_types,
            largest_volume_gib=limits.largest_volume_gib,
            inference_profiles=limits.inference_profiles,
            edge_regions=limits.edge_regions,
        )

    @property
    def policy_limits(self) -> dict[str, Any]:
        """What the policy checks hold every stack of the environment to."""
        limits = self.limits
        return {
            "environment": self.name,
            "guarded": self.guarded,
            "region": self.region,
            "edge_regions": [EDGE_REGION],
            "tags": self.tags,
            "database_classes": list(limits.database_classes),
            "instance_types": list(limits.machines),
            "volume_types": list(limits.volume_types),
            "largest_volume_gib": limits.largest_volume_gib,
        }

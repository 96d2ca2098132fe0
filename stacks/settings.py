"""What every stack of an environment knows: its name, account, region, owner and tags."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from modules.logs import RetentionDays
from modules.naming import Naming


def _check_account(value: str) -> str:
    if not re.fullmatch(r"[0-9]{12}", value):
        raise ValueError("not an AWS account; write its 12 digits, as text in quotes")
    return value


def _check_zone(value: str) -> str:
    if not re.fullmatch(r"[a-z]{2}(-[a-z]+)+-\d[a-h]", value):
        raise ValueError("not an availability zone; write its full name, such as ap-southeast-1a")
    return value


AccountId = Annotated[str, AfterValidator(_check_account)]
Zone = Annotated[str, AfterValidator(_check_zone)]


class Settings(BaseModel):
    """A part of the settings: frozen, and without fields that nobody defined."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class EnvironmentSettings(Settings):
    """What is true of an environment whatever runs in it."""

    name: str = Field(
        pattern=r"^[a-z][a-z0-9]{1,11}$", description="also the name of its file of values"
    )
    project: str = Field(default="mapvibe", pattern=r"^[a-z][a-z0-9-]{1,14}[a-z0-9]$")
    guarded: bool = Field(
        description="data is hard to lose, and a person approves what the pipeline applies"
    )
    account_id: AccountId = Field(description="AWS account, 12 digits; no other is touched")
    region: str = Field(default="ap-southeast-1", description="AWS region")
    owner: str = Field(min_length=1, description="tag Owner: who answers for it")
    cost_center: str = Field(min_length=1, description="tag CostCenter: who pays for it")
    log_retention_days: RetentionDays = Field(description="when log entries expire, days")
    key_deletion_window_days: int = Field(ge=7, le=30, description="grace of a deleted key, days")
    state_lockfile: bool = Field(
        default=False, description="also lock the state with a file in S3 (use_lockfile)"
    )
    allowed_instance_classes: tuple[str, ...] = Field(
        description="database instance classes that this environment may pay for"
    )

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

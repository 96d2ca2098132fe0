"""What an account records, looks for and refuses; what costs money is a setting with its price."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from stacks.settings import ONCE_EACH, Email, Settings, of_form

OtherRegion = Literal["us-east-1"]
"""Regions beside the environment's own in which something may be."""

_TEXT = r"(?! )[^\x00-\x1f\x7f${}%]"

ContactName = Annotated[
    str,
    of_form(_TEXT + r"{1,64}(?<! )", "not a name that AWS takes; write 1 to 64 characters"),
]
ContactTitle = Annotated[
    str,
    of_form(_TEXT + r"{1,50}(?<! )", "not a title that AWS takes; write 1 to 50 characters"),
]
Phone = Annotated[
    str,
    of_form(
        r"\+[0-9][0-9() -]{4,22}[0-9]",
        "not a telephone number; write + and the country's code, then digits and spaces",
    ),
]
"""Source: https://docs.aws.amazon.com/accounts/latest/reference/API_PutAlternateContact.html"""


class TrailSettings(Settings):
    """The record of all calls of AWS's API."""

    locked_days: int = Field(
        default=90, ge=1, le=3653, description="days in which no file can be changed or deleted"
    )
    retention_days: int = Field(default=365, ge=365, le=3653, description="when files expire, days")


class GuardDutySettings(Settings):
    """Which plans GuardDuty has beyond its foundation; prices are in docs/account.md."""

    s3_data_events: bool = Field(default=True, description="reads and writes of objects")
    rds_login_events: bool = Field(
        default=False, description="sign-ins to databases; billed by their vCPUs"
    )


class SecurityContactSettings(Settings):
    """Whom AWS writes to when it sees the account abused."""

    name: ContactName = Field(description="person or team")
    title: ContactTitle = Field(default="Security contact", description="what they are")
    email: Email = Field(description="read by more than one person")
    phone: Phone = Field(description="with the country's code")


class AccountSettings(Settings):
    """The guard rails of one account; an account has them once."""

    trail: TrailSettings = Field(default=TrailSettings(), description="CloudTrail")
    guard_duty: GuardDutySettings | None = Field(
        default=GuardDutySettings(), description="GuardDuty; None for none"
    )
    security_contact: SecurityContactSettings | None = Field(
        default=None, description="None leaves it to the account's own address"
    )
    unused_access_days: int | None = Field(
        default=None,
        ge=1,
        le=365,
        description="report roles and permissions unused for so many days; billed by each role",
    )
    config: bool = Field(
        default=False, description="Config records daily how every resource is set; billed by items"
    )
    security_hub: bool = Field(
        default=False,
        description="Security Hub checks what Config records against AWS's standards; billed by checks",
    )
    default_vpc: Literal["closed", "absent"] = Field(
        default="closed",
        description="closed, or absent where somebody has deleted it: Terraform would make it anew",
    )
    other_regions: Annotated[tuple[OtherRegion, ...], ONCE_EACH] = Field(
        default=("us-east-1",), description="regions whose defaults and signs are watched as well"
    )
    role_changes: bool = Field(
        default=True,
        description="tell of changed roles that the pipeline did not change; False where "
        "developers deploy by hand",
    )
    protected: bool = Field(default=True, description="the trail's bucket resists destroy")

    def unlocked(self) -> AccountSettings:
        """These settings without the guard that stops ``destroy``."""
        return self.model_copy(update={"protected": False})

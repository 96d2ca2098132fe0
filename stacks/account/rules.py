"""Rules of an account's guard rails; each line names the field, its value, what is wrong, the remedy."""

from __future__ import annotations

from collections.abc import Iterator

from stacks.account.settings import AccountSettings
from stacks.settings import EnvironmentSettings


def broken_rules(account: AccountSettings, environment: EnvironmentSettings) -> Iterator[str]:
    """One line for each rule that the settings break."""
    trail = account.trail
    if trail.locked_days > trail.retention_days:
        yield (
            f"trail.locked_days={trail.locked_days}: files expire after {trail.retention_days} "
            "days, and a lock would hold them longer; lower it, or raise trail.retention_days"
        )
    if environment.region in account.other_regions:
        yield (
            f"other_regions={environment.region}: the environment's own region is watched anyway; "
            "leave it out"
        )
    if account.security_hub and not account.config:
        yield (
            "security_hub=True: its controls read what Config records; set config to True as well, "
            "or security_hub to False"
        )
    if not environment.guarded:
        return
    if not account.protected:
        yield "protected=False: a guarded account must not lose its record; set it to True"
    if account.security_contact is None:
        yield (
            "security_contact=None: AWS must be able to tell somebody that a guarded account is "
            "abused; name one"
        )

"""What others may know of this service: stacks and the service itself read it here.

It imports the standard library only, and nothing else of the service, so that modules can import it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

HANDLER = "notifier.app.handler"
"""Answers what Amazon SNS sends."""

CRITICAL = "critical"
WARNING = "warning"
SEVERITIES = (CRITICAL, WARNING)
"""A topic's name ends in a hyphen and one of these."""


class SettingsError(Exception):
    """A variable is missing; the message names it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class NotifierSettings:
    """The settings of the function. A field travels in the variable of its name in capitals.

    Attributes:
        webhook_secret: name of the secret that holds the address of Slack's incoming webhook.
        environment: how messages call the environment, such as ``mapvibe dev``.
        dashboard: name of the CloudWatch dashboard that messages link to; empty for none.
        runbooks: address of the folder of runbooks that messages link to; empty for none.
    """

    webhook_secret: str
    environment: str
    dashboard: str = ""
    runbooks: str = ""

    def variables(self) -> dict[str, str]:
        """The settings as environment variables, without those that are empty."""
        values = {field.name.upper(): getattr(self, field.name) for field in fields(self)}
        return {name: value for name, value in values.items() if value}

    @classmethod
    def load(cls, environment: Mapping[str, str]) -> NotifierSettings:
        """Read what ``variables`` wrote.

        Args:
            environment: usually ``os.environ``.

        Raises:
            SettingsError: a variable without a default is missing or empty.
        """
        found = {field.name: environment.get(field.name.upper(), "") for field in fields(cls)}
        for required in ("webhook_secret", "environment"):
            if not found[required]:
                raise SettingsError(f"{required.upper()} is not set")
        return cls(**found)

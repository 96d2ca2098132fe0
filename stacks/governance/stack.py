"""The stack of an environment's guard rails: what may be spent, and who is told."""

from __future__ import annotations

from constructs import Construct

from stacks.base import Stack
from stacks.governance.people import add_organization, add_people
from stacks.governance.settings import GovernanceSettings
from stacks.governance.spending import watch_spending
from stacks.settings import EnvironmentSettings


class GovernanceStack(Stack):
    """Applied by an administrator by hand, never by the pipeline, whose own limits are made here.

    It comes after the stack whose topics it tells: AWS asks a topic whether it lets the budget in.
    """

    def __init__(
        self, scope: Construct, environment: EnvironmentSettings, settings: GovernanceSettings
    ) -> None:
        """Create the stack ``governance-<environment>``.

        Args:
            scope: the app.
            environment: the environment, validated.
            settings: its guard rails, validated.
        """
        super().__init__(scope, "governance", environment=environment)
        watch_spending(self, settings)
        if settings.people:
            add_people(self, settings.people)
        if settings.organization:
            add_organization(self, settings.organization)

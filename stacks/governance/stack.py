"""The stack of an environment's guard rails: what may be spent, and who is told."""

from __future__ import annotations

from constructs import Construct

from modules.alerting import SEVERITIES, topic_arn
from modules.cost_management import Budget
from stacks.base import Stack
from stacks.governance.budgets import monthly_limit
from stacks.governance.settings import BudgetSettings, GovernanceSettings
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
        self.topics = {severity: topic_arn(self.naming, severity) for severity in SEVERITIES}
        if settings.budgets:
            self._budgets(settings.budgets)

    def _budgets(self, settings: BudgetSettings) -> None:
        monthly = monthly_limit(settings, self.environment.name)
        assert monthly is not None  # noqa: S101 - a rule
        tags = {name: self.environment.tags[name] for name in ("Project", "Environment")}
        Budget(
            self,
            "monthly",
            naming=self.naming,
            period="monthly",
            limit=monthly,
            topics=self.topics,
            tags=tags,
        )

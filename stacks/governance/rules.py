"""Rules of the guard rails; each line names the field, its value, what is wrong, the remedy."""

from __future__ import annotations

from collections.abc import Iterator

from stacks.errors import listed
from stacks.governance.budgets import BUDGETS, monthly_limit, refused_above
from stacks.governance.people_settings import PeopleSettings
from stacks.governance.settings import BudgetSettings, GovernanceSettings
from stacks.settings import EnvironmentSettings


def broken_rules(governance: GovernanceSettings, environment: EnvironmentSettings) -> Iterator[str]:
    """One line for each rule that the settings break."""
    if governance.budgets:
        yield from _monthly(governance.budgets, environment)
        yield from _daily(governance.budgets, environment)
        yield from _action(governance.budgets)
    if governance.people:
        yield from _people(governance.people)
    monitor = governance.anomalies and governance.anomalies.monitor_arn
    if monitor and f"::{environment.account_id}:" not in monitor:
        yield (
            f"anomalies.monitor_arn={monitor}: of another account; write one of "
            f"{environment.account_id}"
        )


def _monthly(budgets: BudgetSettings, environment: EnvironmentSettings) -> Iterator[str]:
    """A budget above what a merge request may reach would never be the first to tell."""
    refused, monthly = refused_above(environment.name), budgets.monthly_usd
    if monthly is None and refused is None:
        yield (
            f"budgets.monthly_usd=None: {BUDGETS} has no monthly.fail for {environment.name} "
            "either; set one of them"
        )
    if monthly is not None and refused is not None and monthly > refused:
        yield (
            f"budgets.monthly_usd={monthly}: {BUDGETS} refuses what is estimated above "
            f"{refused:f}, so that this would be told too late; lower it, or raise monthly.fail there"
        )


def _daily(budgets: BudgetSettings, environment: EnvironmentSettings) -> Iterator[str]:
    monthly = monthly_limit(budgets, environment.name)
    if budgets.daily_usd and monthly and budgets.daily_usd > monthly:
        yield (
            f"budgets.daily_usd={budgets.daily_usd}: more than the {monthly:f} of a month; lower it"
        )


def _action(budgets: BudgetSettings) -> Iterator[str]:
    action = budgets.action
    if action and not action.roles and not action.groups:
        yield "budgets.action.roles=(): the action would stop nobody; name a role or a group"


def _people(people: PeopleSettings) -> Iterator[str]:
    names = list(people.users.members)
    known: dict[str, str] = {}
    for name in names:
        other = known.setdefault(name.lower(), name)
        if other != name:
            yield (
                f"people.users: {name} and {other} are the same name to IAM, which takes small and "
                "capital letters alike; write it in one way"
            )
    if names and people.identity_center:
        yield (
            f"people.users={listed(names)}: people sign in by Identity Center; remove the users, or "
            "set people.identity_center to None"
        )

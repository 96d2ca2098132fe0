"""What is billed by its users: Cognito and Managed Grafana."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.cost.model import CostLine
from pipeline.cost.pricers.entry import Entry
from pipeline.cost.pricing import Pricing, Subject

ACTIVE = "monthly_active_users"
EDITORS, VIEWERS = "monthly_active_editors", "monthly_active_viewers"


def user_pool(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    """An ``aws_cognito_user_pool``: by its tier and the users who sign in."""
    tier = str(subject.get("user_pool_tier", "ESSENTIALS")).lower()
    yield pricing.used(subject, f"active users, {tier}", f"cognito.{tier}", ACTIVE)


def workspace(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    """An ``aws_grafana_workspace``."""
    yield pricing.used(subject, "editors", "grafana.editor", EDITORS)
    yield pricing.used(subject, "viewers", "grafana.viewer", VIEWERS)


ENTRIES: dict[str, Entry] = {
    "aws_cognito_user_pool": Entry(user_pool, frozenset({ACTIVE})),
    "aws_grafana_workspace": Entry(workspace, frozenset({EDITORS, VIEWERS})),
}

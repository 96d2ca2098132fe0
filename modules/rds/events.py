"""What RDS tells of a database: failures, lost storage, failovers, restarts, maintenance.

By rules of EventBridge. RDS's own event subscriptions do not publish to encrypted topics.

Sources: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Events.Messages.html,
https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-proxy.events.html and
https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateEventSubscription.html
"""

from __future__ import annotations

from typing import Any

from constructs import Construct

from modules.eventbridge import EventPattern, EventRule
from modules.naming import Naming
from modules.rds.database import Database

_GRAVE = (
    "RDS-EVENT-0028",  # automated backups were switched off
    "RDS-EVENT-0221",  # the storage is full, the database is shut down
    "RDS-EVENT-0222",  # the storage is nearly full
)
"""Critical, although their categories are not."""

_PASSING = (
    "RDS-EVENT-0219",
    "RDS-EVENT-0220",
    "RDS-EVENT-0237",
)
"""Failures after which RDS enlarges the storage a little later by itself."""

_CRITICAL = ("deletion", "failure", "low storage")
_WARNING = ("availability", "failover", "maintenance", "notification", "recovery", "restoration")
"""Not ``backup``, which tells of every night's, nor ``configuration change`` and ``creation``, which
tell of what Terraform does; what somebody else changes is drift.
"""


class DatabaseEvents(Construct):
    """Two rules: what cannot wait goes to one topic, what waits for the morning to another."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        naming: Naming,
        database: Database,
        critical_topic_arn: str,
        warning_topic_arn: str,
    ) -> None:
        """Create the rules for an instance and its proxy.

        Args:
            scope: the construct that owns them.
            construct_id: id within the scope.
            naming: names of the environment.
            database: whose events.
            critical_topic_arn: a topic whose policy lets EventBridge publish.
            warning_topic_arn: likewise.
        """
        super().__init__(scope, construct_id)
        names = [each.name for each in (database.instance, database.proxy) if each]
        for severity, topic_arn, pattern in (
            ("critical", critical_topic_arn, _pattern(names, _CRITICAL, _PASSING, _GRAVE)),
            ("warning", warning_topic_arn, _pattern(names, _WARNING, _GRAVE, _PASSING)),
        ):
            EventRule(
                self,
                severity,
                naming=naming,
                role=f"database-{severity}",
                description=f"Tells of {severity} events of the database",
                pattern=pattern,
                target_arn=topic_arn,
            )


def _pattern(
    names: list[str],
    categories: tuple[str, ...],
    but: tuple[str, ...],
    and_also: tuple[str, ...],
) -> EventPattern:
    """Events of these categories but some, and some of other categories."""
    chosen: list[dict[str, Any]] = [
        {"EventCategories": list(categories), "EventID": [{"anything-but": list(but)}]},
        {"EventID": list(and_also)},
    ]
    return {
        "source": ["aws.rds"],
        "detail-type": ["RDS DB Instance Event", "RDS DB Proxy Event"],
        "detail": {"SourceIdentifier": names, "$or": chosen},
    }

"""RDS: events of instances, which DescribeEvents lists and EventBridge's rules see.

Source: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Events.Messages.html
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC
from typing import Any

from moto.rds.models import DBInstance, Event, RDSBackend

from emulator.events.bus import tell
from emulator.gaps.registry import Gap, replace

STOPPED, STARTED = "DB_INSTANCE_STOPPED", "DB_INSTANCE_STARTED"
SHUT_DOWN, RESTARTED = "DB_INSTANCE_SHUTDOWN", "DB_INSTANCE_RESTARTED"
_DELETED = "DB_INSTANCE_DELETED"

_ADDED = {
    STOPPED: ("notification", "DB instance stopped."),
    STARTED: ("notification", "DB instance started."),
    SHUT_DOWN: ("availability", "DB instance shutdown."),
    RESTARTED: ("availability", "DB instance restarted."),
    _DELETED: ("deletion", "DB instance deleted."),
}
_IDS = {
    "DB_INSTANCE_BACKUP_START": "RDS-EVENT-0001",
    "DB_INSTANCE_BACKUP_FINISH": "RDS-EVENT-0002",
    _DELETED: "RDS-EVENT-0003",
    SHUT_DOWN: "RDS-EVENT-0004",
    "DB_INSTANCE_CREATE": "RDS-EVENT-0005",
    RESTARTED: "RDS-EVENT-0006",
    "DB_INSTANCE_RESET_MASTER_CREDENTIALS": "RDS-EVENT-0016",
    STOPPED: "RDS-EVENT-0087",
    STARTED: "RDS-EVENT-0088",
}
"""moto's names of events to AWS's."""


def _fill() -> None:
    for name, (category, message) in _ADDED.items():
        Event.EVENT_MAP[name] = {"Categories": [category], "Message": message}

    @replace(RDSBackend, "add_event")
    def _(original: Callable[..., None], self: RDSBackend, event_type: str, resource: Any) -> None:
        original(self, event_type, resource)
        if isinstance(resource, DBInstance) and event_type in _IDS:
            _tell(self, self.events[-1], _IDS[event_type])

    @replace(RDSBackend, "delete_db_instance")
    def _(original: Callable[..., Any], self: RDSBackend, *args: Any, **arguments: Any) -> Any:
        instance = original(self, *args, **arguments)
        instance.add_event(_DELETED)
        return instance


def _tell(backend: RDSBackend, event: Event, event_id: str) -> None:
    time = event.date.replace(tzinfo=UTC)
    tell(
        {
            "detail-type": "RDS DB Instance Event",
            "source": "aws.rds",
            "account": backend.account_id,
            "time": time.isoformat(timespec="seconds"),
            "region": backend.region_name,
            "resources": [event.source_arn],
            "detail": {
                "EventCategories": event.event_categories,
                "SourceType": "DB_INSTANCE",
                "SourceArn": event.source_arn,
                "Date": time.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
                "Message": event.message,
                "SourceIdentifier": event.source_identifier,
                "EventID": event_id,
            },
        }
    )


GAPS = (
    Gap(
        service="rds",
        name="events",
        moto="keeps an instance's making among its events, and tells nobody",
        aws="keeps its stops, starts, restarts and its end as well, and tells EventBridge",
        fill=_fill,
    ),
)

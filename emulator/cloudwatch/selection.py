"""Which alarms DescribeAlarms shows, and which items DescribeAlarmHistory does."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from emulator.cloudwatch import composite
from emulator.cloudwatch.alarm import Alarm
from emulator.cloudwatch.alarms import Alarms, HistoryItem


def select(alarms: Alarms, asked: Mapping[str, Any]) -> list[Alarm]:
    """Gives the alarms that DescribeAlarms is asked for, metric alarms unless it says otherwise.

    Args:
        alarms: of the account and region.
        asked: the request's parameters.
    """
    kinds = asked.get("AlarmTypes") or ["MetricAlarm"]
    names = asked.get("AlarmNames")
    related = _related(alarms, asked)
    if related is not None:  # AWS shows both kinds of relatives
        kinds = ["MetricAlarm", "CompositeAlarm"]
    return [
        alarm
        for alarm in alarms.by_name.values()
        if alarm.kind in kinds
        and (not names or alarm.name in names)
        and alarm.name.startswith(asked.get("AlarmNamePrefix") or "")
        and asked.get("StateValue") in (None, alarm.state)
        and _acts(alarm, asked.get("ActionPrefix"))
        and (related is None or alarm in related)
    ]


def _acts(alarm: Alarm, prefix: str | None) -> bool:
    return prefix is None or any(
        action.startswith(prefix) for action in alarm.configuration.get("AlarmActions") or ()
    )


def _related(alarms: Alarms, asked: Mapping[str, Any]) -> list[Alarm] | None:
    """The alarms that one watches, or that watch one; None if neither is asked for."""
    child, parent = asked.get("ParentsOfAlarmName"), asked.get("ChildrenOfAlarmName")
    if parent:
        found = alarms.by_name.get(parent)
        return composite.children(found, alarms) if found else []
    if child:
        found = alarms.by_name.get(child)
        return [a for a in alarms.by_name.values() if found in composite.children(a, alarms)]
    return None


def history(
    alarms: Alarms,
    *,
    name: str | None,
    kinds: Collection[str] | None,
    item_type: str | None,
    start: float | None,
    end: float | None,
    oldest_first: bool,
) -> list[HistoryItem]:
    """Gives the items of history that DescribeAlarmHistory is asked for.

    Args:
        alarms: of the account and region.
        name: of one alarm, or of all.
        kinds: metric alarms, unless it says otherwise.
        item_type: of one type, or of all.
        start: seconds of the oldest.
        end: seconds of the newest.
        oldest_first: instead of newest first.
    """
    found = [
        item
        for item in alarms.history
        if name in (None, item.alarm)
        and item.kind in (kinds or ["MetricAlarm"])
        and item_type in (None, item.item_type)
        and (start is None or item.at >= start)
        and (end is None or item.at <= end)
    ]
    return found if oldest_first else found[::-1]

"""Composite alarms: what they watch, and what their rules say."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Protocol

from emulator.cloudwatch.alarm import Alarm
from emulator.cloudwatch.evaluation import Finding
from emulator.cloudwatch.rule import RuleError, parse
from emulator.cloudwatch.state import State
from emulator.cloudwatch.times import iso, moment_of
from emulator.cloudwatch.validation import AlarmError


class Others(Protocol):
    """The alarms of the same account and region."""

    @property
    def by_name(self) -> dict[str, Alarm]:
        """Alarms of both kinds."""

    def find(self, name_or_arn: str) -> Alarm | None:
        """Finds an alarm by its name or ARN."""


def validate(alarm: Alarm, others: Others) -> None:
    """Looks whether AWS takes a composite alarm, and notes what it watches.

    A cycle of composite alarms is taken, as on AWS; they are not evaluated then.

    Args:
        alarm: to be put.
        others: which are there.

    Raises:
        AlarmError: if it is refused, with the reason.
    """
    try:
        alarm.watched = parse(alarm.configuration["AlarmRule"]).children
    except RuleError as error:
        raise AlarmError(str(error)) from error
    unknown = [name for name in alarm.watched if others.find(name) is None]
    if unknown:
        raise AlarmError(
            f"Could not save the composite alarm as alarms [{', '.join(unknown)}] in the alarm "
            "rule do not exist"
        )
    suppressor = alarm.configuration.get("ActionsSuppressor")
    periods = [
        alarm.configuration.get(f"ActionsSuppressor{name}Period") for name in ("Wait", "Extension")
    ]
    if suppressor is None and any(period is not None for period in periods):
        raise AlarmError("ActionsSuppressor is required with its periods")
    if suppressor is not None and None in periods:
        raise AlarmError(
            "ActionsSuppressorWaitPeriod and ActionsSuppressorExtensionPeriod are required with "
            "ActionsSuppressor"
        )
    if suppressor is not None and others.find(suppressor) is None:
        raise AlarmError(
            f"Could not save the composite alarm as the actions suppressor [{suppressor}] does "
            "not exist"
        )


def refuse_deletion(names: Sequence[str], others: Others) -> None:
    """Refuses the end of alarms that a composite alarm needs, be it one of them.

    Raises:
        AlarmError: if one does, in AWS's words.
    """
    composites = [alarm for alarm in others.by_name.values() if alarm.kind == "CompositeAlarm"]
    if len([alarm for alarm in composites if alarm.name in names]) > 1:
        raise AlarmError("Only one composite alarm can be deleted in one operation")
    needed = [
        name
        for name in names
        if any(others.find(each) is others.by_name[name] for c in composites for each in _needs(c))
    ]
    if needed:
        raise AlarmError(
            f"Cannot delete {','.join(needed)} as there are composite alarm(s) depending on "
            f"{'it' if len(needed) == 1 else 'them'}."
        )


def _needs(alarm: Alarm) -> tuple[str, ...]:
    suppressor = alarm.configuration.get("ActionsSuppressor")
    return (*alarm.watched, suppressor) if suppressor else alarm.watched


def children(alarm: Alarm, others: Others) -> list[Alarm]:
    """Gives the alarms that a composite alarm watches."""
    return [child for name in alarm.watched if (child := others.find(name))]


def in_order(others: Others) -> Iterator[Alarm]:
    """Gives the composite alarms, those that others watch first, without those on a cycle."""
    done: dict[str, bool] = {}

    def visit(alarm: Alarm) -> Iterator[Alarm]:
        """Marks as False until all below it is known to end."""
        done[alarm.name] = False
        for child in children(alarm, others):
            if child.kind == "CompositeAlarm" and child.name not in done:
                yield from visit(child)
        below = [child for child in children(alarm, others) if child.kind == "CompositeAlarm"]
        if all(done[child.name] for child in below):
            done[alarm.name] = True
            yield alarm

    for alarm in list(others.by_name.values()):
        if alarm.kind == "CompositeAlarm" and alarm.name not in done:
            yield from visit(alarm)


def evaluate(alarm: Alarm, others: Others) -> Finding | None:
    """Evaluates a composite alarm, which is in ALARM or OK from then on.

    Args:
        alarm: to be evaluated.
        others: its children among them.

    Returns:
        The finding; None if it keeps its state.
    """
    below = children(alarm, others)

    def holds(name: str, state: str) -> bool:
        child = others.find(name)
        return child is not None and child.state == state

    rule = parse(alarm.configuration["AlarmRule"])
    state: State = "ALARM" if rule.holds(holds) else "OK"
    if state == alarm.state:
        return None
    if alarm.unevaluated or not below:
        verb = alarm.unevaluated or "updated"
        reason = f"{alarm.alarm_arn} was {verb} and its alarm rule evaluates to {state}"
        triggering = below
    else:
        newest = max(below, key=lambda child: child.transitioned)
        moment = moment_of(newest.transitioned)
        reason = f"{newest.alarm_arn} transitioned to {newest.state} at {moment:%A %d %B, %Y %H:%M:%S} UTC"
        triggering = [newest]
    data = {
        "triggeringAlarms": [
            {
                "arn": child.alarm_arn,
                "state": {"value": child.state, "timestamp": iso(child.transitioned)},
            }
            for child in triggering
        ]
    }
    return Finding(state=state, reason=reason, reason_data=json.dumps(data, separators=(",", ":")))

"""The alarms of one account in one region: their changes of state, their history, their actions."""

from __future__ import annotations

import json
import logging
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from emulator.cloudwatch import composite
from emulator.cloudwatch.actions import ActionError, notify
from emulator.cloudwatch.alarm import Alarm
from emulator.cloudwatch.evaluation import Finding, evaluate
from emulator.cloudwatch.expression import ExpressionError
from emulator.cloudwatch.notification import message, subject
from emulator.cloudwatch.state import State
from emulator.cloudwatch.store import Store
from emulator.cloudwatch.suppression import after_change, after_time
from emulator.cloudwatch.times import moment_of

HISTORY = 10_000
"""Items that are kept, for a process that lives long; AWS keeps 30 days."""

_LOGGER = logging.getLogger("emulator.cloudwatch")

ItemType = Literal["ConfigurationUpdate", "StateUpdate", "Action"]


@dataclass(frozen=True, kw_only=True)
class HistoryItem:
    """One line of an alarm's history; `at` is in seconds of CloudWatch's clock."""

    alarm: str
    kind: str
    at: float
    item_type: ItemType
    summary: str
    data: dict[str, Any]

    def describe(self) -> dict[str, Any]:
        """Gives DescribeAlarmHistory's form of it."""
        return {
            "AlarmName": self.alarm,
            "AlarmType": self.kind,
            "Timestamp": moment_of(self.at),
            "HistoryItemType": self.item_type,
            "HistorySummary": self.summary,
            "HistoryData": json.dumps(self.data),
        }


@dataclass(kw_only=True)
class Alarms:
    """The caller holds moto's lock for everything here.

    Attributes:
        store: of all metrics, with CloudWatch's clock.
        by_name: the alarms, of both kinds.
        history: newest last.
    """

    store: Store
    by_name: dict[str, Alarm]
    history: deque[HistoryItem] = field(default_factory=lambda: deque(maxlen=HISTORY))

    def find(self, name_or_arn: str) -> Alarm | None:
        """Finds an alarm by its name or ARN."""
        return self.by_name.get(name_or_arn.split(":alarm:", 1)[-1])

    def put(self, alarm: Alarm) -> None:
        """Creates an alarm, or gives one other settings: its state stays then."""
        now = self.store.clock.now()
        known = self.by_name.get(alarm.name)
        alarm.configured = now
        alarm.updated = alarm.transitioned = now
        alarm.unevaluated = "updated" if known else "created"
        if known:
            alarm.state, alarm.reason, alarm.reason_data = (
                known.state,
                known.reason,
                known.reason_data,
            )
            alarm.updated, alarm.transitioned = known.updated, known.transitioned
            alarm.suppression = known.suppression
        self.by_name[alarm.name] = alarm
        self._configured(alarm, "updated" if known else "created")

    def delete(self, names: Iterable[str]) -> None:
        """Deletes alarms."""
        for name in names:
            alarm = self.by_name.pop(name, None)
            if alarm:
                self._configured(alarm, "deleted")

    def set_state(self, alarm: Alarm, finding: Finding) -> None:
        """Sets an alarm's state for as long as its evaluation finds nothing else, and acts."""
        self._change(alarm, finding)

    def evaluate_metric_alarms(self) -> Iterator[None]:
        """Evaluates the metric alarms, one at each step: the lock may be given away between."""
        for name in list(self.by_name):
            alarm = self.by_name.get(name)
            if alarm is None or alarm.kind != "MetricAlarm":
                continue
            try:
                finding = evaluate(alarm, self.store, self.store.clock.now())
            except ExpressionError as error:
                _LOGGER.warning("alarm %s can't be evaluated: %s", name, error)
                finding = None
            if finding:
                self._change(alarm, finding)
            yield

    def evaluate_composite_alarms(self) -> None:
        """Evaluates the composite alarms, children first, and does actions that have waited."""
        for alarm in composite.in_order(self):
            finding = composite.evaluate(alarm, self)
            alarm.unevaluated = ""
            if finding:
                self._change(alarm, finding)
            old_state = after_time(alarm, self._suppressor(alarm), self.store.clock.now())
            if old_state:
                self._act(alarm, old_state)

    def _suppressor(self, alarm: Alarm) -> Alarm | None:
        name = alarm.configuration.get("ActionsSuppressor")
        return self.find(name) if name else None

    def _change(self, alarm: Alarm, finding: Finding) -> None:
        now = self.store.clock.now()
        old_state = alarm.state
        before = _state_of(alarm)
        alarm.state, alarm.updated = finding.state, now
        alarm.reason, alarm.reason_data = finding.reason, finding.reason_data
        if old_state == finding.state:
            return
        alarm.transitioned = now
        data = {"version": "1.0", "oldState": before, "newState": _state_of(alarm)}
        summary = f"Alarm updated from {old_state} to {alarm.state}"
        self._remember(alarm, "StateUpdate", summary, data)
        if alarm.kind == "MetricAlarm" or after_change(
            alarm, self._suppressor(alarm), old_state, now
        ):
            self._act(alarm, old_state)

    def _act(self, alarm: Alarm, old_state: State) -> None:
        if not alarm.actions_enabled:
            return
        text = message(alarm, old_state)
        for action in alarm.actions(alarm.state):
            failure: str | None = None
            try:
                notify(alarm, action, message=text, subject=subject(alarm))
            except ActionError as error:
                failure = str(error)
            data = {
                "actionState": "Failed" if failure else "Succeeded",
                "stateUpdateTimestamp": int(alarm.transitioned * 1000),
                "notificationResource": action,
                "publishedMessage": None if failure else text,
                "error": failure,
            }
            summary = (
                f"{'Failed to execute' if failure else 'Successfully executed'} action {action}"
            )
            self._remember(alarm, "Action", summary, data)

    def _configured(self, alarm: Alarm, verb: str) -> None:
        kinds = {"created": "Create", "updated": "Update", "deleted": "Delete"}
        data = {
            "version": "1.0",
            "type": kinds[verb],
            f"{verb}Alarm": json.loads(json.dumps(alarm.describe(), default=str)),
        }
        self._remember(alarm, "ConfigurationUpdate", f'Alarm "{alarm.name}" {verb}', data)

    def _remember(self, alarm: Alarm, item: ItemType, summary: str, data: dict[str, Any]) -> None:
        self.history.append(
            HistoryItem(
                alarm=alarm.name,
                kind=alarm.kind,
                at=self.store.clock.now(),
                item_type=item,
                summary=summary,
                data=data,
            )
        )


def _state_of(alarm: Alarm) -> dict[str, Any]:
    return {
        "stateValue": alarm.state,
        "stateReason": alarm.reason,
        **({"stateReasonData": json.loads(alarm.reason_data)} if alarm.reason_data else {}),
    }

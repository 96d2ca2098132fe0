"""An alarm: what it was told, and the state that it is in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from emulator.cloudwatch.state import State
from emulator.cloudwatch.times import moment_of

Kind = Literal["MetricAlarm", "CompositeAlarm"]

ACTIONS: Mapping[State, str] = {
    "ALARM": "AlarmActions",
    "OK": "OKActions",
    "INSUFFICIENT_DATA": "InsufficientDataActions",
}
"""From a new state to the list of what is done then."""

UNCHECKED = "Unchecked: Initial alarm creation"


@dataclass(kw_only=True)
class Suppression:
    """Why a composite alarm's actions wait.

    Attributes:
        by: its suppressor, or one of the periods.
        until: when they are done if nothing else happens, in seconds; None while the suppressor
            is in ALARM.
        previous: the state before the change whose actions wait.
    """

    by: Literal["Alarm", "WaitPeriod", "ExtensionPeriod"]
    until: float | None
    previous: State


@dataclass(kw_only=True)
class Alarm:
    """A metric alarm or a composite one. Times are seconds of CloudWatch's clock.

    Attributes:
        kind: which of the two.
        name: unique in its account and region, among both kinds.
        account_id: twelve digits.
        region: such as `ap-southeast-1`.
        configuration: as the API's request had it, without tags.
        configured: when it was set.
        state: at present.
        reason: of the state, in AWS's words.
        reason_data: the same as JSON.
        updated: when state or reason changed.
        transitioned: when the state changed.
        unevaluated: whether a composite alarm was `created` or `updated` since its evaluation.
        suppression: of a composite alarm's actions.
    """

    kind: Kind
    name: str
    account_id: str
    region: str
    configuration: dict[str, Any]
    configured: float
    state: State = "INSUFFICIENT_DATA"
    reason: str = UNCHECKED
    reason_data: str | None = None
    updated: float = 0.0
    transitioned: float = 0.0
    unevaluated: Literal["", "created", "updated"] = ""
    suppression: Suppression | None = None
    watched: tuple[str, ...] = field(default=())
    """What a composite alarm's rule names, by name or ARN."""

    @property
    def alarm_arn(self) -> str:
        """The ARN, by the name that moto's tagging asks for."""
        return f"arn:aws:cloudwatch:{self.region}:{self.account_id}:alarm:{self.name}"

    @property
    def actions_enabled(self) -> bool:
        """Whether it does anything on a change of state."""
        return self.configuration.get("ActionsEnabled") is not False

    def actions(self, state: State) -> list[str]:
        """What it does when it comes into a state."""
        return list(self.configuration.get(ACTIONS[state]) or ())

    def stats(self) -> Iterator[Mapping[str, Any]]:
        """What a metric alarm reads, each in the form of the API's `MetricStat`."""
        settings = self.configuration
        if settings.get("MetricName"):
            yield {
                "Metric": {key: settings.get(key) for key in ("Namespace", "MetricName")}
                | {"Dimensions": settings.get("Dimensions") or []},
                "Period": settings["Period"],
                "Stat": settings.get("Statistic") or settings["ExtendedStatistic"],
                "Unit": settings.get("Unit"),
            }
        for query in settings.get("Metrics") or ():
            if query.get("MetricStat"):
                yield query["MetricStat"]

    def describe(self) -> dict[str, Any]:
        """Gives DescribeAlarms' form of it."""
        lists = {name: list(self.configuration.get(name) or ()) for name in ACTIONS.values()}
        described = {
            **self.configuration,
            **lists,
            "AlarmArn": self.alarm_arn,
            "ActionsEnabled": self.actions_enabled,
            "AlarmConfigurationUpdatedTimestamp": moment_of(self.configured),
            "StateValue": self.state,
            "StateReason": self.reason,
            "StateReasonData": self.reason_data,
            "StateUpdatedTimestamp": moment_of(self.updated),
            "StateTransitionedTimestamp": moment_of(self.transitioned),
        }
        if self.kind == "MetricAlarm":
            described["Dimensions"] = list(self.configuration.get("Dimensions") or ())
        if self.suppression:
            described["ActionsSuppressedBy"] = self.suppression.by
            described["ActionsSuppressedReason"] = (
                f"Actions suppressed by {self.configuration['ActionsSuppressor']}"
                if self.suppression.by == "Alarm"
                else f"Actions suppressed by {self.suppression.by}"
            )
        return {name: value for name, value in described.items() if value is not None}

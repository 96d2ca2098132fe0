"""CloudWatch's alarms: they are evaluated, act, and have a history; composite ones too."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any, NoReturn

from moto.cloudwatch.exceptions import InvalidFormat, ResourceNotFound, ValidationError
from moto.cloudwatch.models import CloudWatchBackend
from moto.cloudwatch.responses import CloudWatchResponse
from moto.core.responses import ActionResult, EmptyResult

from emulator.cloudwatch import composite
from emulator.cloudwatch.alarm import Alarm, Kind
from emulator.cloudwatch.alarms import Alarms
from emulator.cloudwatch.evaluation import Finding
from emulator.cloudwatch.runtime import alarms_of, wake
from emulator.cloudwatch.selection import history, select
from emulator.cloudwatch.state import STATES
from emulator.cloudwatch.times import seconds_of
from emulator.cloudwatch.validation import AlarmError, validate
from emulator.gaps.registry import Gap, add, replace

Original = Callable[..., ActionResult]


def _alarms(request: CloudWatchResponse) -> Alarms:
    return alarms_of(request.cloudwatch_backend)


def _put(request: CloudWatchResponse, kind: Kind) -> ActionResult:
    settings = dict(request._get_params())
    tags = settings.pop("Tags", None)
    alarms = _alarms(request)
    alarm = Alarm(
        kind=kind,
        name=settings["AlarmName"],
        account_id=request.current_account,
        region=request.region,
        configuration=settings,
        configured=0.0,
    )
    try:
        if kind == "MetricAlarm":
            validate(settings)
        else:
            composite.validate(alarm, alarms)
    except AlarmError as error:
        raise ValidationError(str(error)) from error
    is_new = alarm.name not in alarms.by_name
    alarms.put(alarm)
    if tags and is_new:  # AWS ignores the tags of an update
        request.cloudwatch_backend.tagger.tag_resource(alarm.alarm_arn, tags)
    wake.set()
    return EmptyResult()


def _metric_alarms() -> None:
    @replace(CloudWatchResponse, "put_metric_alarm")
    def _(_original: Original, self: CloudWatchResponse) -> ActionResult:
        return _put(self, "MetricAlarm")

    @replace(CloudWatchBackend, "put_metric_alarm")
    def _(_original: Original, *_arguments: Any, **_settings: Any) -> NoReturn:
        raise NotImplementedError("alarms that application auto scaling makes for itself")

    @replace(CloudWatchResponse, "describe_alarms")
    def _(_original: Original, self: CloudWatchResponse) -> ActionResult:
        found = select(_alarms(self), self._get_params())
        return ActionResult(
            {
                f"{kind}s": [alarm.describe() for alarm in found if alarm.kind == kind]
                for kind in ("MetricAlarm", "CompositeAlarm")
            }
        )

    @replace(CloudWatchResponse, "describe_alarms_for_metric")
    def _(_original: Original, self: CloudWatchResponse) -> ActionResult:
        asked = self._get_params()
        found = [
            alarm.describe()
            for alarm in _alarms(self).by_name.values()
            if all(alarm.configuration.get(k) == asked[k] for k in ("MetricName", "Namespace"))
        ]
        return ActionResult({"MetricAlarms": found})

    @replace(CloudWatchResponse, "set_alarm_state")
    def _(_original: Original, self: CloudWatchResponse) -> ActionResult:
        return _set_state(self)


def _set_state(request: CloudWatchResponse) -> ActionResult:
    asked = request._get_params()
    alarm = _alarms(request).by_name.get(asked["AlarmName"])
    if alarm is None:
        raise ResourceNotFound("Alarm not found")
    if asked["StateValue"] not in STATES:
        raise ValidationError(
            f"1 validation error detected: Value '{asked['StateValue']}' at 'stateValue' failed to "
            "satisfy constraint: Member must satisfy enum value set: "
            f"[{', '.join(STATES)}]"
        )
    try:
        json.loads(asked.get("StateReasonData") or "{}")
    except ValueError as error:
        raise InvalidFormat("StateReasonData is no JSON") from error
    finding = Finding(
        state=asked["StateValue"],
        reason=asked["StateReason"],
        reason_data=asked.get("StateReasonData"),
    )
    _alarms(request).set_state(alarm, finding)
    return EmptyResult()


def _composite_alarms() -> None:
    @add(CloudWatchResponse, "put_composite_alarm")
    def _(self: CloudWatchResponse) -> ActionResult:
        return _put(self, "CompositeAlarm")

    @replace(CloudWatchResponse, "delete_alarms")
    def _(_original: Original, self: CloudWatchResponse) -> ActionResult:
        alarms = _alarms(self)
        names = list(dict.fromkeys(self._get_params().get("AlarmNames") or ()))
        gone = [name for name in names if name not in alarms.by_name]
        if gone:
            raise ResourceNotFound(f"Alarms not found: {', '.join(gone)}")
        try:
            composite.refuse_deletion(names, alarms)
        except AlarmError as error:
            raise ValidationError(str(error)) from error
        for name in names:
            arn = alarms.by_name[name].alarm_arn
            self.cloudwatch_backend.tagger.delete_all_tags_for_resource(arn)
        alarms.delete(names)
        return EmptyResult()


def _history() -> None:
    @add(CloudWatchResponse, "describe_alarm_history")
    def _(self: CloudWatchResponse) -> ActionResult:
        asked = self._get_params()
        found = history(
            _alarms(self),
            name=asked.get("AlarmName"),
            kinds=asked.get("AlarmTypes"),
            item_type=asked.get("HistoryItemType"),
            start=seconds_of(asked["StartDate"]) if asked.get("StartDate") else None,
            end=seconds_of(asked["EndDate"]) if asked.get("EndDate") else None,
            oldest_first=asked.get("ScanBy") == "TimestampAscending",
        )
        most = asked.get("MaxRecords") or 100
        first = int(asked.get("NextToken") or 0)
        answer: dict[str, Any] = {
            "AlarmHistoryItems": [item.describe() for item in found[first : first + most]]
        }
        if first + most < len(found):
            answer["NextToken"] = str(first + most)
        return ActionResult(answer)


def _actions() -> None:
    def switch(operation: str, enabled: bool) -> None:
        @replace(CloudWatchBackend, operation)
        def _(
            _original: Callable[..., None], self: CloudWatchBackend, alarm_names: Iterable[str]
        ) -> None:
            for name in alarm_names:
                alarm = alarms_of(self).by_name.get(name)
                if alarm:
                    alarm.configuration["ActionsEnabled"] = enabled

    switch("enable_alarm_actions", enabled=True)
    switch("disable_alarm_actions", enabled=False)


GAPS = (
    Gap(
        service="cloudwatch",
        name="evaluated-alarms",
        moto="leaves an alarm OK for ever, and SetAlarmState has no consequences",
        aws="evaluates alarms, from INSUFFICIENT_DATA on, and does their actions; refuses metrics "
        "that an alarm can't have",
        fill=_metric_alarms,
    ),
    Gap(
        service="cloudwatch",
        name="composite-alarms",
        moto="has none, and deletes any alarm",
        aws="has alarms that watch alarms, which can't be deleted then",
        fill=_composite_alarms,
    ),
    Gap(
        service="cloudwatch",
        name="alarm-history",
        moto="has none",
        aws="has what happened to alarms, and what became of their actions",
        fill=_history,
    ),
    Gap(
        service="cloudwatch",
        name="switched-actions",
        moto="does no actions that could be switched off",
        aws="does an alarm's actions only while they are enabled",
        fill=_actions,
    ),
)

"""What Amazon SNS sends: an alarm that changed its state, or a message of any other kind.

Sources: https://docs.aws.amazon.com/lambda/latest/dg/with-sns.html and
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/AlarmThatSendsEmail.html
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from .contract import SEVERITIES

_TOPIC = re.compile(r"arn:aws[a-z-]*:sns:([a-z0-9-]+):([0-9]{12}):([A-Za-z0-9_.-]{1,256})")
_ALARM = re.compile(r"arn:aws[a-z-]*:cloudwatch:([a-z0-9-]+):([0-9]{12}):alarm:(.+)")
_HIDDEN = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
"""Control characters but those of lines and tabs, marks of direction, and halves of characters."""


class EventError(Exception):
    """The event is none of Amazon SNS; the message says what is wrong with it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Source:
    """Where a message comes from.

    Attributes:
        topic: name of the topic.
        severity: of ``SEVERITIES``; empty where the topic's name says none.
        account: its twelve digits.
        region: such as ``ap-southeast-1``.
        message_id: Amazon SNS's name of the message, the same when it comes again; may be empty.
    """

    topic: str
    severity: str
    account: str
    region: str
    message_id: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class AlarmChange:
    """An alarm that went from one state to another.

    Attributes:
        source: the topic, with the alarm's own account and region.
        name: of the alarm.
        description: its description.
        old_state: ``OK``, ``ALARM`` or ``INSUFFICIENT_DATA``.
        new_state: likewise.
        reason: why, in CloudWatch's words.
        time: when, as CloudWatch wrote it.
    """

    source: Source
    name: str
    description: str
    old_state: str
    new_state: str
    reason: str
    time: str

    @property
    def is_over(self) -> bool:
        """Whether what the alarm watches is well again."""
        return (self.old_state, self.new_state) == ("ALARM", "OK")

    @property
    def changed_at(self) -> datetime | None:
        """The time, where it can be read."""
        try:
            moment = datetime.fromisoformat(self.time)
        except ValueError:
            return None
        return moment if moment.tzinfo else None


@dataclass(frozen=True, kw_only=True, slots=True)
class PlainMessage:
    """A message that is no alarm.

    Attributes:
        source: the topic.
        subject: may be empty.
        text: the message.
        time: when it was published, as SNS wrote it.
    """

    source: Source
    subject: str
    text: str
    time: str


Message = AlarmChange | PlainMessage


def read_event(event: object) -> list[Message]:
    """The messages of an event.

    Raises:
        EventError: it is no event of Amazon SNS.
    """
    match event:
        case {"Records": [_, *_] as records}:
            return [_record(number, record) for number, record in enumerate(records)]
    raise EventError("no event of Amazon SNS: Records is missing or empty")


def _record(number: int, record: object) -> Message:
    match record:
        case {"Sns": {"TopicArn": str(arn), "Message": str(text)} as sns}:
            found = _TOPIC.fullmatch(arn)
            if not found:
                raise EventError(f"Records[{number}].Sns.TopicArn: not the ARN of a topic")
            region, account, topic = found.groups()
            source = Source(
                topic=topic,
                severity=_severity(topic),
                account=account,
                region=region,
                message_id=_text(sns, "MessageId"),
            )
            return _message(source, text, sns)
    raise EventError(f"Records[{number}]: no TopicArn and Message of Amazon SNS in it")


def _severity(topic: str) -> str:
    return next((each for each in SEVERITIES if topic.endswith(f"-{each}")), "")


def _message(source: Source, text: str, sns: Mapping[str, Any]) -> Message:
    try:
        body = json.loads(text)
    except (ValueError, RecursionError):
        body = None
    match body:
        case {"AlarmName": str(name), "NewStateValue": str(new_state)}:
            return _alarm(source, name, new_state, body)
    return PlainMessage(
        source=source,
        subject=_text(sns, "Subject"),
        text=_visible(text),
        time=_text(sns, "Timestamp"),
    )


def _alarm(source: Source, name: str, new_state: str, body: Mapping[str, Any]) -> AlarmChange:
    """Metric and composite alarms alike: what differs, Trigger and AlarmRule, is not shown."""
    # The alarm's own ARN, for its region: "Region" is a name such as "Asia Pacific (Singapore)".
    if found := _ALARM.fullmatch(_text(body, "AlarmArn")):
        region, account, _ = found.groups()
        source = replace(source, account=account, region=region)
    return AlarmChange(
        source=source,
        name=_visible(name),
        description=_text(body, "AlarmDescription"),
        old_state=_text(body, "OldStateValue"),
        new_state=_visible(new_state),
        reason=_text(body, "NewStateReason"),
        time=_text(body, "StateChangeTime"),
    )


def _text(values: Mapping[str, Any], name: str) -> str:
    """A member that may be null or missing."""
    value = values.get(name)
    return _visible(value) if isinstance(value, str) else ""


def _visible(text: str) -> str:
    """Without what Slack refuses, or what changes how the text beside it is shown."""
    return _HIDDEN.sub("\N{REPLACEMENT CHARACTER}", text)

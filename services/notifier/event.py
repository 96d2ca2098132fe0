"""What Amazon SNS sends: an alarm that changed its state, what a service says, or any other text.

Sources: https://docs.aws.amazon.com/lambda/latest/dg/with-sns.html and
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/AlarmThatSendsEmail.html
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from .contract import SEVERITIES
from .fields import text_of, visible
from .message import AlarmChange, Message, PlainMessage, Source
from .notices import read_notice

_TOPIC = re.compile(r"arn:aws[a-z-]*:sns:([a-z0-9-]+):([0-9]{12}):([A-Za-z0-9_.-]{1,256})")
_ALARM = re.compile(r"arn:aws[a-z-]*:cloudwatch:([a-z0-9-]+):([0-9]{12}):alarm:(.+)")


class EventError(Exception):
    """The event is none of Amazon SNS; the message says what is wrong with it."""


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
                message_id=text_of(sns, "MessageId"),
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
    plain = PlainMessage(
        source=source,
        subject=text_of(sns, "Subject"),
        text=visible(text),
        time=text_of(sns, "Timestamp"),
    )
    return read_notice(plain, body if isinstance(body, dict) else {}) or plain


def _alarm(source: Source, name: str, new_state: str, body: Mapping[str, Any]) -> AlarmChange:
    """Metric and composite alarms alike: what differs, Trigger and AlarmRule, is not shown."""
    # The alarm's own ARN, for its region: "Region" is a name such as "Asia Pacific (Singapore)".
    if found := _ALARM.fullmatch(text_of(body, "AlarmArn")):
        region, account, _ = found.groups()
        source = replace(source, account=account, region=region)
    return AlarmChange(
        source=source,
        name=visible(name),
        description=text_of(body, "AlarmDescription"),
        old_state=text_of(body, "OldStateValue"),
        new_state=visible(new_state),
        reason=text_of(body, "NewStateReason"),
        time=text_of(body, "StateChangeTime"),
    )

"""What the channel is told of: an alarm, what a service says, or any other text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime


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


@dataclass(frozen=True, kw_only=True, slots=True)
class Notice:
    """What a service says that is no alarm, read.

    Attributes:
        source: the topic, with the account and region that it is about.
        title: in one line.
        facts: what is known, name to value, in the order in which it is read.
        text: what else there is to say; may be empty.
        address: of AWS's page; empty without one.
        runbook: page of docs/runbooks; empty without one.
        time: when, as the service or SNS wrote it.
    """

    source: Source
    title: str
    facts: Mapping[str, str]
    text: str = ""
    address: str = ""
    runbook: str = ""
    time: str


Message = AlarmChange | Notice | PlainMessage

"""How long an alarm was in the state that it has left, from the alarm's history."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from .message import AlarmChange

LOGGER = logging.getLogger(__name__)

_CONFIG = Config(connect_timeout=2, read_timeout=3, retries={"total_max_attempts": 1})
_RECORDS = 20


def lasted(alarm: AlarmChange) -> timedelta | None:
    """How long the alarm was in its old state; None where the history does not say.

    A message without it is better than none: what goes wrong is a line in the log.

    Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarmHistory.html
    """
    changed_at = alarm.changed_at
    if changed_at is None:
        return None
    try:
        client: Any = boto3.client("cloudwatch", region_name=alarm.source.region, config=_CONFIG)
        found = client.describe_alarm_history(
            AlarmName=alarm.name,
            # Left out, only metric alarms are searched.
            AlarmTypes=["MetricAlarm", "CompositeAlarm"],
            HistoryItemType="StateUpdate",
            EndDate=changed_at,
            ScanBy="TimestampDescending",
            MaxRecords=_RECORDS,
        )
    except (BotoCoreError, ClientError) as error:
        LOGGER.warning("the alarm's history cannot be read: %s", error)
        return None
    began = _began(found["AlarmHistoryItems"], alarm.old_state, before=changed_at)
    return changed_at - began if began else None


def _began(items: Iterable[Mapping[str, Any]], state: str, *, before: datetime) -> datetime | None:
    """When the alarm last went into a state before a moment; items are the newest first."""
    for item in items:
        try:
            new_state = json.loads(item["HistoryData"])["newState"]["stateValue"]
        except (ValueError, KeyError, TypeError):
            continue
        at: datetime = item["Timestamp"]
        if new_state == state and at < before:
            return at
    return None

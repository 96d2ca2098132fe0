"""What an alarm does when its state changes: it publishes to SNS topics, if it may."""

from __future__ import annotations

import logging

from emulator.cloudwatch.alarm import Alarm
from emulator.service_policy import Caller
from emulator.sns.publishing import PublishError, publish

_LOGGER = logging.getLogger("emulator.cloudwatch")


class ActionError(Exception):
    """An action that failed; only the alarm's history tells."""


def notify(alarm: Alarm, action: str, *, message: str, subject: str) -> None:
    """Does one action of an alarm. The caller holds moto's lock, as a request has it.

    Args:
        alarm: whose.
        action: an ARN.
        message: for whoever is subscribed.
        subject: of the message.

    Raises:
        ActionError: if the action failed, with AWS's words where they are known.
    """
    parts = action.split(":")
    if parts[2:3] != ["sns"] or len(parts) != 6:
        raise ActionError(f"The emulator only does actions of SNS topics, not {action}")
    caller = Caller(
        service="cloudwatch.amazonaws.com",
        account_id=alarm.account_id,
        source_arn=alarm.alarm_arn,
    )
    try:
        publish(caller, action, message=message, subject=subject, called="CloudWatch Alarms")
    except PublishError as error:
        raise ActionError(str(error)) from error
    except Exception as error:  # a subscriber that can't be reached must not end the evaluation
        _LOGGER.exception("the message of alarm %s was not delivered", alarm.name)
        raise ActionError(f"{type(error).__name__}: {error}") from error

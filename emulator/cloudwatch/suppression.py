"""When a composite alarm that has a suppressor does its actions.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Create_Composite_Alarm_Suppression.html
"""

from __future__ import annotations

from emulator.cloudwatch.alarm import Alarm, Suppression
from emulator.cloudwatch.state import State


def after_change(alarm: Alarm, suppressor: Alarm | None, old_state: State, now: float) -> bool:
    """Decides about the actions of a change that just happened.

    Each change begins a new wait, whatever was waited for.

    Args:
        alarm: composite, in its new state.
        suppressor: of it, if it has one.
        old_state: before the change.
        now: of CloudWatch's clock, in seconds.

    Returns:
        Whether the actions are to be done at once; if not, `after_time` says when.
    """
    alarm.suppression = None
    if suppressor is None:
        return True
    if suppressor.state == "ALARM":
        alarm.suppression = Suppression(by="Alarm", until=None, previous=old_state)
        return False
    wait = alarm.configuration["ActionsSuppressorWaitPeriod"]
    if wait:
        alarm.suppression = Suppression(by="WaitPeriod", until=now + wait, previous=old_state)
    return not wait


def after_time(alarm: Alarm, suppressor: Alarm | None, now: float) -> State | None:
    """Looks again at actions that wait.

    Args:
        alarm: composite.
        suppressor: of it, if it still has one.
        now: of CloudWatch's clock, in seconds.

    Returns:
        The state before the change whose actions are to be done now; None if none are.
    """
    waiting = alarm.suppression
    if waiting is None:
        return None
    if suppressor is not None and suppressor.state == "ALARM":
        waiting.by, waiting.until = "Alarm", None
        return None
    if suppressor is not None and waiting.by == "Alarm":
        extension = alarm.configuration["ActionsSuppressorExtensionPeriod"]
        waiting.by, waiting.until = "ExtensionPeriod", suppressor.transitioned + extension
    if suppressor is not None and waiting.until is not None and now < waiting.until:
        return None
    alarm.suppression = None
    return waiting.previous

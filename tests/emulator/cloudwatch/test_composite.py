"""Composite alarms: their rules' outcome, and when their actions wait.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Create_Composite_Alarm_Suppression.html
"""

from __future__ import annotations

import json
from typing import Literal

import pytest

from emulator.cloudwatch.composite import refuse_deletion
from emulator.cloudwatch.evaluation import Finding
from emulator.cloudwatch.validation import AlarmError
from tests.emulator.cloudwatch.conftest import Cloud

QUIET: dict[str, list[str]] = {"AlarmActions": [], "OKActions": [], "InsufficientDataActions": []}


def child(cloud: Cloud, name: str) -> None:
    """An alarm that keeps the state that it is given, as nothing is published for it."""
    cloud.put(name, MetricName=name, TreatMissingData="ignore", **QUIET)
    set_state(cloud, name, "OK")


def set_state(cloud: Cloud, name: str, state: Literal["OK", "ALARM"]) -> None:
    cloud.alarms.set_state(
        cloud.alarms.by_name[name], Finding(state=state, reason="set", reason_data=None)
    )


def sent(cloud: Cloud) -> list[str]:
    return [message["NewStateValue"] for message in cloud.messages()]


def test_a_composite_alarm_follows_its_children(cloud: Cloud) -> None:
    child(cloud, "a")
    child(cloud, "b")
    alarm = cloud.composite("both", "ALARM(a) AND ALARM(b)")
    assert (alarm.state, alarm.reason) == (
        "INSUFFICIENT_DATA",
        "Unchecked: Initial alarm creation",
    )
    cloud.evaluate()
    assert cloud.state("both") == "OK"
    assert alarm.reason == f"{alarm.alarm_arn} was created and its alarm rule evaluates to OK"
    assert len(json.loads(alarm.reason_data or "")["triggeringAlarms"]) == 2

    set_state(cloud, "a", "ALARM")
    cloud.evaluate()
    assert cloud.state("both") == "OK"
    cloud.seconds = 5
    set_state(cloud, "b", "ALARM")
    cloud.evaluate()
    b = cloud.alarms.by_name["b"]
    assert cloud.state("both") == "ALARM"
    assert (
        alarm.reason
        == f"{b.alarm_arn} transitioned to ALARM at Friday 15 January, 2027 08:00:05 UTC"
    )
    [_, message] = cloud.messages()
    assert message["AlarmRule"] == "ALARM(a) AND ALARM(b)"
    assert message["TriggeringChildren"] == [
        {
            "Arn": b.alarm_arn,
            "State": {"Value": "ALARM", "Timestamp": "2027-01-15T08:00:05.000+0000"},
        }
    ]
    assert "Trigger" not in message


def test_a_changed_rule_says_so(cloud: Cloud) -> None:
    cloud.composite("c", "FALSE")
    cloud.evaluate()
    alarm = cloud.composite("c", "TRUE")
    assert cloud.state("c") == "OK"
    cloud.evaluate()
    assert alarm.reason == f"{alarm.alarm_arn} was updated and its alarm rule evaluates to ALARM"


def test_composites_of_composites_change_at_once(cloud: Cloud) -> None:
    child(cloud, "a")
    cloud.composite("middle", "FALSE")
    top = cloud.composite("top", "ALARM(middle)")
    cloud.composite("middle", "ALARM(a)")
    set_state(cloud, "a", "ALARM")

    cloud.evaluate()

    assert top.state == "ALARM"


def test_a_cycle_stops_the_evaluation_of_its_members_only(cloud: Cloud) -> None:
    cloud.composite("a", "FALSE")
    cloud.composite("b", "NOT OK(a)")
    above = cloud.composite("above", "ALARM(a)")
    other = cloud.composite("other", "TRUE")
    members = [cloud.composite("a", "ALARM(b)"), cloud.alarms.by_name["b"], above]

    cloud.evaluate()

    assert {alarm.state for alarm in members} == {"INSUFFICIENT_DATA"}
    assert other.state == "ALARM"
    with pytest.raises(AlarmError, match="depending on it"):
        refuse_deletion(["a"], cloud.alarms)


def test_unknown_children_and_suppressors_are_refused(cloud: Cloud) -> None:
    child(cloud, "a")
    with pytest.raises(AlarmError, match=r"as alarms \[b, c\] in the alarm rule do not exist"):
        cloud.composite("x", "ALARM(a) OR ALARM(b) OR OK(c)")
    periods = {"ActionsSuppressorWaitPeriod": 60, "ActionsSuppressorExtensionPeriod": 60}
    with pytest.raises(AlarmError, match=r"suppressor \[b\] does not exist"):
        cloud.composite("x", "ALARM(a)", ActionsSuppressor="b", **periods)
    with pytest.raises(AlarmError, match="are required with ActionsSuppressor"):
        cloud.composite("x", "ALARM(a)", ActionsSuppressor="a", ActionsSuppressorWaitPeriod=1)
    with pytest.raises(AlarmError, match="ActionsSuppressor is required"):
        cloud.composite("x", "ALARM(a)", **periods)


def test_watched_alarms_are_not_deleted(cloud: Cloud) -> None:
    for name in ("a", "b", "quiet", "free"):
        child(cloud, name)
    arn = cloud.alarms.by_name["b"].alarm_arn
    cloud.composite(
        "c",
        f"ALARM(a) OR ALARM({arn})",
        ActionsSuppressor="quiet",
        ActionsSuppressorWaitPeriod=1,
        ActionsSuppressorExtensionPeriod=1,
    )
    cloud.composite("d", "TRUE")

    for names, message in (
        (["a"], "Cannot delete a as there are composite alarm\\(s\\) depending on it."),
        (["free", "a", "b"], "Cannot delete a,b as .* depending on them."),
        (["quiet"], "Cannot delete quiet"),
        (["c", "d"], "Only one composite alarm"),
    ):
        with pytest.raises(AlarmError, match=message):
            refuse_deletion(names, cloud.alarms)
    refuse_deletion(["free", "c"], cloud.alarms)


class Suppressed:
    """Waits two minutes for the suppressor, three minutes after it; a step is a minute."""

    def __init__(self, cloud: Cloud) -> None:
        self.cloud = cloud
        for name in ("problem", "quiet"):
            child(cloud, name)
        self.alarm = cloud.composite(
            "c",
            "ALARM(problem)",
            ActionsSuppressor="quiet",
            ActionsSuppressorWaitPeriod=120,
            ActionsSuppressorExtensionPeriod=180,
        )
        cloud.evaluate()
        cloud.seconds += 600
        cloud.evaluate()
        assert (sent(cloud), self.alarm.suppression) == (["OK"], None)

    def step(self, **states: Literal["OK", "ALARM"]) -> tuple[list[str], str | None]:
        """A minute later some alarms change; what was sent, and why something waits."""
        self.cloud.seconds += 60
        for name, state in states.items():
            set_state(self.cloud, name, state)
        self.cloud.evaluate()
        return sent(self.cloud), self.alarm.describe().get("ActionsSuppressedBy")


def test_actions_are_done_when_the_wait_is_over(cloud: Cloud) -> None:
    suppressed = Suppressed(cloud)
    assert suppressed.step(problem="ALARM") == ([], "WaitPeriod")
    assert suppressed.alarm.describe()["ActionsSuppressedReason"] == (
        "Actions suppressed by WaitPeriod"
    )
    assert suppressed.step() == ([], "WaitPeriod")
    assert suppressed.step() == (["ALARM"], None)
    assert suppressed.step() == ([], None)


def test_a_suppressor_that_comes_in_time_suppresses(cloud: Cloud) -> None:
    suppressed = Suppressed(cloud)
    assert suppressed.step(problem="ALARM") == ([], "WaitPeriod")
    assert suppressed.step(quiet="ALARM") == ([], "Alarm")
    for _ in range(5):
        assert suppressed.step() == ([], "Alarm")


def test_a_change_begins_another_wait(cloud: Cloud) -> None:
    suppressed = Suppressed(cloud)
    assert suppressed.step(problem="ALARM") == ([], "WaitPeriod")
    assert suppressed.step(problem="OK") == ([], "WaitPeriod")
    assert suppressed.step() == ([], "WaitPeriod")
    assert suppressed.step() == (["OK"], None)


def test_after_the_suppressor_the_extension_is_waited_for(cloud: Cloud) -> None:
    suppressed = Suppressed(cloud)
    suppressed.step(quiet="ALARM")
    assert suppressed.step(problem="ALARM") == ([], "Alarm")
    assert suppressed.step(quiet="OK") == ([], "ExtensionPeriod")
    assert suppressed.step() == ([], "ExtensionPeriod")
    assert suppressed.step() == ([], "ExtensionPeriod")
    assert suppressed.step() == (["ALARM"], None)


def test_a_problem_that_ends_within_the_extension_is_never_told(cloud: Cloud) -> None:
    suppressed = Suppressed(cloud)
    suppressed.step(quiet="ALARM")
    suppressed.step(problem="ALARM")
    assert suppressed.step(quiet="OK") == ([], "ExtensionPeriod")
    assert suppressed.step(problem="OK") == ([], "WaitPeriod")
    told = [suppressed.step()[0] for _ in range(5)]
    assert "ALARM" not in str(told)


def test_nothing_waits_while_nothing_changes(cloud: Cloud) -> None:
    suppressed = Suppressed(cloud)
    assert suppressed.step(quiet="ALARM") == ([], None)
    assert suppressed.step(quiet="OK") == ([], None)

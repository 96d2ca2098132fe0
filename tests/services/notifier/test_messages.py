"""What the channel reads: of alarms, of good news, of anything else, whatever it holds."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import InvalidRegionError

from services.notifier import blocks, links
from services.notifier.event import read_event
from tests.services.notifier.block_kit import problems
from tests.services.notifier.conftest import Notify, World
from tests.services.notifier.messages import (
    ACCOUNT,
    NAME,
    REGION,
    RUNBOOK,
    composite_alarm,
    event,
    metric_alarm,
)

CONSOLE = f"https://{REGION}.console.aws.amazon.com/cloudwatch/home?region={REGION}"
OK = {"NewStateValue": "OK", "OldStateValue": "ALARM", "NewStateReason": "Threshold not crossed."}


def texts(message: dict[str, Any]) -> list[str]:
    """All texts of a message in order."""
    found = []
    for block in message["blocks"]:
        found += [each["text"] for each in block.get("elements", [block.get("text")])]
    return found


def sent(world: World) -> list[str]:
    """The texts of the one message that Slack got."""
    (call,) = world.calls
    assert problems(call.body) == []
    return texts(call.body)


def test_an_alarm_says_what_where_why_and_what_to_do(world: World, notify: Notify) -> None:
    notify(event(metric_alarm()))
    header, change, description, reason, addresses, context = sent(world)
    assert header == f":red_circle: CRITICAL: {NAME}"
    assert change == "*OK* → *ALARM*"
    assert description.startswith("More than 5 % of requests fail.")
    assert reason.startswith("Threshold Crossed: 3 datapoints")
    assert addresses == (
        f"<{RUNBOOK}|Runbook> · <{CONSOLE}#alarmsV2:alarm/{NAME}|Alarm> · "
        f"<{CONSOLE}#dashboards/dashboard/mapvibe-dev-rag|Dashboard>"
    )
    assert context == (
        f"mapvibe dev · account {ACCOUNT} · {REGION} · mapvibe-dev-alerts-critical · "
        "2026-03-14 09:10:00 UTC"
    )
    assert world.calls[0].body["text"] == f"mapvibe dev: CRITICAL: {NAME}"
    assert world.calls[0].headers["content-type"] == "application/json"


def test_a_warning_looks_like_one(world: World, notify: Notify) -> None:
    notify(event(metric_alarm(), severity="warning"))
    assert sent(world)[0] == f":large_yellow_circle: WARNING: {NAME}"


def test_a_composite_alarm_is_told_too(world: World, notify: Notify) -> None:
    notify(event(composite_alarm()))
    header, _, reason, addresses, _ = sent(world)
    assert header == ":red_circle: CRITICAL: mapvibe-dev-unavailable"
    assert f"{NAME} transitioned to ALARM" in reason
    assert "Runbook" not in addresses
    assert f"{CONSOLE}#alarmsV2:alarm/mapvibe-dev-unavailable|Alarm" in addresses


def history(state: str, at: datetime) -> dict[str, Any]:
    """An item of an alarm's history."""
    return {"Timestamp": at, "HistoryData": json.dumps({"newState": {"stateValue": state}})}


def test_good_news_say_how_long_it_lasted(world: World, notify: Notify) -> None:
    at = datetime(2026, 3, 14, 9, 10, 0, 452_000, UTC)
    world.history = [
        history("OK", at),
        history("ALARM", at - timedelta(hours=2, minutes=5)),
        history("OK", at - timedelta(days=1)),
        history("ALARM", at - timedelta(days=2)),
    ]
    notify(event(metric_alarm(**OK)))
    assert sent(world)[:2] == [
        f":large_green_circle: OK again: {NAME}",
        "*ALARM* → *OK* after 2 h 5 min",
    ]
    (asked,) = world.asked_history
    assert (asked["AlarmName"], asked["EndDate"]) == (NAME, at)
    assert asked["AlarmTypes"] == ["MetricAlarm", "CompositeAlarm"]


@pytest.mark.parametrize(
    ("found", "changes"),
    [
        pytest.param(None, {}, id="may not be read"),
        pytest.param([], {}, id="empty"),
        pytest.param([{"Timestamp": datetime.now(UTC), "HistoryData": "{"}], {}, id="no JSON"),
        pytest.param([], {"StateChangeTime": "yesterday"}, id="no time"),
    ],
)
def test_good_news_come_without_it_too(
    world: World, notify: Notify, found: Any, changes: dict[str, Any]
) -> None:
    world.history = found
    notify(event(metric_alarm(**OK, **changes)))
    assert sent(world)[1] == "*ALARM* → *OK*"


def test_the_history_is_asked_for_good_news_only(world: World, notify: Notify) -> None:
    notify(event(metric_alarm()))
    notify(event(metric_alarm(NewStateValue="OK", OldStateValue="INSUFFICIENT_DATA")))
    assert world.asked_history == []
    assert texts(world.calls[1].body)[0] == f":large_green_circle: OK: {NAME}"


def test_missing_data_is_not_called_an_alarm(world: World, notify: Notify) -> None:
    notify(event(metric_alarm(NewStateValue="INSUFFICIENT_DATA")))
    assert sent(world)[0] == f":white_circle: No data: {NAME}"


def test_the_alarms_region_counts_not_the_topics(world: World, notify: Notify) -> None:
    arn = f"arn:aws:cloudwatch:us-east-1:{ACCOUNT}:alarm:{NAME}"
    notify(event(metric_alarm(AlarmArn=arn)))
    assert "https://us-east-1.console.aws.amazon.com/" in sent(world)[4]
    assert "· us-east-1 ·" in sent(world)[5]


@pytest.mark.parametrize(
    ("message", "subject", "header", "text"),
    [
        ("budget at 80 %", "AWS Budgets: mapvibe\n", "AWS Budgets: mapvibe", "budget at 80 %"),
        ('{"state": "odd"}', None, "Message of mapvibe-dev-alerts-warning", '{"state": "odd"}'),
        ('["AlarmName"]', None, "Message of mapvibe-dev-alerts-warning", '["AlarmName"]'),
        ("{" * 10_000, None, "Message of mapvibe-dev-alerts-warning", "{" * 2_999 + "…"),
    ],
)
def test_any_other_message_is_told_as_it_is(
    world: World, notify: Notify, message: str, subject: str | None, header: str, text: str
) -> None:
    notify(event(message, severity="warning", subject=subject))
    assert sent(world)[:2] == [f":large_yellow_circle: {header}", text]
    assert sent(world)[2].endswith("2026-03-14 09:10:01 UTC")


@pytest.mark.parametrize("empty", ["", "  \n"])
def test_a_message_without_text_is_told(world: World, notify: Notify, empty: str) -> None:
    notify(event(empty, subject="only a subject"))
    assert len(sent(world)) == 2


HOSTILE = "<!channel> & <https://evil.example|Runbook> *x* "


@pytest.mark.parametrize("length", [1, 700, 20_000])
@pytest.mark.parametrize("field", ["AlarmName", "AlarmDescription", "NewStateReason"])
def test_no_text_makes_a_link_a_mention_or_too_long_a_block(
    world: World, notify: Notify, field: str, length: int
) -> None:
    notify(event(metric_alarm(**{field: HOSTILE * length})))
    for text in sent(world):
        assert "<!channel" not in text
        assert "<https://evil.example|Runbook> *" not in text


@pytest.mark.parametrize("hidden", ["\ud83d", "\x00", "\x1b[31m", "\u202e", "\u2067"])
@pytest.mark.parametrize("field", ["AlarmName", "NewStateReason", "NewStateValue", "AlarmArn"])
def test_what_slack_refuses_or_turns_around_is_replaced(
    world: World, notify: Notify, hidden: str, field: str
) -> None:
    """JSON can hold half a character, which no address and no log can."""
    notify(event(metric_alarm(**OK | {field: f"a{hidden}b"})))
    assert hidden[0] not in "".join([world.calls[0].body["text"], *sent(world)])


def test_letters_of_any_script_stay(world: World, notify: Notify) -> None:
    notify(event("שלום مرحبا 🎉 é\n\tTab"))
    assert sent(world)[1] == "שלום مرحبا 🎉 é\n\tTab"


def test_an_alarm_of_a_region_that_is_none_is_told(
    world: World, notify: Notify, monkeypatch: pytest.MonkeyPatch
) -> None:
    def client(service: str, **options: Any) -> World:
        if service == "cloudwatch":
            raise InvalidRegionError(**options)
        return world

    monkeypatch.setattr("services.notifier.history.boto3.client", client)
    notify(event(metric_alarm(**OK, AlarmArn=f"arn:aws:cloudwatch:-:{ACCOUNT}:alarm:a")))
    assert len(world.calls) == 1


@pytest.mark.parametrize("cut", range(20))
def test_a_cut_never_falls_within_an_entity(cut: int) -> None:
    text = blocks.escaped("a<b>&c" * 3, cut)
    assert len(text) <= cut or cut == 0
    assert not [part for part in text.split("&")[1:] if not part.startswith(("amp;", "lt;", "gt;"))]


def test_what_fits_is_not_cut() -> None:
    assert blocks.escaped("a<b", 6) == "a&lt;b"
    assert blocks.escaped("a<b", 5) == "a…"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.4, "0 s"),
        (59, "59 s"),
        (60, "1 min"),
        (3_600, "1 h"),
        (7_500, "2 h 5 min"),
        (90_061, "1 d 1 h 1 min"),
        (-5, "0 s"),
    ],
)
def test_durations_are_read_by_people(seconds: float, text: str) -> None:
    assert blocks.duration(timedelta(seconds=seconds)) == text


@pytest.mark.parametrize(
    ("description", "address"),
    [
        ("Runbook: https://a.example/b.md#c).", "https://a.example/b.md#c"),
        ("See <https://a.example/b|the runbook>", "https://a.example/b"),
        ("http://a.example is not it", ""),
        ("nothing", ""),
    ],
)
def test_the_runbook_is_the_descriptions_address(description: str, address: str) -> None:
    assert links.runbook(description) == address


def test_an_address_that_is_too_long_is_left_out(world: World, notify: Notify) -> None:
    notify(event(metric_alarm(AlarmDescription=f"https://a.example/{'&' * 200}")))
    assert sent(world)[4].startswith(f"<{CONSOLE}#alarmsV2")


def test_names_are_escaped_in_addresses() -> None:
    assert links.alarm("a b/c|d>", region=REGION) == f"{CONSOLE}#alarmsV2:alarm/a%20b%2Fc%7Cd%3E"


def test_the_fields_of_a_real_event_are_read() -> None:
    (message,) = read_event(event(metric_alarm()))
    assert message.source.account == ACCOUNT
    assert (message.source.severity, message.source.topic) == (
        "critical",
        "mapvibe-dev-alerts-critical",
    )

"""Slack and Secrets Manager at their worst: what is tried again, what is told, what is never told."""

from __future__ import annotations

import logging
from typing import Any

import pytest

from services.notifier import slack
from services.notifier.app import NotSent
from services.notifier.contract import HANDLER, NotifierSettings, SettingsError
from services.notifier.webhook import Webhook, WebhookError
from tests.services.notifier.conftest import PATH, Notify, World
from tests.services.notifier.messages import event, metric_alarm
from tests.support.misbehaving_server import Fault, Reply

EVENT = event(metric_alarm())


def failed(notify: Notify, given: Any = EVENT) -> str:
    """The one line of an invocation that fails."""
    with pytest.raises(NotSent) as caught:
        notify(given)
    text = str(caught.value)
    assert "\n" not in text
    assert "xyzSECRET" not in text
    assert caught.value.__suppress_context__
    return text


def test_it_posts_to_the_webhook(world: World, notify: Notify) -> None:
    notify(EVENT)
    assert [call.path for call in world.calls] == [PATH]


@pytest.mark.parametrize("status", [408, 500, 502, 503])
def test_a_fault_of_slacks_is_tried_again(world: World, notify: Notify, status: int) -> None:
    world.replies = [Reply(status=status), Reply(status=status)]
    notify(EVENT)
    assert len(world.calls) == 3
    assert world.clock.slept == [1, 2]


def test_slack_says_how_long_to_wait(world: World, notify: Notify) -> None:
    world.replies = [Reply(status=429, headers={"Retry-After": "7"}, body=b"rate_limited")]
    notify(EVENT)
    assert world.clock.slept == [7]
    assert len(world.calls) == 2


@pytest.mark.parametrize(
    "value", ["soon", "-1", "", "1e3", "99999999999", "0", "Wed, 21 Oct 2026 07:28:00 GMT"]
)
def test_a_wait_that_makes_no_sense_is_not_believed(
    world: World, notify: Notify, value: str
) -> None:
    world.replies = [Reply(status=429, headers={"Retry-After": value})]
    notify(EVENT)
    assert world.clock.slept == [1]


def test_a_wait_beyond_the_functions_time_is_left_to_lambda(world: World, notify: Notify) -> None:
    world.replies = [Reply(status=429, headers={"Retry-After": "25"}, body=b"rate_limited")]
    text = failed(notify)
    assert text == "Slack did not take the message in time: 429 rate_limited; Lambda repeats it"
    assert world.clock.slept == []


def test_it_gives_up_before_its_time_is_over(world: World, notify: Notify) -> None:
    world.replies = [Reply(status=500)] * 20
    assert failed(notify).startswith("Slack did not take the message in time: 500;")
    assert world.clock.now <= world.seconds - 6
    assert world.clock.slept == [1, 2, 4, 8]


@pytest.mark.parametrize("fault", ["reset", "hang"])
def test_a_broken_connection_is_tried_again(
    world: World, notify: Notify, monkeypatch: pytest.MonkeyPatch, fault: Fault
) -> None:
    monkeypatch.setattr(slack, "_ATTEMPT_SECONDS", 0.2)
    world.replies = [Reply(fault=fault)]
    notify(EVENT)
    assert len(world.calls) == 2


def test_nobody_listens(world: World, notify: Notify) -> None:
    world.secret = f"http://127.0.0.1:9{PATH}"
    assert "no answer (ConnectionRefusedError); Lambda repeats it" in failed(notify)


@pytest.mark.parametrize(
    ("status", "body", "said"),
    [
        (400, b"invalid_payload", "400 invalid_payload; the message itself is at fault"),
        (400, b"invalid_blocks", "400 invalid_blocks; the message itself is at fault"),
        (403, b"action_prohibited", "403 action_prohibited; the webhook or its channel is gone"),
        (404, b"no_service", "404 no_service; the webhook or its channel is gone"),
        (410, b"channel_is_archived", "410 channel_is_archived; the webhook or its channel"),
        (413, b"", "413; the message itself is at fault"),
        (302, b"", "302; the address is no incoming webhook of Slack"),
        (200, b"<!DOCTYPE html>", "200; the address is no incoming webhook of Slack"),
        (200, b"", "200; the address is no incoming webhook of Slack"),
        (404, f"no {PATH}".encode(), "404; the webhook"),
    ],
)
def test_a_refusal_is_told_at_once(
    world: World, notify: Notify, status: int, body: bytes, said: str
) -> None:
    world.replies = [Reply(status=status, body=body)]
    assert failed(notify).startswith(f"Slack refused the message: {said}")
    assert len(world.calls) == 1


# --- several messages, and one that comes again ----------------------------------------------------


def several(*ids: str) -> dict[str, Any]:
    """An event with a message for each id; its text is the id."""
    records = [event(each)["Records"][0] for each in ids]
    for record, each in zip(records, ids, strict=True):
        record["Sns"]["MessageId"] = each
    return {"Records": records}


def told(world: World) -> list[str]:
    return [call.body["blocks"][1]["text"]["text"] for call in world.calls]


def test_a_message_that_slack_refuses_keeps_no_other_back(world: World, notify: Notify) -> None:
    world.replies = [Reply(body=b"ok"), Reply(status=400, body=b"invalid_blocks")]
    assert failed(notify, several("a", "b", "c")).startswith("Slack refused the message: 400")
    assert told(world) == ["a", "b", "c"]


def test_what_was_told_is_not_told_again(world: World, notify: Notify) -> None:
    world.replies = [Reply(body=b"ok"), Reply(status=400, body=b"invalid_blocks")]
    failed(notify, several("a", "b", "c"))
    notify(several("a", "b", "c"))
    assert told(world) == ["a", "b", "c", "b"]


def test_no_message_begins_that_lambda_would_cut_off(world: World, notify: Notify) -> None:
    world.replies = [Reply(status=500)] * 20
    text = failed(notify, several("a", "b"))
    assert text.endswith("Slack did not take the message in time: 500; Lambda repeats it")
    world.clock.now = world.seconds - 5.5
    assert failed(notify, several("a")).startswith("Slack was not asked, for the function's time")


# --- the secret ----------------------------------------------------------------------------------


def test_the_secret_is_kept_for_five_minutes(world: World, notify: Notify) -> None:
    for moment, reads in ((0, 1), (299, 1), (300, 2), (301, 2)):
        world.clock.now, world.seconds = moment, moment + 30
        notify(EVENT)
        assert world.reads == reads


def test_a_webhook_that_slack_does_not_know_is_read_anew(world: World, notify: Notify) -> None:
    world.replies = [Reply(status=404, body=b"no_service")]
    failed(notify)
    notify(EVENT)
    assert world.reads == 2


def test_a_secret_without_a_value_says_how_to_put_it(world: World, notify: Notify) -> None:
    world.secret = None
    assert failed(notify) == (
        "secret mapvibe/dev/alerts/slack-webhook: has no value yet; put it with: aws secretsmanager "
        "put-secret-value --secret-id mapvibe/dev/alerts/slack-webhook "
        "--secret-string https://hooks.slack.com/services/…"
    )


@pytest.mark.parametrize(
    "secret",
    [
        pytest.param("", id="empty"),
        pytest.param(f"http://hooks.slack.com{PATH}", id="in clear"),
        pytest.param(f"http://127.0.0.1.evil.example{PATH}", id="only begins like this machine"),
        pytest.param(f"http://127.0.0.1@evil.example{PATH}", id="a user name"),
        pytest.param(f"ftp://hooks.slack.com{PATH}", id="another scheme"),
        pytest.param(f"hooks.slack.com{PATH}", id="no scheme"),
        pytest.param(f'{{"url": "https://hooks.slack.com{PATH}"}}', id="JSON"),
        pytest.param(f"https://hooks.slack.com{PATH}\r\nX: y", id="a second line"),
        pytest.param(f"https://hooks.slack.com{PATH} ű", id="not ASCII"),
        pytest.param(f"https://hooks..slack.com{PATH}", id="no name of a host"),
        pytest.param(f"https://{'a' * 64}.com{PATH}", id="a label that is too long"),
    ],
)
def test_a_secret_that_is_no_webhook_is_told_without_it(
    world: World, notify: Notify, secret: str
) -> None:
    world.secret = secret
    text = failed(notify)
    assert text.startswith("secret mapvibe/dev/alerts/slack-webhook: holds no https address")
    assert world.calls == []


def test_a_line_break_at_the_end_of_the_secret_is_no_matter(world: World, notify: Notify) -> None:
    world.secret = f"{world.url}{PATH}\n"
    notify(EVENT)
    assert [call.path for call in world.calls] == [PATH]


def test_slacks_own_address_is_reached_by_tls() -> None:
    webhook = Webhook.parse(f"https://hooks.slack.com{PATH}", secret="s")
    assert (webhook.tls, webhook.host, webhook.port) == (True, "hooks.slack.com", None)
    assert PATH not in repr(webhook)


def test_the_webhook_is_never_logged(
    world: World, notify: Notify, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        notify(EVENT)
        world.replies = [Reply(status=404, body=f"no {PATH}".encode())]
        failed(notify)
    assert "sent to Slack: mapvibe dev: CRITICAL" in caplog.text
    assert "xyzSECRET" not in caplog.text


# --- what is no event ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "Records is missing or empty"),
        (None, "Records is missing or empty"),
        ([], "Records is missing or empty"),
        ({"Records": []}, "Records is missing or empty"),
        ({"Records": {}}, "Records is missing or empty"),
        ({"Records": [None]}, "Records[0]: no TopicArn and Message"),
        ({"Records": [{"Sns": {"Message": "m"}}]}, "Records[0]: no TopicArn and Message"),
        ({"Records": [{"Sns": {"TopicArn": "x", "Message": "m"}}]}, "Records[0].Sns.TopicArn: not"),
        ({"Records": [{"s3": {"bucket": {}}}]}, "Records[0]: no TopicArn and Message"),
    ],
)
def test_a_malformed_event_is_one_line(world: World, notify: Notify, given: Any, said: str) -> None:
    assert said in failed(notify, given)
    assert world.calls == []


@pytest.mark.parametrize(
    "field", ["AlarmDescription", "OldStateValue", "StateChangeTime", "AlarmArn"]
)
@pytest.mark.parametrize("value", [None, 7, ["x"], {}])
def test_an_alarm_with_a_field_of_another_kind_is_told_all_the_same(
    world: World, notify: Notify, field: str, value: Any
) -> None:
    notify(event(metric_alarm(**{field: value})))
    assert len(world.calls) == 1


# --- the contract --------------------------------------------------------------------------------


def test_settings_travel_in_variables_and_back() -> None:
    settings = NotifierSettings(webhook_secret="a", environment="b")
    assert settings.variables() == {"WEBHOOK_SECRET": "a", "ENVIRONMENT": "b"}
    assert NotifierSettings.load(settings.variables()) == settings
    with pytest.raises(SettingsError, match="ENVIRONMENT is not set"):
        NotifierSettings.load({"WEBHOOK_SECRET": "a"})


def test_the_handler_is_there(world: World, notify: Notify, monkeypatch: Any) -> None:
    assert HANDLER == "notifier.app.handler"
    monkeypatch.delenv("WEBHOOK_SECRET")
    assert failed(notify) == "WEBHOOK_SECRET is not set"


def test_the_pattern_of_an_address_refuses_what_is_none() -> None:
    with pytest.raises(WebhookError):
        Webhook.parse("https:///path", secret="s")

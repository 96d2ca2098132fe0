"""The function with a real HTTP server as Slack, and Secrets Manager in its place."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from botocore.exceptions import ClientError

from services.notifier import app, history, webhook
from services.notifier.webhook import WebhookSecret
from tests.services.notifier.block_kit import problems
from tests.services.notifier.messages import REGION
from tests.support.misbehaving_server import Call, Reply, serving

PATH = "/services/T0SECRET/B0SECRET/xyzSECRET"
"""What must stand in no log."""


@dataclass
class Clock:
    """Time that passes when somebody sleeps."""

    now: float = 0
    slept: list[float] = field(default_factory=list)

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


@dataclass
class World:
    """What surrounds the function.

    Attributes:
        replies: Slack's answers in turn; ``ok`` once they are used up.
        calls: what Slack was sent.
        secret: what the secret holds; None before somebody has put a value.
        reads: how often the secret was read.
        history: the alarm's history, newest first; None where it cannot be read.
        clock: of the function.
        seconds: that the function has.
    """

    url: str = ""
    replies: list[Reply] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    secret: str | None = ""
    reads: int = 0
    history: list[dict[str, Any]] | None = field(default_factory=list)
    asked_history: list[dict[str, Any]] = field(default_factory=list)
    clock: Clock = field(default_factory=Clock)
    seconds: float = 30

    def answer(self, call: Call) -> Reply:
        """Slack's answer; a message that breaks its limits is refused as Slack refuses it."""
        self.calls.append(call)
        if self.replies:
            return self.replies.pop(0)
        if problems(call.body):
            return Reply(status=400, body=b"invalid_blocks")
        return Reply(body=b"ok")

    def get_remaining_time_in_millis(self) -> int:
        """Lambda's context."""
        return int((self.seconds - self.clock.now) * 1000)

    def client(self, service: str, **options: Any) -> World:
        """boto3's clients."""
        assert options["region_name"] == REGION
        return self

    def get_secret_value(self, *, SecretId: str) -> dict[str, str]:  # noqa: N803 - AWS's name
        """Secrets Manager."""
        self.reads += 1
        if self.secret is None:
            raise ClientError({"Error": {"Code": "ResourceNotFoundException"}}, "GetSecretValue")
        return {"SecretString": self.secret}

    def describe_alarm_history(self, **asked: Any) -> dict[str, Any]:
        """CloudWatch."""
        self.asked_history.append(asked)
        if self.history is None:
            raise ClientError({"Error": {"Code": "AccessDenied"}}, "DescribeAlarmHistory")
        return {"AlarmHistoryItems": self.history}


Notify = Callable[[Any], None]


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """Slack, Secrets Manager and CloudWatch of one test."""
    made = World()
    monkeypatch.setenv("WEBHOOK_SECRET", "mapvibe/dev/alerts/slack-webhook")
    monkeypatch.setenv("ENVIRONMENT", "mapvibe dev")
    monkeypatch.setenv("DASHBOARD", "mapvibe-dev-rag")
    monkeypatch.setenv("AWS_REGION", REGION)
    for module in (webhook, history):
        monkeypatch.setattr(module.boto3, "client", made.client)
    monkeypatch.setattr("services.notifier.slack.time.sleep", made.clock.sleep)
    monkeypatch.setattr(app, "_SECRET", WebhookSecret(clock=made.clock))
    app._SENT.clear()
    with serving(made.answer) as url:
        made.url, made.secret = url, f"{url}{PATH}"
        yield made


@pytest.fixture
def notify(world: World) -> Notify:
    """Invokes the function."""
    return lambda event: app.handler(event, world)

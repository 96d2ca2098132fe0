"""Alarms without a server: a clock that is moved by hand, and a topic with a queue."""

from __future__ import annotations

import itertools
import json
from dataclasses import dataclass, field
from typing import Any

import pytest
from moto.kms.models import kms_backends
from moto.sns.models import Topic, sns_backends
from moto.sqs.models import sqs_backends

from emulator.cloudwatch import composite
from emulator.cloudwatch.alarm import Alarm, Kind
from emulator.cloudwatch.alarms import Alarms
from emulator.cloudwatch.clock import Clock
from emulator.cloudwatch.distribution import Distribution
from emulator.cloudwatch.state import State
from emulator.cloudwatch.store import MINUTE, Metric, Store
from emulator.cloudwatch.validation import validate

REGION = "eu-west-1"
START = 1_800_000_000 // MINUTE * MINUTE
_accounts = itertools.count(700_000_000_000)

THRESHOLD = {
    "Namespace": "App",
    "MetricName": "Errors",
    "Statistic": "Sum",
    "Period": MINUTE,
    "EvaluationPeriods": 1,
    "ComparisonOperator": "GreaterThanThreshold",
    "Threshold": 5.0,
}


@dataclass
class Cloud:
    """One account in one region."""

    account_id: str
    seconds: float = 0.0
    seen: int = 0
    alarms: Alarms = field(init=False)
    topic: Topic = field(init=False)

    def __post_init__(self) -> None:
        store = Store(Clock(lambda: self.seconds, START))
        self.alarms = Alarms(store=store, by_name={})
        sns = sns_backends[self.account_id][REGION]
        self.topic = sns.create_topic("alerts")
        self._queue = sqs_backends[self.account_id][REGION].create_queue("alerts", {})
        sns.subscribe(self.topic.arn, self._queue.queue_arn, "sqs")

    def put(self, name: str, **settings: Any) -> Alarm:
        """Creates or changes a metric alarm that notifies the topic, if AWS would take it."""
        base = {} if "Metrics" in settings else THRESHOLD
        return self._put("MetricAlarm", name, base | settings)

    def composite(self, name: str, rule: str, **settings: Any) -> Alarm:
        """Creates or changes a composite alarm that notifies the topic."""
        return self._put("CompositeAlarm", name, {"AlarmRule": rule, **settings})

    def state(self, name: str) -> State:
        """The present state of an alarm."""
        return self.alarms.by_name[name].state

    def _put(self, kind: Kind, name: str, settings: dict[str, Any]) -> Alarm:
        lists = {f"{each}Actions": [self.topic.arn] for each in ("Alarm", "OK", "InsufficientData")}
        given = {**lists, **settings, "AlarmName": name}
        alarm = Alarm(
            kind=kind,
            name=name,
            account_id=self.account_id,
            region=REGION,
            configuration={key: value for key, value in given.items() if value is not None},
            configured=0,
        )
        if kind == "MetricAlarm":
            validate(alarm.configuration)
        else:
            composite.validate(alarm, self.alarms)
        self.alarms.put(alarm)
        return alarm

    def publish(self, *values: float, name: str = "Errors", namespace: str = "App") -> None:
        """Publishes values now."""
        found = Distribution()
        for value in values:
            found.add(value)
        metric = Metric(account_id=self.account_id, region=REGION, namespace=namespace, name=name)
        store = self.alarms.store
        store.put(metric, found, unit="Count", timestamp=store.clock.now())

    def evaluate(self) -> None:
        """Does what the thread does each ten seconds."""
        for _ in self.alarms.evaluate_metric_alarms():
            pass
        self.alarms.evaluate_composite_alarms()

    def minute(self, *values: float, **more: str) -> None:
        """Lets a minute pass in which these values are published."""
        if values:
            self.publish(*values, **more)
        self.seconds += MINUTE
        self.evaluate()

    def messages(self) -> list[dict[str, Any]]:
        """What the topic delivered since the last look, with each message's subject."""
        found = [json.loads(message.body) for message in self._queue._messages[self.seen :]]
        self.seen += len(found)
        return [json.loads(each["Message"]) | {"Subject": each["Subject"]} for each in found]

    def key(self, policy: str) -> str:
        """Makes a key, gives its ARN."""
        key = kms_backends[self.account_id][REGION].create_key(
            policy=policy,
            key_usage="ENCRYPT_DECRYPT",
            key_spec="SYMMETRIC_DEFAULT",
            description="",
            tags=[],
        )
        arn: str = key.arn
        return arn


@pytest.fixture
def cloud() -> Cloud:
    return Cloud(str(next(_accounts)))

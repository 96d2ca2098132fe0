"""The emulator's clock and the thread that evaluates alarms, in a process of their own."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator

import pytest

from emulator.cloudwatch import evaluator
from emulator.cloudwatch.clock import Clock
from emulator.control import Emulator, EmulatorError, ephemeral, set_clock_speed
from tests.emulator.conftest import Aws, clients
from tests.emulator.deployed import eventually, http

PATH = "/_emulator/clock"


@pytest.fixture(scope="module")
def server() -> Iterator[Emulator]:
    """An emulator of its own, since the clock is everybody's."""
    with ephemeral() as running:
        yield running


@pytest.fixture
def aws(server: Emulator, account_id: str) -> Aws:
    return clients(server, account_id)


def clock(server: Emulator) -> dict[str, float]:
    status, _, body = http(server, "GET", PATH)
    assert status == 200
    shown: dict[str, float] = json.loads(body)
    return shown


def test_the_clock_is_real_time_until_told(server: Emulator) -> None:
    shown = clock(server)
    assert shown["speed"] == 1
    assert shown["now"] == pytest.approx(time.time(), abs=5)


@pytest.mark.parametrize("body", [b"", b"12", b'{"speed": "fast"}', b'{"speed": null}', b"{"])
def test_a_speed_that_is_none_is_refused(server: Emulator, body: bytes) -> None:
    status, _, answer = http(server, "POST", PATH, body)
    assert status == 400
    assert json.loads(answer)["message"]


def test_a_speed_out_of_bounds_is_refused(server: Emulator) -> None:
    for speed in (0.5, 121):
        with pytest.raises(EmulatorError, match="speed must be from 1 to 120"):
            set_clock_speed(server, speed)


def test_alarms_change_as_fast_as_the_clock_runs(server: Emulator, aws: Aws) -> None:
    queue = aws("sqs").create_queue(QueueName="alerts")["QueueUrl"]
    arn = aws("sqs").get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])
    topic = aws("sns").create_topic(Name="alerts")["TopicArn"]
    aws("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn["Attributes"]["QueueArn"])
    cloudwatch = aws("cloudwatch")
    cloudwatch.put_metric_alarm(
        AlarmName="errors",
        Namespace="App",
        MetricName="Errors",
        Statistic="Sum",
        Period=60,
        EvaluationPeriods=3,
        Threshold=0,
        ComparisonOperator="GreaterThanThreshold",
        TreatMissingData="notBreaching",
    )
    cloudwatch.put_composite_alarm(
        AlarmName="any", AlarmRule="ALARM(errors)", AlarmActions=[topic], OKActions=[topic]
    )
    started, before = time.monotonic(), clock(server)["now"]
    set_clock_speed(server, 120)

    def state() -> str:
        return str(cloudwatch.describe_alarms()["MetricAlarms"][0]["StateValue"])

    def failing() -> bool:
        item = {"MetricName": "Errors", "Value": 1}
        cloudwatch.put_metric_data(Namespace="App", MetricData=[item])
        return state() == "ALARM"

    assert eventually(failing)
    assert eventually(lambda: state() == "OK")
    assert eventually(lambda: len(messages(aws, queue)) == 3)

    real, shown = time.monotonic() - started, clock(server)["now"] - before
    assert shown == pytest.approx(120 * real, rel=0.2)
    history = cloudwatch.describe_alarm_history(
        AlarmName="errors", HistoryItemType="StateUpdate", ScanBy="TimestampAscending"
    )["AlarmHistoryItems"]
    assert [item["HistorySummary"].rpartition(" ")[2] for item in history] == [
        "OK",
        "ALARM",
        "OK",
    ]
    # Three minutes of errors were needed, though they took seconds.
    assert (history[1]["Timestamp"] - history[0]["Timestamp"]).total_seconds() > 120


_received: list[str] = []


def messages(aws: Aws, queue: str) -> list[str]:
    """All messages so far: the composite alarm is OK, in ALARM, and OK again."""
    found = aws("sqs").receive_message(QueueUrl=queue).get("Messages", [])
    _received.extend(message["Body"] for message in found)
    return _received


@pytest.mark.parametrize(
    ("speed", "seconds"), [(1, 10), (12, pytest.approx(10 / 12)), (120, evaluator.FASTEST)]
)
def test_how_long_the_evaluation_rests(
    monkeypatch: pytest.MonkeyPatch, speed: float, seconds: float
) -> None:
    clock = Clock()
    clock.set_speed(speed)
    monkeypatch.setattr(evaluator, "CLOCK", clock)
    assert evaluator.rest(there=True) == seconds
    assert evaluator.rest(there=False) is None  # until somebody puts an alarm

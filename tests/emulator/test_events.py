"""Events that AWS itself tells, over HTTP."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from typing import Any

import pytest

from emulator.control import Emulator, EmulatorError, tell_event
from tests.emulator.conftest import clients
from tests.stacks.account.events import ROOT, sign_in

HERE, ELSEWHERE = "ap-southeast-1", "us-east-1"


def _queue_of_a_rule(emulator: Emulator, account_id: str, **rule: str) -> Any:
    aws = clients(emulator, account_id, HERE)
    url = aws("sqs").create_queue(QueueName="told")["QueueUrl"]
    arn = f"arn:aws:sqs:{HERE}:{account_id}:told"
    pattern = json.dumps({"source": ["aws.signin"]})
    aws("events").put_rule(Name="rule", EventPattern=pattern, **rule)
    aws("events").put_targets(Rule="rule", Targets=[{"Id": "queue", "Arn": arn}])
    return lambda: aws("sqs").receive_message(QueueUrl=url).get("Messages", [])


@pytest.mark.parametrize(("region", "heard"), [(HERE, 1), (ELSEWHERE, 0)])
def test_an_event_is_told_in_its_own_account_and_region(
    emulator: Emulator, account_id: str, region: str, heard: int
) -> None:
    messages = _queue_of_a_rule(emulator, account_id)
    tell_event(emulator, sign_in(ROOT, region=region) | {"account": account_id})
    assert len(messages()) == heard


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"no", "the body has to be an event"),
        (b"[]", "get"),
        (b'{"source": "aws.s3"}', "an event has account, detail, detail-type, region, time, too"),
    ],
)
def test_what_is_no_event_is_refused(emulator: Emulator, body: bytes, said: str) -> None:
    request = urllib.request.Request(f"{emulator.url}/_emulator/events", data=body)  # noqa: S310
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(request, timeout=10)  # noqa: S310 - loopback
    assert caught.value.code == 400
    assert said in json.load(caught.value)["message"]


def test_who_asks_by_python_is_told_as_well(emulator: Emulator) -> None:
    with pytest.raises(EmulatorError, match="an event has account"):
        tell_event(emulator, {"source": "aws.s3"})

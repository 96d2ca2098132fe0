"""A lost answer is given again, and what was asked for happens once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest
from botocore.awsrequest import AWSPreparedRequest

from emulator import control, replay
from emulator.replay import with_replay
from tests.emulator.conftest import clients


class Counter:
    """An application that counts, and answers as it is told."""

    def __init__(self, status: str = "200 OK", size: int = 1) -> None:
        self.status, self.size, self.calls = status, size, 0

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        self.calls += 1
        start_response(self.status, [("x-call", str(self.calls))])
        return [str(self.calls).encode() * self.size]


def ask(application: Any, call: str | None) -> tuple[str, list[tuple[str, str]], bytes]:
    begun: list[Any] = []
    environ = {"PATH_INFO": "/"} | ({"HTTP_AMZ_SDK_INVOCATION_ID": call} if call else {})
    body = b"".join(application(environ, lambda *given: begun.append(given)))
    return begun[0][0], begun[0][1], body


def test_further_attempts_of_a_call_get_its_answer() -> None:
    application = with_replay(counter := Counter())
    first = ask(application, "a")
    assert first == ("200 OK", [("x-call", "1")], b"1")
    assert ask(application, "a") == first
    assert ask(application, "b")[2] == b"2"
    assert counter.calls == 2


@pytest.mark.parametrize(
    ("counter", "call"),
    [
        (Counter("500 Error"), "a"),
        (Counter("400 Bad Request"), "a"),
        (Counter(size=replay._MOST_BYTES + 1), "a"),
        (Counter(), None),
    ],
)
def test_what_failed_is_large_or_has_no_id_is_done_again(counter: Counter, call: str) -> None:
    application = with_replay(counter)
    ask(application, call)
    ask(application, call)
    assert counter.calls == 2


def test_only_so_many_answers_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replay, "_MOST_ANSWERS", 2)
    application = with_replay(counter := Counter())
    for call in ("a", "b", "c", "c", "a"):
        ask(application, call)
    assert counter.calls == 4


def test_an_sdk_that_asks_again_creates_one_thing(
    emulator: control.Emulator, account_id: str
) -> None:
    ec2 = clients(emulator, account_id)("ec2")

    def same_call(request: AWSPreparedRequest, **_: Any) -> None:
        request.headers["amz-sdk-invocation-id"] = "one-call"

    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    wanted = {"GroupName": "twice", "Description": "d", "VpcId": vpc}
    ec2.meta.events.register("before-send.ec2.CreateSecurityGroup", same_call)
    first, second = (ec2.create_security_group(**wanted)["GroupId"] for _ in range(2))
    assert first == second
    ec2.meta.events.unregister("before-send.ec2.CreateSecurityGroup", same_call)
    with pytest.raises(ec2.exceptions.ClientError, match="Duplicate"):
        ec2.create_security_group(**wanted)

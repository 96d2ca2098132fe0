"""An endpoint that misbehaves: what kind of error it becomes, after how many tries, and when."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.rag.deadline import Deadline
from services.rag.models import (
    ModelError,
    ModelRefused,
    ModelThrottled,
    ModelTimeout,
    ModelUnavailable,
    Passage,
    clients,
    retry,
)
from services.rag.models.bedrock import BedrockEmbedder
from services.rag.models.converse import BedrockAnswerer
from services.rag.models.failures import safe_code
from tests.support.model_endpoint import (
    Behaviour,
    ModelEndpoint,
    close_clients,
    error,
    fault,
    garbage,
    throttle,
)

REGION = "ap-southeast-1"
SECRET = "the price of the merger"
SLACK = 3.0
"""Seconds by which a busy machine may be late."""


@pytest.fixture
def _short_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(random, "uniform", lambda low, high: 0.01)


@pytest.fixture
def _two_short_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """The third wait would be longer than any deadline."""
    waits = iter([0.01, 0.01])
    monkeypatch.setattr(random, "uniform", lambda low, high: next(waits, 1000))


@dataclass(frozen=True)
class ModelCall:
    """A call of one of the two interfaces."""

    name: str
    run: Callable[[Deadline], object]


def _embed(deadline: Deadline) -> object:
    embedder = BedrockEmbedder(
        model_id="cohere.embed-multilingual-v3", dimension=1024, region=REGION
    )
    return embedder.embed_documents([SECRET], deadline=deadline)


def _answer(deadline: Deadline) -> object:
    answerer = BedrockAnswerer(model_id="apac.amazon.nova-lite-v1:0", region=REGION)
    passages = [Passage(title=SECRET, text=SECRET)]
    return answerer.answer(SECRET, passages, max_tokens=100, deadline=deadline)


BOTH = pytest.mark.parametrize(
    "call", [ModelCall("embed", _embed), ModelCall("answer", _answer)], ids=lambda call: call.name
)


def quoting(status: int, code: str) -> Behaviour:
    """Bedrock's own message may quote the input."""
    return error(status, code, f"can't process: {SECRET}")


TRANSIENT = [
    pytest.param(throttle(), ModelThrottled, id="throttle"),
    pytest.param(quoting(429, "TooManyRequestsException"), ModelThrottled, id="too many"),
    pytest.param(quoting(429, "Else"), ModelThrottled, id="429"),
    pytest.param(quoting(429, "ModelNotReadyException"), ModelUnavailable, id="not ready"),
    pytest.param(quoting(503, "ServiceUnavailableException"), ModelUnavailable, id="503"),
    pytest.param(quoting(500, "InternalServerException"), ModelUnavailable, id="500"),
    pytest.param(quoting(502, SECRET), ModelUnavailable, id="502"),
    pytest.param(quoting(408, "ModelTimeoutException"), ModelTimeout, id="408"),
    pytest.param(quoting(424, "ModelErrorException"), ModelUnavailable, id="424"),
    pytest.param(quoting(400, "ModelStreamErrorException"), ModelUnavailable, id="stream"),
    pytest.param(fault("reset"), ModelUnavailable, id="reset"),
    pytest.param(fault("half"), ModelUnavailable, id="half a body"),
    pytest.param(garbage(), ModelUnavailable, id="no JSON"),
    pytest.param(garbage(b"null"), ModelUnavailable, id="null"),
    pytest.param(garbage(b""), ModelUnavailable, id="nothing"),
    pytest.param(garbage(b"\xff\xfe"), ModelUnavailable, id="no UTF-8"),
]

FOR_GOOD = [
    pytest.param(quoting(403, "AccessDeniedException"), ModelRefused, id="no permission"),
    pytest.param(quoting(400, "ValidationException"), ModelRefused, id="invalid"),
    pytest.param(quoting(404, "ResourceNotFoundException"), ModelRefused, id="no model"),
    pytest.param(quoting(403, "ExpiredTokenException"), ModelRefused, id="credentials"),
    pytest.param(quoting(400, SECRET), ModelRefused, id="a code that is none"),
    pytest.param(quoting(400, "ServiceQuotaExceededException"), ModelThrottled, id="quota"),
]


def fail(call: ModelCall, deadline: Deadline) -> ModelError:
    """Return the error, which must hold nothing of what was asked, nor carry what does."""
    with pytest.raises(ModelError) as caught:
        call.run(deadline)
    assert deadline.remaining > -SLACK
    assert caught.value.__cause__ is None
    error_or_context: BaseException | None = caught.value
    while error_or_context:
        assert SECRET not in f"{error_or_context!r}{error_or_context.__dict__}"
        error_or_context = error_or_context.__context__
    assert caught.value.args[0].isprintable()
    return caught.value


@pytest.mark.usefixtures("_short_waits")
@BOTH
@pytest.mark.parametrize(("behaviour", "kind"), TRANSIENT)
def test_what_may_pass_is_tried_again(
    endpoint: ModelEndpoint, call: ModelCall, behaviour: Behaviour, kind: type[ModelError]
) -> None:
    endpoint.script = [behaviour, behaviour]
    assert call.run(Deadline.after(20))
    assert len(endpoint.calls) == 3


@pytest.mark.usefixtures("_two_short_waits")
@BOTH
@pytest.mark.parametrize(("behaviour", "kind"), TRANSIENT)
def test_what_does_not_pass_ends_when_no_wait_fits(
    endpoint: ModelEndpoint, call: ModelCall, behaviour: Behaviour, kind: type[ModelError]
) -> None:
    endpoint.otherwise = behaviour
    assert type(fail(call, Deadline.after(20))) is kind
    assert len(endpoint.calls) == 3


@pytest.mark.usefixtures("_short_waits")
@BOTH
def test_no_call_is_begun_that_has_no_time(
    endpoint: ModelEndpoint, call: ModelCall, monkeypatch: pytest.MonkeyPatch
) -> None:
    left: list[float] = []

    def client(region: str, seconds: float) -> Any:
        left.append(seconds)
        return clients.client(region, seconds)

    monkeypatch.setattr(retry, "client", client)
    endpoint.otherwise = throttle()
    fail(call, Deadline.after(2))
    assert len(endpoint.calls) == len(left) > 2
    assert left[0] > min(left) >= clients.MIN_SECONDS


@BOTH
@pytest.mark.parametrize(("behaviour", "kind"), FOR_GOOD)
def test_what_will_not_pass_is_told_at_once(
    endpoint: ModelEndpoint, call: ModelCall, behaviour: Behaviour, kind: type[ModelError]
) -> None:
    endpoint.otherwise = behaviour
    assert type(fail(call, Deadline.after(20))) is kind
    assert len(endpoint.calls) == 1


@BOTH
@pytest.mark.parametrize("kind", ["hang", "drip"])
def test_whoever_waits_stops_at_the_deadline(
    endpoint: ModelEndpoint, call: ModelCall, kind: str
) -> None:
    endpoint.otherwise = fault("hang" if kind == "hang" else "drip")
    assert type(fail(call, Deadline.after(2))) is ModelTimeout
    assert endpoint.calls


@pytest.mark.usefixtures("_short_waits")
@BOTH
def test_an_answer_that_hung_once_is_asked_for_again(
    endpoint: ModelEndpoint, call: ModelCall
) -> None:
    endpoint.script = [fault("hang")]
    assert call.run(Deadline.after(4.8))  # 3 s for the first, and enough for another
    assert len(endpoint.calls) == 2


@BOTH
def test_a_slow_answer_is_waited_for(endpoint: ModelEndpoint, call: ModelCall) -> None:
    endpoint.otherwise = endpoint.slowly(1.5)
    assert call.run(Deadline.after(10))
    assert len(endpoint.calls) == 1


@BOTH
def test_without_time_nobody_is_called(endpoint: ModelEndpoint, call: ModelCall) -> None:
    assert type(fail(call, Deadline.after(0.2))) is ModelTimeout
    assert type(fail(call, Deadline.after(-1))) is ModelTimeout
    assert endpoint.calls == []


@pytest.mark.usefixtures("_two_short_waits")
@BOTH
@pytest.mark.parametrize(
    ("header", "expected"), [("7", 7), ("99999", 3600), ("0", 10), ("-5", 10), ("soon", 10)]
)
def test_a_throttle_says_when_to_come_back(
    endpoint: ModelEndpoint, call: ModelCall, header: str, expected: int
) -> None:
    endpoint.otherwise = error(429, "ThrottlingException", "no", Retry_After=header)
    failure = fail(call, Deadline.after(6))
    assert isinstance(failure, ModelThrottled)
    assert failure.retry_after_seconds == expected


@BOTH
def test_a_wait_that_is_asked_for_is_kept(endpoint: ModelEndpoint, call: ModelCall) -> None:
    endpoint.script = [throttle(1)]
    call.run(Deadline.after(10))
    first, second = endpoint.calls
    assert second.at - first.at >= 1


@BOTH
def test_waits_are_random_below_a_bound_that_doubles(
    endpoint: ModelEndpoint, call: ModelCall, monkeypatch: pytest.MonkeyPatch
) -> None:
    bounds: list[tuple[float, float]] = []

    def lowest(low: float, high: float) -> float:
        bounds.append((low, high))
        return low

    monkeypatch.setattr(random, "uniform", lowest)
    endpoint.script = [throttle()] * 7
    assert call.run(Deadline.after(20))
    assert bounds == [(0, high) for high in (0.5, 1, 2, 4, 8, 8, 8)]


def test_vectors_are_not_waited_for_as_long_as_answers(
    endpoint: ModelEndpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[float] = []

    def client(region: str, seconds: float) -> object:
        asked.append(seconds)
        return clients.client(region, seconds)

    monkeypatch.setattr(retry, "client", client)
    _embed(Deadline.after(25))
    _answer(Deadline.after(25))
    assert asked[0] == 8
    assert 20 < asked[1] <= 25


@BOTH
def test_a_wait_past_the_deadline_is_not_begun(endpoint: ModelEndpoint, call: ModelCall) -> None:
    endpoint.otherwise = throttle(30)
    started = time.monotonic()
    assert type(fail(call, Deadline.after(20))) is ModelThrottled
    assert time.monotonic() - started < 10
    assert len(endpoint.calls) == 1


@pytest.mark.usefixtures("_two_short_waits")
@BOTH
def test_nobody_listens(
    endpoint: ModelEndpoint, call: ModelCall, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", "http://127.0.0.1:9")
    close_clients()
    assert type(fail(call, Deadline.after(20))) is ModelUnavailable


@BOTH
def test_without_credentials_nobody_is_called(
    endpoint: ModelEndpoint, call: ModelCall, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    for name in ("AWS_SHARED_CREDENTIALS_FILE", "AWS_CONFIG_FILE"):
        monkeypatch.setenv(name, "/nonexistent")
    close_clients()
    failure = fail(call, Deadline.after(20))
    assert type(failure) is ModelRefused
    assert str(failure) == "NoCredentialsError"
    assert endpoint.calls == []


@settings(deadline=None)  # making a client takes long on a busy machine
@given(seconds=st.floats(min_value=clients.MIN_SECONDS, max_value=900))
def test_a_client_never_waits_longer_than_there_is_time(seconds: float) -> None:
    config = clients.client(REGION, seconds).meta.config
    assert config.read_timeout <= seconds
    assert config.connect_timeout <= 1
    assert config.read_timeout > seconds / 2 or config.read_timeout == 21
    assert config.retries["total_max_attempts"] == 1


def test_clients_are_few_and_shared_by_threads() -> None:
    close_clients()
    with ThreadPoolExecutor(16) as pool:
        found = list(pool.map(lambda number: clients.client(REGION, 1 + number % 20), range(200)))
    assert len({id(client) for client in found}) == 6
    assert clients.client(REGION, 20.5) is clients.client(REGION, 13)
    assert clients.client("eu-west-1", 13) is not clients.client(REGION, 13)
    close_clients()


@pytest.mark.parametrize("code", [None, "", "a b", "x" * 65, 'A"', "A\n", {"a": 1}])
def test_a_code_that_may_be_text_is_not_told(code: object) -> None:
    assert safe_code(code) in {"unknown", "None"}


def test_the_time_that_was_looked_at_is_the_time_that_the_call_gets(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """On a busy machine some passes between two looks at the clock."""
    left = iter([clients.MIN_SECONDS, clients.MIN_SECONDS / 2])
    monkeypatch.setattr(Deadline, "remaining", property(lambda self: next(left)))
    answered = retry.call(
        lambda client: "answered",
        region=REGION,
        deadline=Deadline.after(1),
        cancelled=threading.Event(),
    )
    assert answered == "answered"

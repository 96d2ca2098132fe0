"""Tests of what functions publish."""

from __future__ import annotations

from pathlib import Path

import pytest

from emulator.functions.invoker import Invoker
from emulator.functions.metrics import Meter
from emulator.functions.pool import Throttled
from emulator.functions.source import Source
from tests.emulator.functions_described import a_function
from tests.emulator.published import Published

TOTAL: dict[str, str] = {}
BY_NAME = {"FunctionName": "f"}
BY_ALIAS = {"FunctionName": "f", "Resource": "f:live"}
ALIAS = a_function(invoked_arn="arn:live")

HANDLER = """
import time

def handler(event, context):
    time.sleep(event.get("seconds", 0))
    return 1 / event.get("divisor", 1)
"""


@pytest.fixture
def published() -> Published:
    return Published()


@pytest.fixture
def invoker(tmp_path: Path, published: Published) -> Invoker:
    """Runs the handler of this file."""
    (tmp_path / "tiny").mkdir()
    (tmp_path / "tiny" / "app.py").write_text(HANDLER)
    (tmp_path / "tiny" / "broken.py").write_text("raise ValueError\n")
    return Invoker(source=Source(tmp_path), url="", logs=tmp_path / "logs", publisher=published)


@pytest.mark.parametrize("series", [TOTAL, BY_NAME, BY_ALIAS])
def test_an_invocation_publishes_each_metric(
    published: Published, invoker: Invoker, series: dict[str, str]
) -> None:
    invoker.invoke(ALIAS, b'{"seconds": 0.05}')
    assert published.values("Invocations", series) == [1]
    assert published.values("Errors", series) == published.values("Throttles", series) == [0]
    assert published.values("ConcurrentExecutions", series) == [1]
    # Without the start of the worker, which takes longer than that.
    assert 50 <= published.values("Duration", series)[0] < 1000
    assert set(published.places) == {("123456789012", "us-east-1")}


def test_without_an_alias_there_is_no_resource(published: Published, invoker: Invoker) -> None:
    invoker.invoke(a_function(), b"{}")
    assert published.values("Invocations", BY_NAME) == [1]
    assert published.values("Invocations", {**BY_NAME, "Resource": "f"}) == []


@pytest.mark.parametrize(
    ("changes", "event"),
    [
        ({}, b'{"divisor": 0}'),
        ({"timeout_seconds": 0.1}, b'{"seconds": 5}'),
        ({"handler": "tiny.broken.handler"}, b"{}"),
    ],
)
def test_whatever_fails_is_an_error_and_an_invocation(
    published: Published, invoker: Invoker, changes: dict[str, object], event: bytes
) -> None:
    assert invoker.invoke(a_function(**changes), event).failed
    assert published.values("Errors", BY_NAME) == published.values("Invocations", BY_NAME) == [1]
    assert len(published.values("Duration", BY_NAME)) == 1


def test_a_throttled_attempt_is_no_invocation(published: Published) -> None:
    meter = Meter(published)
    with pytest.raises(Throttled), meter.invocation(ALIAS):
        raise Throttled
    for series in (TOTAL, BY_NAME, BY_ALIAS):
        assert published.values("Throttles", series) == [1]
    assert published.names() == {"Throttles"}


def test_concurrency_is_counted_by_series_and_account(published: Published) -> None:
    meter = Meter(published)
    other, elsewhere = a_function(name="g"), a_function(account_id="999999999999")
    with meter.invocation(other), meter.invocation(ALIAS), meter.invocation(elsewhere):
        with meter.invocation(a_function()):
            pass
        assert published.values("ConcurrentExecutions", TOTAL) == [3]
        assert published.values("ConcurrentExecutions", BY_NAME) == [2]
        published.clear()
    published.clear()
    with meter.invocation(ALIAS):
        pass
    for series in (TOTAL, BY_NAME, BY_ALIAS):
        assert published.values("ConcurrentExecutions", series) == [1]

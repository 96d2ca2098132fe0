"""The embedded metric format."""

from __future__ import annotations

import json
from typing import Any

import pytest

from emulator.logs.embedded import observations


def event(**changed: Any) -> dict[str, Any]:
    directive = {
        "Namespace": "MapVibe",
        "Dimensions": [["service"], ["service", "route"]],
        "Metrics": [{"Name": "latency", "Unit": "Milliseconds"}, {"Name": "documents"}],
    }
    metadata = {"Timestamp": 1_700_000_000_000, "CloudWatchMetrics": [directive | changed]}
    return {
        "_aws": metadata,
        "service": "rag",
        "route": "GET /",
        "latency": 12,
        "documents": [1, 3],
    }


def found(message: dict[str, Any]) -> list[tuple[str, float, str, list[dict[str, str]]]]:
    return [
        (each.name, each.value, each.unit, [dict(one) for one in each.dimension_sets])
        for each in observations(json.dumps(message))
    ]


def test_each_value_counts_in_each_set_of_dimensions() -> None:
    sets = [{"service": "rag"}, {"service": "rag", "route": "GET /"}]

    assert {each.namespace for each in observations(json.dumps(event()))} == {"MapVibe"}
    assert found(event()) == [
        ("latency", 12, "Milliseconds", sets),
        ("documents", 1, "None", sets),
        ("documents", 3, "None", sets),
    ]


def test_a_set_whose_dimension_the_event_lacks_is_left_out() -> None:
    message = event()
    del message["route"]

    assert [sets for *_, sets in found(message)] == [[{"service": "rag"}]] * 3


def test_the_empty_set_is_the_total() -> None:
    assert [sets for *_, sets in found(event(Dimensions=[[]]))] == [[{}]] * 3


@pytest.mark.parametrize(
    "message",
    [
        "text",
        '{"_aws": 1}',
        '["_aws"]',
        '{"_aws": {"CloudWatchMetrics": [1, {"Namespace": "x"}, null]}}',
        '"_aws',
        json.dumps(event() | {"latency": "12", "documents": None}),
        json.dumps(event(Dimensions=["service"])),
    ],
)
def test_what_is_no_such_event_carries_nothing(message: str) -> None:
    assert list(observations(message)) == []

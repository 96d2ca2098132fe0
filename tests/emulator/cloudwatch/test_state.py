"""AWS's tables of how missing data is treated.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
"""

from __future__ import annotations

import pytest

from emulator.cloudwatch.state import EXTRA_PERIODS, STATES, State, state_of

COLUMNS = ("missing", "ignore", "breaching", "notBreaching")
WORDS: dict[str, State] = {"alarm": "ALARM", "ok": "OK", "insufficient": "INSUFFICIENT_DATA"}

THREE_OF_THREE = {
    "0-X-X": "ok ok ok ok",
    "0----": "ok ok ok ok",
    "-----": "insufficient retain alarm ok",
    "0XX-X": "alarm alarm alarm alarm",
    "--X--": "alarm retain alarm ok",
}
TWO_OF_THREE = {
    "0-X-X": "alarm alarm alarm alarm",
    "00X0X": "alarm alarm alarm alarm",
    "0-X--": "ok ok alarm ok",
    "----0": "ok ok alarm ok",
    "---X-": "alarm retain alarm ok",
}


def points(text: str) -> list[bool | None]:
    return [{"0": False, "X": True, "-": None}[each] for each in text]


@pytest.mark.parametrize("now", STATES)
@pytest.mark.parametrize(
    ("to_alarm", "row", "expected"),
    [(3, *row) for row in THREE_OF_THREE.items()] + [(2, *row) for row in TWO_OF_THREE.items()],
)
def test_tables(to_alarm: int, row: str, expected: str, now: State) -> None:
    assert len(row) == 3 + EXTRA_PERIODS
    for missing, word in zip(COLUMNS, expected.split(), strict=True):
        state = state_of(points(row), periods=3, to_alarm=to_alarm, missing=missing, now=now)
        assert state == WORDS.get(word, now), missing


@pytest.mark.parametrize(
    ("row", "periods", "to_alarm", "expected"),
    [
        ("XXX00", 3, 3, "OK"),  # only the newest count
        ("00XXX", 3, 3, "ALARM"),
        ("XXX00", 3, 2, "OK"),
        ("00X", 1, 1, "ALARM"),
        ("XX0", 1, 1, "OK"),
        ("X--", 1, 1, "ALARM"),  # one real point is enough
        ("--X", 3, 3, "OK"),  # not yet an alarm: it stays as it was
    ],
)
def test_only_the_newest_points_count(
    row: str, periods: int, to_alarm: int, expected: State
) -> None:
    state = state_of(points(row), periods=periods, to_alarm=to_alarm, missing="missing", now="OK")
    assert state == expected

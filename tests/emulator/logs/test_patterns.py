"""Filter patterns: which events they match, and what they take from these."""

from __future__ import annotations

import json

import pytest

from emulator.logs.patterns.matching import PatternError
from emulator.logs.patterns.read import read

LINE = '127.0.0.1 - frank [10/Oct/2000:13:25:15 -0700] "GET /index.html HTTP/1.0" 404 1534'


@pytest.mark.parametrize(
    ("pattern", "matching"),
    [
        ("", [True, True, True]),
        ("ERROR", [True, False, False]),
        ("ERROR refused", [True, False, False]),
        ("ERROR missing", [False, False, False]),
        ('"connection refused"', [True, False, False]),
        ("-ERROR", [False, True, True]),
        ("connection -refused", [False, True, False]),
        ("?ERROR ?slow", [True, True, False]),
        ("%[45]\\d\\d$%", [False, False, True]),
    ],
)
def test_terms(pattern: str, matching: list[bool]) -> None:
    messages = ("ERROR connection refused", "connection slow", "error status 503")

    assert [read(pattern).match(each) is not None for each in messages] == matching


EVENT = {
    "level": "ERROR",
    "ms": 12.5,
    "code": 404,
    "user": {"id": 5, "name": "anna lee", "with.dot": "x"},
    "items": [{"n": 1}, {"n": 2}],
    "gone": None,
    "ok": True,
}


@pytest.mark.parametrize(
    ("condition", "matches"),
    [
        ('$.level = "ERROR"', True),
        ("$.level = ERROR", True),
        ("$.level = ERR*", True),
        ('$.level = "*RRO*"', True),
        ("$.level = %^ERR%", True),
        ('$.level != "ERROR"', False),
        ('$.level != "WARN"', True),
        ('$.none != "WARN"', False),
        ("$.ms > 12 && $.ms <= 12.5", True),
        ("$.ms >= 13 || $.code = 404", True),
        ("$.code = 4*", True),
        ("$.code = 40", False),
        ("($.ms < 1 || $.ms > 2) && $.user.id = 5", True),
        ("$.ms < 1 || $.ms > 2 && $.user.id = 6", False),
        ('$.user.name = "anna lee"', True),
        ("$.user['with.dot'] = x", True),
        ("$.items[1].n = 2", True),
        ("$.items[2].n = 2", False),
        ("$.gone IS NULL", True),
        ("$.level IS NULL", False),
        ("$.none IS NULL", False),
        ("$.none NOT EXISTS", True),
        ("$.gone NOT EXISTS", False),
        ("$.ok IS TRUE", True),
        ("$.ok IS FALSE", False),
        ("$.level > 3", False),
    ],
)
def test_conditions_on_json(condition: str, *, matches: bool) -> None:
    assert (read(f"{{ {condition} }}").match(json.dumps(EVENT)) is not None) is matches


def test_what_is_no_json_matches_no_condition() -> None:
    assert read("{ $.none NOT EXISTS }").match("ERROR") is None


@pytest.mark.parametrize(
    ("pattern", "matches"),
    [
        ("[ip, id, user, time, request, status, bytes]", True),
        ("[ip, id, user, time, request, status=4*, bytes>1000]", True),
        ("[ip, id, user, time, request=*index.html*, status=404 || status=500, bytes]", True),
        ("[ip, id, user, time, request, status!=404, bytes]", False),
        ("[ip, ..., status=404, bytes]", True),
        ("[..., bytes=1534]", True),
        ("[ip, user]", False),
        ('[ip, id, user="frank", ...]', True),
    ],
)
def test_words(pattern: str, *, matches: bool) -> None:
    assert (read(pattern).match(LINE) is not None) is matches


def test_values_of_what_matched() -> None:
    words = read("[ip, ..., status=404, bytes]").match(LINE)
    event = read('{ $.level = "ERROR" && $.none NOT EXISTS }').match(json.dumps(EVENT))

    assert words
    assert event
    assert words.value("$bytes") == "1534"
    assert words.extracted == {"$ip": "127.0.0.1", "$status": "404", "$bytes": "1534"}
    assert (event.value("$.user.id"), event.value("$.none"), event.value("$.gone")) == (
        5,
        None,
        None,
    )
    assert event.extracted == {"$.level": "ERROR"}


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        ("a:b", "double quotes"),
        ("?a b", "ignores"),
        ("{ $.a = 1", "'}' is missing"),
        ("{ $.a }", r"a comparison is missing after \$.a"),
        ("{ a = 1 }", "a selector is missing"),
        ("{ $.a > x }", "> needs a number"),
        ("{ ($.a = 1 }", r"'\)' is missing"),
        ("{ $.a = 1 $.b = 2 }", "unexpected"),
        ("{ $.a[*].b = 1 }", "lacks selectors of all members"),
        ("{ $.a = %(x)% }", "no groups"),
        ("[a, b=]", "a comparison is missing after b"),
        ("[a=1 || b=2]", "about another field"),
        ("[..., a, ...]", r"one \.\.\."),
        ("[a, ]", "a field without a name"),
    ],
)
def test_what_is_no_pattern_is_refused(pattern: str, message: str) -> None:
    with pytest.raises(PatternError, match=message):
        read(pattern)

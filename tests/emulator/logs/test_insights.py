"""Queries of Logs Insights, without an emulator around them."""

from __future__ import annotations

import json

import pytest

from emulator.logs.insights.discovery import Event
from emulator.logs.insights.query import Answer, Query, QueryError

MINUTE = 60_000
START = 1_700_000_100_000  # 2023-11-14 22:15:00 UTC
REPORT = (
    "REPORT RequestId: abc-1\tDuration: 12.50 ms\tBilled Duration: 13 ms\tMemory Size: 128 MB\t"
    "Max Memory Used: 60 MB\t\n"
)
FLOW = "2 123456789012 eni-0ab 10.0.1.5 10.0.2.6 4444 5432 6 10 840 1600000000 1600000060 REJECT OK"


def events(*messages: object) -> list[Event]:
    """One event a minute; what is no text is written as JSON."""
    return [
        Event(
            timestamp=START + n * MINUTE,
            ingestion_time=START + n * MINUTE + 5,
            message=each if isinstance(each, str) else json.dumps(each),
            log="123456789012:group",
            stream="stream",
            pointer=str(n),
        )
        for n, each in enumerate(messages)
    ]


def asked(query: str, *messages: object) -> list[dict[str, str]]:
    """The rows of an answer, without the pointers."""
    rows = [dict(row) for row in Query(query).run(events(*messages)).rows]
    return [{name: value for name, value in row.items() if name != "@ptr"} for row in rows]


def test_fields_of_an_event_are_found_in_its_json() -> None:
    message = {"a": {"b": [1, {"c": "q"}]}, "ok": True, "none": None, "@type": "own"}

    [row] = asked("fields a.b.0, a.b.1.c, ok, none, @@type, @log, @logStream, @timestamp", message)

    assert row == {
        "a.b.0": "1",
        "a.b.1.c": "q",
        "ok": "1",
        "@@type": "own",
        "@log": "123456789012:group",
        "@logStream": "stream",
        "@timestamp": "2023-11-14 22:15:00.000",
    }


def test_json_is_found_behind_a_prefix_too() -> None:
    assert asked("fields level", 'INFO {"level": "INFO"} {"level": "no"}') == [{"level": "INFO"}]


def test_lambda_s_report_is_understood() -> None:
    query = """
        filter @type = "REPORT"   # as the console's sample has it
        | stats max(@memorySize / 1000 / 1000) as provisioned,
                max(@maxMemoryUsed / 1000 / 1000) as used,
                provisioned - used as over,
                avg(@billedDuration), sum(@duration) by @requestId
    """

    assert asked(query, REPORT, "START RequestId: abc-1 Version: 1") == [
        {
            "@requestId": "abc-1",
            "provisioned": "128",
            "used": "60",
            "over": "68",
            "avg(@billedDuration)": "13",
            "sum(@duration)": "12.5",
        }
    ]


def test_flow_logs_are_understood_in_the_default_format_only() -> None:
    query = """
        filter isIpv4InSubnet(srcAddr, "10.0.1.0/24") and dstPort = 5432 and action = "REJECT"
        | stats sum(bytes) as total by interfaceId, start, endTime
    """

    assert asked(query, FLOW, f"{FLOW} vpc-1", FLOW.replace("10.0.1.5", "10.0.9.5")) == [
        {"interfaceId": "eni-0ab", "start": "1600000000", "endTime": "1600000060", "total": "840"}
    ]


@pytest.mark.parametrize(
    ("condition", "matching"),
    [
        ('level = "ERROR"', "a"),
        ('level != "ERROR"', "b"),
        ("ms > 9", "b"),
        ("ms <= 9", "a"),
        ("ms >= 9 and ms < 100", "ab"),
        ('text like "refused"', "a"),
        ("text like /ref.sed|nothing/", "a"),
        ("text =~ /^con/", "a"),
        ('text not like "refused"', "b"),
        ('level in ["INFO", "WARN"]', "b"),
        ('level not in ["INFO", "WARN"]', "a"),
        ('not (level = "INFO") and not level = "WARN"', "a"),
        ('level = "INFO" or ms = 9 and level = "WARN"', "b"),
        ("isPresent(level)", "ab"),
        ("not ispresent(level)", "c"),
        ('strcontains(text, "ok")', "b"),
        ("ms % 2 = 1 and ms / 3 = 3", "a"),
        ("2 + 3 * 2 ^ 2 = 14 and -ms = 0 - 9", "a"),
        ("abs(0 - ms) = 10 and ceil(9.1) = 10 and floor(9.9) = 9", "b"),
        ("greatest(ms, 9.5) = 9.5", "a"),
        ('coalesce(level, "none") = "none"', "c"),
        ('tolower(concat(level, "-", ms)) = "error-9"', "a"),
        ("strlen(text) = 2", "b"),
        ("ms = 9.0 or ms = '10'", "ab"),
        ("ms / 0 = 1", ""),
    ],
)
def test_conditions(condition: str, matching: str) -> None:
    rows = asked(
        f"filter {condition} | fields n | sort n",
        {"n": "a", "level": "ERROR", "ms": 9, "text": "connection refused"},
        {"n": "b", "level": "INFO", "ms": 10, "text": "ok"},
        {"n": "c"},
    )

    assert "".join(row["n"] for row in rows) == matching


def test_parse_takes_parts_of_a_text() -> None:
    messages = ("user=bob, took 12 ms: all well", "nothing")

    assert asked('parse @message "user=*, took * ms: *" as who, ms, rest', *messages) == [
        {},
        {"who": "bob", "ms": "12", "rest": "all well"},
    ]
    assert asked(r"parse @message /took (?<ms>\d+)/ | filter ms > 11 | display ms", *messages) == [
        {"ms": "12"}
    ]


def test_stats_in_groups_of_time() -> None:
    figures = [{"ms": n} for n in range(1, 11)]

    rows = asked(
        "stats count(*) as n, min(ms), max(ms), avg(ms), pct(ms, 90) as p90, count(none),"
        " count_distinct(floor(ms / 2)) as kinds by bin(5m) as t | sort t asc",
        *figures,
    )

    assert rows[0] == {
        "t": "2023-11-14 22:15:00.000",
        "n": "5",
        "min(ms)": "1",
        "max(ms)": "5",
        "avg(ms)": "3",
        "p90": "5",
        "count(none)": "0",
        "kinds": "3",
    }
    assert [row["t"] for row in rows] == ["2023-11-14 22:15:00.000", "2023-11-14 22:20:00.000"]
    unnamed = asked("stats count() by bin(5m) | sort bin(5m) desc | limit 1", *figures)
    assert unnamed == [{"bin(5m)": "2023-11-14 22:20:00.000", "count()": "5"}]


def test_stats_of_nothing_are_no_rows() -> None:
    assert asked('filter a = "b" | stats count(*)', {"a": "c"}) == []


def test_newest_first_unless_sorted_and_numbers_are_no_texts() -> None:
    messages = [{"n": n} for n in (9, 10, "x")]

    assert [row["n"] for row in asked("fields n", *messages)] == ["x", "10", "9"]
    assert [row["n"] for row in asked("fields n | sort n asc", *messages)] == ["x", "9", "10"]


def test_dedup_keeps_the_first_and_what_lacks_the_field() -> None:
    messages = ({"k": 1, "n": 1}, {"n": 2}, {"k": 1, "n": 3}, {"n": 4})

    assert [row["n"] for row in asked("fields n | dedup k", *messages)] == ["4", "3", "2"]


def test_what_is_shown_by_default_and_how_much() -> None:
    answer: Answer = Query('filter @message like "e"').run(events("one", "two", "three"), most=1)

    [row] = answer.rows
    assert [name for name, _ in row] == ["@timestamp", "@message", "@ptr"]
    assert (answer.matched, answer.scanned, answer.scanned_bytes) == (2, 3, 11)


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("", "no command of this form"),
        ("pattern @message", "no command pattern at character 0"),
        ("fields x | unmask @message", "no command unmask at character 11"),
        ("filter jsonparse(x)", r"no function jsonparse\(\) at character 7"),
        ("stats stddev(x)", r"no function stddev\(\) at character 6"),
        ("fields count(*)", r"no function count\(\)"),
        ("stats x by y", "needs an aggregation"),
        ("filter x >", "a field, a value or a function is missing at character 10"),
        ("filter x like y", "a text in quotes or a regular expression is missing"),
        ("filter x like /(/", "regular expression can't be read"),
        ('parse @message "*-*" as one', r"2 \* and 1 names"),
        ("parse @message /(.)/", "groups are all named"),
        ("fields bin(1mo)", r"bin\(\) needs a period"),
        ("limit 10001", "from 1 to 10000"),
        ("fields strlen(x, y)", "wrong number of arguments"),
        ("fields a | stats count(*) | stats count(*) | stats count(*)", "at most 2 stats"),
        ("fields a b", r"'\|' is missing at character 9"),
        ("filter pct(x, 5) > 1", r"no function pct\(\)"),
        ("stats pct(x, 101)", "from 0 to 100"),
    ],
)
def test_a_query_that_cannot_be_run_says_where(query: str, message: str) -> None:
    with pytest.raises(QueryError, match=message):
        Query(query)

"""What functions and APIs write comes into their log groups."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from emulator import control
from emulator.control import Emulator
from emulator.functions.output import Output
from tests.emulator.conftest import Aws, clients
from tests.emulator.deployed import api, eventually, function, http, invoke

HANDLER = """
import json, os, sys, time

def handler(event, context):
    if "version" in event:
        return {"statusCode": 201, "body": "made"}
    for line in event.get("lines", []):
        print(line)
    print("to stderr", file=sys.stderr)
    if event.get("sleep"):
        time.sleep(event["sleep"])
    if event.get("fail"):
        raise ValueError("no such thing")
    return {"stream": context.log_stream_name, "group": context.log_group_name}
"""


@pytest.fixture(scope="module")
def emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    """An emulator with one handler, and one that can't be loaded."""
    package = tmp_path_factory.mktemp("services") / "tiny"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "app.py").write_text(HANDLER)
    (package / "broken.py").write_text("raise KeyError('at import')\n")
    with control.ephemeral(package.parent) as running:
        yield running


@pytest.fixture
def aws(emulator: Emulator, account_id: str) -> Aws:
    """Clients of an account of the test's own."""
    return clients(emulator, account_id, "eu-west-1")


def _streams(aws: Aws, group: str) -> dict[str, list[str]]:
    """Messages by stream."""
    logs = aws("logs")
    return {
        each["logStreamName"]: [
            event["message"]
            for event in logs.get_log_events(
                logGroupName=group, logStreamName=each["logStreamName"], startFromHead=True
            )["events"]
        ]
        for each in logs.describe_log_streams(logGroupName=group)["logStreams"]
    }


def test_a_worker_writes_one_stream_with_lambda_s_lines_around(aws: Aws) -> None:
    function(aws, "text", MemorySize=256)

    told, _ = invoke(aws, "text", {"lines": ["bún chả", "", '{"a": 1}']})
    invoke(aws, "text", {})

    streams = _streams(aws, "/aws/lambda/text")
    assert told == {"stream": next(iter(streams)), "group": "/aws/lambda/text"}
    assert re.fullmatch(r"\d{4}/\d\d/\d\d/\[\$LATEST\][0-9a-f]{32}", told["stream"])
    [messages] = streams.values()
    first = re.fullmatch(r"START RequestId: (\S+) Version: \$LATEST", messages[0])
    assert first
    assert messages[1:5] == ["bún chả", '{"a": 1}', "to stderr", f"END RequestId: {first[1]}"]
    report = rf"REPORT RequestId: {first[1]}\tDuration: [\d.]+ ms\tBilled Duration: \d+ ms\t"
    report += r"Memory Size: 256 MB\tMax Memory Used: \d+ MB\t"
    assert re.fullmatch(rf"{report}Init Duration: [\d.]+ ms\t", messages[5])
    assert re.fullmatch(report.replace(first[1], r"\S+"), messages[-1])


def test_lambda_s_report_comes_after_all_that_was_written(aws: Aws) -> None:
    function(aws, "chatty", Timeout=60)

    for n in range(3):
        invoke(aws, "chatty", {"lines": [f"{n} {line} {'x' * 40}" for line in range(3000)]})

    [messages] = _streams(aws, "/aws/lambda/chatty").values()
    kinds = [message.split()[0] for message in messages if not message[0].isdigit()]
    assert kinds == ["START", "to", "END", "REPORT"] * 3
    assert [messages[n].split()[0] for n in (3002, 6006)] == ["END", "END"]


@pytest.mark.parametrize(
    ("level", "event", "kinds"),
    [
        ("INFO", {}, ["platform.start", "to stderr", "platform.report success"]),
        ("WARN", {}, ["to stderr"]),
        ("WARN", {"sleep": 5}, ["to stderr", "Sandbox.Timedout", "platform.report timeout"]),
    ],
)
def test_in_json_the_system_s_level_decides(
    aws: Aws, level: str, event: dict[str, Any], kinds: list[str]
) -> None:
    aws("logs").create_log_group(logGroupName="/apps")
    logging = {"LogFormat": "JSON", "SystemLogLevel": level, "LogGroup": "/apps"}
    function(aws, "json", LoggingConfig=logging, Timeout=1)

    invoke(aws, "json", event)

    [(stream, messages)] = _streams(aws, "/apps").items()
    assert re.fullmatch(r"\d{4}/\d\d/\d\d/json\[\$LATEST\][0-9a-f]{32}", stream)
    found = []
    for message in messages:
        if message.startswith("{"):
            told = json.loads(message)
            status = told.get("record", {}).get("status", "")
            found.append(f"{told.get('type') or told['errorType']} {status}".strip())
        else:
            found.append(message)
    assert found == kinds


def test_what_stops_a_worker_is_written_too(aws: Aws) -> None:
    function(aws, "broken", "tiny.broken.handler")
    function(aws, "failing")

    invoke(aws, "broken")
    invoke(aws, "failing", {"fail": True})

    [messages] = _streams(aws, "/aws/lambda/broken").values()
    assert "KeyError: 'at import'" in messages
    assert json.loads(messages[-1])["errorType"] == "KeyError"
    [messages] = _streams(aws, "/aws/lambda/failing").values()
    assert "ValueError: no such thing" in messages
    assert messages[-1].endswith("\tStatus: error\t")


def test_a_group_that_was_deleted_stays_away(aws: Aws) -> None:
    function(aws, "gone")
    invoke(aws, "gone")
    aws("logs").delete_log_group(logGroupName="/aws/lambda/gone")

    invoke(aws, "gone")

    assert aws("logs").describe_log_groups()["logGroups"] == []


def test_an_event_in_the_embedded_format_is_a_metric(aws: Aws) -> None:
    function(aws, "metrics")
    directive = {"Namespace": "Own", "Dimensions": [["a"]], "Metrics": [{"Name": "n"}]}
    event = {"_aws": {"CloudWatchMetrics": [directive]}, "a": "x", "n": 3}

    invoke(aws, "metrics", {"lines": [json.dumps(event)]})

    [metric] = aws("cloudwatch").list_metrics(Namespace="Own")["Metrics"]
    assert (metric["MetricName"], metric["Dimensions"]) == ("n", [{"Name": "a", "Value": "x"}])


def test_an_api_s_requests_are_in_its_access_log(
    aws: Aws, emulator: Emulator, account_id: str
) -> None:
    aws("logs").create_log_group(logGroupName="/access")
    function(aws, "served", Publish=True)
    aws("lambda").create_alias(FunctionName="served", Name="live", FunctionVersion="1")
    names = (
        *("requestId", "httpMethod", "path", "routeKey", "status", "responseLength"),
        *("integration.status", "integrationErrorMessage", "identity.userAgent", "unknown"),
    )
    written = json.dumps({name: f"$context.{name}" for name in names})
    arn = f"arn:aws:logs:eu-west-1:{account_id}:log-group:/access"
    settings = {"AccessLogSettings": {"DestinationArn": arn, "Format": written}}
    routes: dict[str, dict[str, Any]] = {"GET /things/{id}": {}}
    made = api(aws, routes, account_id=account_id, function_name="served", stage=settings)

    agent = {"User-Agent": 'a "quoted" one'}
    _, headers, _ = http(emulator, "GET", f"/_api/{made}/things/7", headers=agent)
    http(emulator, "GET", f"/_api/{made}/nowhere")

    [messages] = _streams(aws, "/access").values()
    found, missed = map(json.loads, messages)
    assert found == {
        "requestId": headers["apigw-requestid"],
        "httpMethod": "GET",
        "path": "/things/7",
        "routeKey": "GET /things/{id}",
        "status": "201",
        "responseLength": "4",
        "integration.status": "201",
        "integrationErrorMessage": "-",
        "identity.userAgent": 'a "quoted" one',
        "unknown": "-",
    }
    assert (missed["status"], missed["routeKey"], missed["integration.status"]) == ("404", "-", "-")


def test_output_is_split_into_lines_and_its_file_put_aside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("emulator.functions.output._LONGEST_LINE", 4)
    monkeypatch.setattr("emulator.functions.output._LONGEST_FILE", 10)
    lines: list[str] = []
    file = tmp_path / "f.log"
    output = Output(file, lines.extend)
    with open(output.writing, "wb", buffering=0, closefd=False) as pipe:
        pipe.write(b"abcdefghij\nx")
        output.flush()
        assert lines == ["abcd", "efgh", "ij"]
        pipe.write(b"y")
        output.flush()
        assert lines == ["abcd", "efgh", "ij"]

    output.follow()  # closes the pipe, whose rest is the last line

    assert eventually(lambda: lines[3:] == ["xy"])
    assert (tmp_path / "f.log.1").read_text() == "abcdefghij\nx"
    assert file.read_text() == "y"

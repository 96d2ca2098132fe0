"""Gaps of CloudWatch Logs."""

from __future__ import annotations

import functools
import json
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.emulator.conftest import Aws


@pytest.mark.gap("logs/insights")
def test_a_query_filters_and_counts(aws: Aws) -> None:
    logs = aws("logs")
    logs.create_log_group(logGroupName="queried")
    logs.create_log_stream(logGroupName="queried", logStreamName="one")
    now = int(time.time())
    events = [
        {"timestamp": now * 1000 + n, "message": f'{{"level": "{level}", "ms": {n}}}'}
        for n, level in enumerate(("ERROR", "INFO", "ERROR"))
    ]
    logs.put_log_events(logGroupName="queried", logStreamName="one", logEvents=events)
    arn = logs.describe_log_groups(logGroupNamePrefix="queried")["logGroups"][0]["arn"]

    query = logs.start_query(
        logGroupIdentifiers=[arn],
        startTime=now - 60,
        endTime=now + 60,
        queryString='filter level = "ERROR" | stats count(*) as n, sum(ms) as total by level',
    )["queryId"]

    answer = logs.get_query_results(queryId=query)
    [row] = answer["results"]
    assert {each["field"]: each["value"] for each in row} == {
        "level": "ERROR",
        "n": "2",
        "total": "2",
    }
    assert answer["status"] == "Complete"
    assert answer["statistics"]["recordsMatched"] == 2
    assert answer["statistics"]["recordsScanned"] == 3
    with pytest.raises(logs.exceptions.InvalidParameterException, match="already ended"):
        logs.stop_query(queryId=query)


@pytest.mark.gap("logs/insights")
def test_what_a_query_lacks_is_refused_by_name(aws: Aws) -> None:
    logs = aws("logs")
    logs.create_log_group(logGroupName="refused")

    with pytest.raises(logs.exceptions.MalformedQueryException, match="no command pattern"):
        logs.start_query(
            logGroupName="refused", startTime=0, endTime=1, queryString="pattern @message"
        )


@pytest.mark.gap("logs/query-definitions")
def test_query_definitions_are_kept_changed_and_deleted(aws: Aws) -> None:
    logs = aws("logs")
    first = logs.put_query_definition(name="Saved/errors", queryString="limit 5")
    logs.put_query_definition(name="Saved/slow", queryString="limit 6")
    key = first["queryDefinitionId"]
    changed = {"queryString": "limit 7", "logGroupNames": ["group"]}
    again = logs.put_query_definition(name="Saved/errors", queryDefinitionId=key, **changed)
    assert again == first | {"ResponseMetadata": again["ResponseMetadata"]}

    page = logs.describe_query_definitions(queryDefinitionNamePrefix="Saved/", maxResults=1)
    rest = logs.describe_query_definitions(
        queryDefinitionNamePrefix="Saved/", nextToken=page["nextToken"]
    )

    [found] = page["queryDefinitions"]
    assert (found["name"], found["queryDefinitionId"]) == ("Saved/errors", key)
    assert {name: found[name] for name in changed} == changed
    assert [each["name"] for each in rest["queryDefinitions"]] == ["Saved/slow"]
    assert logs.delete_query_definition(queryDefinitionId=key)["success"]
    with pytest.raises(logs.exceptions.ResourceNotFoundException):
        logs.delete_query_definition(queryDefinitionId=key)


def _put(aws: Aws, group: str, *messages: str) -> None:
    now = int(time.time() * 1000)
    events = [{"timestamp": now, "message": message} for message in messages]
    aws("logs").put_log_events(logGroupName=group, logStreamName="one", logEvents=events)


def _group(aws: Aws, group: str) -> None:
    aws("logs").create_log_group(logGroupName=group)
    aws("logs").create_log_stream(logGroupName=group, logStreamName="one")


def _metrics(aws: Aws, namespace: str) -> dict[tuple[str, ...], tuple[float, float]]:
    """Sum and number of values of a namespace's metrics, by name, unit and dimensions."""
    cloudwatch = aws("cloudwatch")
    now = datetime.now(UTC)
    found = {}
    for metric in cloudwatch.list_metrics(Namespace=namespace)["Metrics"]:
        points = cloudwatch.get_metric_statistics(
            **metric,
            StartTime=now - timedelta(hours=1),
            EndTime=now + timedelta(minutes=1),
            Period=3600 * 3,
            Statistics=["Sum", "SampleCount"],
        )["Datapoints"]
        chosen = [f"{each['Name']}={each['Value']}" for each in metric["Dimensions"]]
        for point in points:
            key = (metric["MetricName"], point["Unit"], *chosen)
            found[key] = (point["Sum"], point["SampleCount"])
    return found


@pytest.mark.gap("logs/metrics")
def test_events_make_metrics(aws: Aws) -> None:
    _group(aws, "measured")
    put = functools.partial(aws("logs").put_metric_filter, logGroupName="measured")
    errors = {"metricNamespace": "Filtered", "metricName": "Errors", "metricValue": "1"}
    put(
        filterName="errors",
        filterPattern='{ $.level = "ERROR" }',
        metricTransformations=[errors | {"defaultValue": 0, "unit": "Count"}],
    )
    slow = {"metricNamespace": "Filtered", "metricName": "Ms", "metricValue": "$.ms"}
    put(
        filterName="slow",
        filterPattern="{ $.ms > 10 }",
        metricTransformations=[slow | {"dimensions": {"route": "$.route"}}],
    )

    _put(aws, "measured", '{"level": "INFO"}')
    _put(aws, "measured", '{"level": "ERROR", "ms": 20, "route": "/a"}', '{"ms": 30}')
    _put(aws, "measured", '{"level": "ERROR", "ms": 5}', "text")
    embedded = {"CloudWatchMetrics": [{"Namespace": "Embedded", "Metrics": [{"Name": "n"}]}]}
    embedded["CloudWatchMetrics"][0]["Dimensions"] = [["a"]]
    _put(aws, "measured", json.dumps({"_aws": embedded, "a": "x", "n": [1, 2]}))

    assert _metrics(aws, "Filtered") == {
        ("Errors", "Count"): (2, 3),
        ("Ms", "None", "route=/a"): (20, 1),
    }
    assert _metrics(aws, "Embedded") == {("n", "None", "a=x"): (3, 2)}


@pytest.mark.gap("logs/metrics")
def test_a_group_keeps_its_newest_events(aws: Aws) -> None:
    _group(aws, "bounded")
    aws("logs").create_log_stream(logGroupName="bounded", logStreamName="other")

    for start in range(0, 21_000, 3_000):
        _put(aws, "bounded", *(f"event {n}" for n in range(start, start + 3_000)))

    query = aws("logs").start_query(
        logGroupName="bounded",
        startTime=0,
        endTime=int(time.time()) + 60,
        queryString="parse @message 'event *' as n | stats count(*) as kept, max(n) as newest",
    )["queryId"]
    rows = aws("logs").get_query_results(queryId=query)["results"]
    assert [{each["field"]: each["value"] for each in row} for row in rows] == [
        {"kept": "18000", "newest": "20999"}
    ]
    streams = aws("logs").describe_log_streams(logGroupName="bounded")["logStreams"]
    assert [each["logStreamName"] for each in streams] == ["one", "other"]


@pytest.mark.gap("logs/metric-filters")
def test_metric_filters_are_checked_changed_and_deleted(aws: Aws) -> None:
    logs = aws("logs")
    _group(aws, "filtered")
    transformation = {"metricNamespace": "N", "metricName": "M", "metricValue": "1"}

    def put(pattern: str, group: str = "filtered", **more: object) -> None:
        logs.put_metric_filter(
            logGroupName=group,
            filterName="one",
            filterPattern=pattern,
            metricTransformations=[transformation | more],
        )

    put("ERROR", unit="Count")
    put("{ $.a = 1 }", defaultValue=0)

    kept = logs.describe_metric_filters(logGroupName="filtered")["metricFilters"]
    assert len(kept) == 1
    found = kept[0]
    assert found["filterPattern"] == "{ $.a = 1 }"
    assert found["metricTransformations"] == [transformation | {"defaultValue": 0}]
    assert found["creationTime"] > 0
    group = logs.describe_log_groups(logGroupNamePrefix="filtered")["logGroups"][0]
    assert group["metricFilterCount"] == 1
    for pattern, more, message in (
        ("{ $.a }", {}, "a comparison is missing"),
        ("a", {"defaultValue": 0, "dimensions": {"d": "$.d"}}, "mutually exclusive"),
        ("a", {"metricValue": "x"}, "no number and no field"),
    ):
        with pytest.raises(logs.exceptions.InvalidParameterException, match=message):
            put(pattern, **more)
    with pytest.raises(logs.exceptions.ResourceNotFoundException):
        put("a", group="no-such-group")
    logs.delete_metric_filter(logGroupName="filtered", filterName="one")
    with pytest.raises(logs.exceptions.ResourceNotFoundException):
        logs.delete_metric_filter(logGroupName="filtered", filterName="one")
    put("a")
    logs.delete_log_group(logGroupName="filtered")
    assert logs.describe_metric_filters(filterNamePrefix="one")["metricFilters"] == []


@pytest.mark.gap("logs/metric-filters")
def test_a_pattern_is_tried_on_messages(aws: Aws) -> None:
    messages = ["1 ok", "2 failed", "three words here"]

    answer = aws("logs").test_metric_filter(
        filterPattern="[n, state=f*]", logEventMessages=messages
    )

    assert answer["matches"] == [
        {
            "eventNumber": 2,
            "eventMessage": "2 failed",
            "extractedValues": {"$n": "2", "$state": "failed"},
        }
    ]


@pytest.mark.gap("logs/filter-patterns")
def test_events_are_found_by_pattern(aws: Aws) -> None:
    _group(aws, "found")
    _put(aws, "found", '{"ms": 5}', '{"ms": 50}', "ERROR refused", "ERROR slow")

    def found(pattern: str) -> list[str]:
        answer = aws("logs").filter_log_events(logGroupName="found", filterPattern=pattern)
        return [each["message"] for each in answer["events"]]

    assert found("{ $.ms > 9 }") == ['{"ms": 50}']
    assert found("ERROR -refused") == ["ERROR slow"]
    with pytest.raises(aws("logs").exceptions.InvalidParameterException, match="is missing"):
        found("{ $.ms > 9")


@pytest.mark.gap("logs/data-protection")
def test_what_a_policy_names_is_masked(aws: Aws) -> None:
    logs = aws("logs")
    _group(aws, "masked")
    _put(aws, "masked", "from an@example.com to you")
    identifiers = ["arn:aws:dataprotection::aws:data-identifier/EmailAddress"]
    operations: list[dict[str, Any]] = [
        {"Audit": {"FindingsDestination": {}}},
        {"Deidentify": {"MaskConfig": {}}},
    ]
    audit, deidentify = ({"DataIdentifier": identifiers, "Operation": each} for each in operations)
    document = json.dumps({"Name": "p", "Version": "2021-06-01", "Statement": [audit, deidentify]})

    put = functools.partial(logs.put_data_protection_policy, logGroupIdentifier="masked")
    put(policyDocument=document)

    def seen(**more: bool) -> str:
        answer = logs.get_log_events(logGroupName="masked", logStreamName="one", **more)
        return str(answer["events"][0]["message"])

    masked = "from ************** to you"
    assert (seen(), seen(unmask=True)) == (masked, "from an@example.com to you")
    assert logs.filter_log_events(logGroupName="masked")["events"][0]["message"] == masked
    query = logs.start_query(
        logGroupName="masked",
        startTime=0,
        endTime=int(time.time()) + 60,
        queryString="display @message",
    )["queryId"]
    assert logs.get_query_results(queryId=query)["results"][0][0]["value"] == masked
    policy = logs.get_data_protection_policy(logGroupIdentifier="masked")
    assert policy["policyDocument"] == document
    group = logs.describe_log_groups(logGroupNamePrefix="masked")["logGroups"][0]
    assert group["dataProtectionStatus"] == "ACTIVATED"
    for wrong in ("{", '{"Statement": []}', json.dumps({"Statement": [audit]})):
        with pytest.raises(logs.exceptions.InvalidParameterException):
            put(policyDocument=wrong)
    logs.delete_data_protection_policy(logGroupIdentifier="masked")
    assert seen() == "from an@example.com to you"
    policy = logs.get_data_protection_policy(logGroupIdentifier="masked")
    assert "policyDocument" not in policy

"""Gaps of CloudWatch Logs."""

from __future__ import annotations

import time

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

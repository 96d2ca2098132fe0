"""The base of the monitoring: metric math, alarms as values, the layout, two in one stack."""

from __future__ import annotations

from typing import Any, get_args

import pytest
from cdktf import TerraformStack
from cdktf_cdktf_provider_aws.dynamodb_table import DynamodbTable

from backend import aws_provider
from modules.metrics import MetricError, metric
from modules.monitoring import AlarmTopics, Monitoring, SavedQuery, Section, all_of, any_of
from modules.monitoring.alarm import Alarm, AlarmError
from modules.monitoring.dashboard import Dashboard
from modules.monitoring.formula import Band, Formula, FormulaError, per_second, percent
from modules.monitoring.section import Graph, Line, LogTable
from modules.monitoring.sections import table
from tests.support.apps import new_app
from tests.support.apps import synthesised as app_stack
from tests.support.monitoring import problems
from tests.support.services import OLDEST_SECONDS, REQUESTS_HOURLY, services
from tests.support.stacks import Stack
from tests.support.twins import NAMING

ERRORS = metric("AWS/Lambda", "Errors", "Sum", {"FunctionName": "f"})
CALLS = metric("AWS/Lambda", "Invocations", "Sum", {"FunctionName": "f"})
SLOWEST = metric("AWS/Lambda", "Duration", "p99", {"FunctionName": "f"})
READS = metric("AWS/DynamoDB", "ReadThrottleEvents", "Sum", {"TableName": "t"})
TOPICS = AlarmTopics(critical="arn:critical", warning="arn:warning")


def alarm(**changes: Any) -> Alarm:
    values: dict[str, Any] = {
        "slug": "errors",
        "meaning": "It fails.",
        "value": ERRORS,
        "comparison": ">",
        "threshold": 0,
        "points": 1,
        "missing": "notBreaching",
    }
    return Alarm(**{**values, **changes})


def synthesised(*sections: Section, **pages: Any) -> Stack:
    """A stack with one monitoring of these sections; pages are slug to rule."""
    app = new_app()
    stack = TerraformStack(app, "s")
    aws_provider(stack, naming=NAMING, tags={})
    monitoring = Monitoring(
        stack, "monitoring", naming=NAMING, topics=TOPICS, runbooks="https://example.com/r"
    )
    for section in sections:
        monitoring.add(section)
    for slug, rule in pages.items():
        monitoring.page(slug, meaning="It fails.", rule=rule)
    monitoring.draw("First this.")
    return app_stack(app, "s")


def section(*alarms: Alarm, **changes: Any) -> Section:
    return Section(title="A", note="", alarms=alarms, **changes)


def one_alarm(given: Alarm) -> dict[str, Any]:
    return synthesised(section(given)).one("aws_cloudwatch_metric_alarm")


# --- metric math ----------------------------------------------------------------------------------


def test_a_formula_namesits_metrics_and_no_others() -> None:
    with pytest.raises(FormulaError, match="it uses a, b, and the metrics are a"):
        Formula(expression="a / b", metrics={"a": ERRORS})
    with pytest.raises(FormulaError, match="the metrics are a, b"):
        Formula(expression="IF(a > 1e3, a, 0)", metrics={"a": ERRORS, "b": CALLS})


def test_ids_of_several_formulas_differ() -> None:
    numbered = percent(ERRORS, CALLS, at_least=20).numbered(3)
    assert numbered.expression == "IF(whole3 >= 20, part3 / whole3 * 100, 0)"
    assert numbered.metrics == {"part3": ERRORS, "whole3": CALLS}


def test_a_second_is_a_sum_by_its_period_and_not_its_rate() -> None:
    assert per_second(CALLS).expression == "n / PERIOD(n)"


# --- alarms ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"threshold": None}, "set a threshold"),
        ({"value": Band(metric=ERRORS)}, "a band, and nothing else"),
        ({"comparison": "above the band"}, "a band, and nothing else"),
        ({"value": Band(metric=ERRORS), "comparison": "above the band"}, "set a threshold, or"),
        ({"points": 3, "periods": 2}, "3 of 2 periods"),
        ({"value": READS}, "missing=notBreaching: .* say ignore"),
        ({"value": percent(READS, CALLS), "missing": "breaching"}, "say ignore"),
        ({"points": 25, "period": 3_600 - 60}, "longer than 86400 s"),
        ({"points": 169, "period": 3_600}, "longer than 604800 s"),
        (
            {
                "value": Formula(
                    expression="+".join("abcdefghijk"),
                    metrics=dict.fromkeys("abcdefghijk", ERRORS),
                )
            },
            "more than 10 metrics",
        ),
    ],
)
def test_what_aws_refuses_is_told(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(AlarmError, match=message):
        alarm(**changes)


def test_the_longest_that_aws_takes() -> None:
    assert alarm(points=24 * 60).evaluated == 1440
    assert alarm(points=168, period=3_600).evaluated == 168


def test_an_alarm_on_a_metric() -> None:
    body = one_alarm(alarm(of="f", points=2, periods=3))
    assert body["alarm_name"] == "mapvibe-dev-f-errors"
    assert (body["datapoints_to_alarm"], body["evaluation_periods"]) == (2, 3)
    assert (body["namespace"], body["statistic"]) == ("AWS/Lambda", "Sum")
    assert body["alarm_actions"] == body["ok_actions"] == ["arn:warning"]
    assert body["alarm_description"] == "It fails. Runbook: https://example.com/r/errors.md"
    assert "lifecycle" not in body


def test_severity_chooses_the_topic() -> None:
    assert one_alarm(alarm(severity="critical"))["alarm_actions"] == ["arn:critical"]
    assert one_alarm(alarm(severity=None))["alarm_actions"] == []


def test_a_percentile_is_an_extended_statistic() -> None:
    body = one_alarm(alarm(value=SLOWEST))
    assert body["extended_statistic"] == "p99"
    assert "statistic" not in body


def test_a_band_is_compared_with_its_metric() -> None:
    body = one_alarm(
        alarm(value=Band(metric=CALLS, width=3), comparison="above the band", threshold=None)
    )
    band, judged = body["metric_query"]
    assert band["expression"] == "ANOMALY_DETECTION_BAND(m1, 3)"
    assert body["threshold_metric_id"] == band["id"]
    assert judged["id"] == "m1"
    assert band["return_data"]
    assert judged["return_data"]
    assert "threshold" not in body


def test_a_page_asks_for_several_alarms_and_keeps_them() -> None:
    first, second, third = (alarm(slug=slug) for slug in ("a", "b", "c"))
    stack = synthesised(
        section(first, second, third, alarm(slug="d")),
        failing=all_of(first, any_of(second, third)),
    )
    body = stack.one("aws_cloudwatch_composite_alarm")
    names = [f'ALARM("${{aws_cloudwatch_metric_alarm.{each}.id}}")' for each in _ids(stack)]
    assert body["alarm_rule"] == f"{names[0]} AND ({names[1]} OR {names[2]})"
    assert body["alarm_actions"] == ["arn:critical"]
    kept = [
        each["alarm_name"][-1]
        for each in stack.resources("aws_cloudwatch_metric_alarm").values()
        if each.get("lifecycle", {}).get("create_before_destroy")
    ]
    assert sorted(kept) == ["a", "b", "c"]


def _ids(stack: Stack) -> list[str]:
    return sorted(stack.resources("aws_cloudwatch_metric_alarm"))


def test_a_description_that_is_too_long_is_told() -> None:
    with pytest.raises(AlarmError, match="CloudWatch takes 1024"):
        one_alarm(alarm(meaning="x" * 1_000))


# --- services that no stack has yet ---------------------------------------------------------------


def watched(name: str) -> dict[str, Any]:
    """The alarm of this name, of a stack with two queues, tables and keys."""
    found = services().resources("aws_cloudwatch_metric_alarm").values()
    return next(body for body in found if body["alarm_name"] == f"mapvibe-dev-{name}")


def sums(body: dict[str, Any]) -> dict[str, tuple[str, dict[str, str]]]:
    """Id of each metric of an alarm to its name and dimensions."""
    return {
        query["id"]: (query["metric"]["metric_name"], query["metric"]["dimensions"])
        for query in body["metric_query"]
        if "metric" in query
    }


def test_what_queues_tables_and_keys_add_has_data_and_two_fit_into_one_stack() -> None:
    assert problems(services()) == []
    roles = {
        body["alarm_name"] for body in services().resources("aws_cloudwatch_metric_alarm").values()
    }
    assert len(roles) == 1 + 2 + 4 + 2


def test_a_queue_is_judged_by_its_oldest_message() -> None:
    body = watched("orders-queue-age")
    assert body["metric_name"] == "ApproximateAgeOfOldestMessage"
    assert body["dimensions"] == {"QueueName": "mapvibe-dev-orders"}
    assert (body["statistic"], body["threshold"]) == ("Maximum", OLDEST_SECONDS)
    assert body["treat_missing_data"] == "notBreaching"


@pytest.mark.parametrize("role", ["orders", "people"])
def test_a_tables_alarms_end_with_the_next_request(role: str) -> None:
    """AWS ignores missing data of DynamoDB: without a zero, an alarm would stay for ever."""
    table = {"TableName": f"mapvibe-dev-{role}"}
    used = {
        "used_read": ("ConsumedReadCapacityUnits", table),
        "used_write": ("ConsumedWriteCapacityUnits", table),
    }
    throttled, errors = watched(f"{role}-table-throttled"), watched(f"{role}-table-errors")
    assert sums(throttled) == {
        "read": ("ReadThrottleEvents", table),
        "write": ("WriteThrottleEvents", table),
        **used,
    }
    assert sums(errors) == {
        "e0": ("SystemErrors", {**table, "Operation": "GetItem"}),
        "e1": ("SystemErrors", {**table, "Operation": "PutItem"}),
        **used,
    }
    for body in (throttled, errors):
        assert body["treat_missing_data"] == "ignore"
        assert body["metric_query"][0]["expression"].endswith(" + 0 * (used_read + used_write)")


def test_a_table_alone_publishes_no_system_errors() -> None:
    with pytest.raises(MetricError, match="not by TableName"):
        metric("AWS/DynamoDB", "SystemErrors", "Sum", {"TableName": "t"})


@pytest.mark.parametrize(("count", "message"), [(0, "no operation"), (9, "more than 10 metrics")])
def test_a_table_without_operations_or_with_too_many_is_told(count: int, message: str) -> None:
    body = DynamodbTable(TerraformStack(new_app(), "s"), "t", name="t")
    with pytest.raises(AlarmError, match=message):
        table.section(body, role="t", operations=get_args(table.Operation)[:count])


def test_a_key_is_judged_by_how_often_it_is_used() -> None:
    body = watched("data-key-requests")
    (result, *metrics) = body["metric_query"]
    assert body["threshold"] == REQUESTS_HOURLY
    assert result["expression"].count("+") == len(metrics) - 1
    assert {query["metric"]["period"] for query in metrics} == {3_600}
    arns = {dimensions["KeyArn"] for _, dimensions in sums(body).values()}
    assert len(arns) == 1
    assert "data_key" in arns.pop()


# --- the dashboard --------------------------------------------------------------------------------


def body_of(*sections: Section) -> dict[str, Any]:
    return Dashboard(
        title="t",
        introduction="i",
        region="ap-southeast-1",
        alarms=["arn"],
        sections=sections,
        deployments=None,
    ).body()


def test_parts_of_one_title_stand_together() -> None:
    graph = Graph(title="g", lines=[Line(label="l", value=ERRORS)])
    one, other = (Section(title=title, note="", widgets=[graph] * 4) for title in "AB")
    kinds = [widget["type"] for widget in body_of(one, other, one)["widgets"]]
    assert kinds == ["text", "alarm", "text", *["metric"] * 8, "text", *["metric"] * 4]


def test_a_threshold_is_that_of_the_alarm() -> None:
    judged = alarm(threshold=7)
    graph = Graph(title="g", lines=[Line(label="l", value=ERRORS)], alarms=[judged])
    drawn = body_of(Section(title="A", note="", widgets=[graph]))["widgets"][-1]["properties"]
    assert drawn["annotations"] == {"horizontal": [{"label": "errors", "value": 7}]}


def test_a_table_reads_its_log_groups() -> None:
    query = SavedQuery(name="q", log_groups=["/a", "/b"], text="limit 1")
    table = LogTable(title="t", query=query)
    drawn = body_of(Section(title="A", note="", widgets=[table]))["widgets"][-1]
    assert drawn["properties"]["query"] == "SOURCE '/a' | SOURCE '/b' | limit 1"
    assert drawn["properties"]["region"] == "ap-southeast-1"

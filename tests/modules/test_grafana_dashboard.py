"""What Grafana reads: a dashboard without overlaps, sources that exist, a rule that calls Slack."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
import yaml

from modules.grafana import Panel, Threshold
from modules.metrics import definition
from stacks.rag.monitoring_settings import GrafanaSettings
from tests.support.grafana import Files, files
from tests.support.stacks import rag_stack, settings

PROVISIONING = "/etc/grafana/provisioning"
EXPRESSIONS = "__expr__"


@pytest.fixture(scope="module")
def written() -> Files:
    changes = {"rag__grafana": {"error_percent": 7.5}, "rag__monitoring__cpu_percent": 70}
    return files(rag_stack("prod", **changes))


@pytest.fixture(scope="module")
def dashboard(written: Files) -> dict[str, Any]:
    made: dict[str, Any] = json.loads(written["/etc/grafana/dashboards/overview.json"])
    return made


@pytest.fixture(scope="module")
def rule(written: Files) -> dict[str, Any]:
    (group,) = provisioned(written, "alerting/rule.yaml")["groups"]
    (made,) = group["rules"]
    return dict(made)


def provisioned(written: Files, path: str) -> dict[str, Any]:
    """A file as Grafana reads it: YAML, in which environment variables are put."""
    document: dict[str, Any] = yaml.safe_load(written[f"{PROVISIONING}/{path}"])
    assert document["apiVersion"] == 1
    return document


def test_it_shows_what_was_asked_for(dashboard: dict[str, Any]) -> None:
    assert dashboard["title"] == "MapVibe prod"
    assert [panel["title"] for panel in dashboard["panels"]] == [
        "API latency",
        "API error rate",
        "Lambda concurrent executions",
        "RDS connections",
        "RDS CPU",
        "RDS free storage",
    ]
    latency, errors, *_ = dashboard["panels"]
    assert [query["statistic"] for query in latency["targets"]] == ["p50", "p95", "p99"]
    assert errors["targets"][-1]["expression"] == "failed/all*100"
    assert [query["hide"] for query in errors["targets"][:2]] == [True, True]


def test_panels_have_ids_and_lie_side_by_side(dashboard: dict[str, Any]) -> None:
    panels = dashboard["panels"]
    assert len({panel["id"] for panel in panels}) == len(panels)
    places = [panel["gridPos"] for panel in panels]
    for one, other in itertools.combinations(places, 2):
        assert not overlap(one, other)
    assert all(place["x"] + place["w"] <= 24 for place in places)


def overlap(one: Mapping[str, int], other: Mapping[str, int]) -> bool:
    return (
        one["x"] < other["x"] + other["w"]
        and other["x"] < one["x"] + one["w"]
        and one["y"] < other["y"] + other["h"]
        and other["y"] < one["y"] + one["h"]
    )


def queries(dashboard: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for panel in dashboard["panels"]:
        yield from panel["targets"]


def test_every_metric_is_one_that_aws_publishes_so(
    dashboard: dict[str, Any], rule: dict[str, Any]
) -> None:
    asked = [
        *queries(dashboard),
        *(each["model"] for each in rule["data"] if each["datasourceUid"] != EXPRESSIONS),
    ]
    metrics = [query for query in asked if "metricName" in query]
    assert len(metrics) == 11
    for query in metrics:
        definition(query["namespace"], query["metricName"]).check(
            query["dimensions"], query["statistic"]
        )
        assert query["region"] == "ap-southeast-1"
        assert query["matchExact"] is True


def test_every_query_asks_the_source_that_is_provisioned(
    written: Files, dashboard: dict[str, Any], rule: dict[str, Any]
) -> None:
    (source,) = provisioned(written, "datasources/cloudwatch.yaml")["datasources"]
    assert source["jsonData"] == {"authType": "default", "defaultRegion": "ap-southeast-1"}
    reference = {"type": source["type"], "uid": source["uid"]}
    holders = [*dashboard["panels"], *queries(dashboard)]
    assert all(holder["datasource"] == reference for holder in holders)
    uids = {each["datasourceUid"] for each in rule["data"]}
    assert uids == {source["uid"], EXPRESSIONS}
    for each in rule["data"]:
        assert each["model"]["datasource"]["uid"] == each["datasourceUid"]
        assert each["model"]["refId"] == each["refId"]


def test_the_dashboards_folder_is_where_the_file_is(written: Files) -> None:
    (provider,) = provisioned(written, "dashboards/files.yaml")["providers"]
    folder = provider["options"]["path"]
    assert [path for path in written if path.startswith(f"{folder}/")] == [
        f"{folder}/overview.json"
    ]
    home = f"GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH={folder}/overview.json"
    assert home in written["/etc/systemd/system/grafana-server.service.d/provisioned.conf"]


def test_alerts_go_to_slack_whose_webhook_is_in_the_environment(written: Files) -> None:
    contact = provisioned(written, "alerting/contact.yaml")
    (point,) = contact["contactPoints"]
    (receiver,) = point["receivers"]
    assert receiver["settings"] == {"url": "${SLACK_WEBHOOK}"}
    (route,) = contact["policies"]
    assert route["receiver"] == point["name"]


def substituted(text: str) -> str:
    """As Grafana does it: two dollars are one, and one is a variable, which would be empty."""
    parts = text.split("$$")
    assert not any("$" in part for part in parts)
    return "$".join(parts)


def test_the_rule_counts_failures_of_all_requests(rule: dict[str, Any]) -> None:
    steps = {each["refId"]: each["model"] for each in rule["data"]}
    failed, whole, sum_failed, sum_whole, share, above = steps.values()
    assert (failed["metricName"], whole["metricName"]) == ("5xx", "Count")
    for query, total in ((failed, sum_failed), (whole, sum_whole)):
        assert query["statistic"] == "Sum"
        assert (total["type"], total["reducer"]) == ("reduce", "sum")
        assert total["expression"] == query["refId"]
    assert share["type"] == "math"
    assert substituted(share["expression"]) == "$C / $D * 100 * ($D >= 20)"
    assert (sum_failed["refId"], sum_whole["refId"]) == ("C", "D")
    assert above["expression"] == share["refId"]
    assert above["conditions"] == [{"evaluator": {"type": "gt", "params": [7.5]}}]
    assert rule["condition"] == above["refId"]


def test_the_rule_waits_and_says_what_it_means(
    rule: dict[str, Any], dashboard: dict[str, Any]
) -> None:
    assert rule["for"] == "5m"
    windows = [
        each["relativeTimeRange"] for each in rule["data"] if each["datasourceUid"] != EXPRESSIONS
    ]
    assert all(window["from"] - window["to"] == 300 for window in windows)
    assert (rule["noDataState"], rule["execErrState"]) == ("OK", "Error")
    assert rule["dashboardUid"] == dashboard["uid"]
    (panel,) = [each for each in dashboard["panels"] if each["id"] == rule["panelId"]]
    assert panel["title"] == "API error rate"
    assert "7.5 %" in rule["annotations"]["summary"]


def test_the_graph_shows_where_the_alert_begins(dashboard: dict[str, Any]) -> None:
    lines = {
        panel["title"]: [
            step["value"] for step in panel["fieldConfig"]["defaults"]["thresholds"]["steps"]
        ]
        for panel in dashboard["panels"]
        if "thresholds" in panel["fieldConfig"]["defaults"]
    }
    rag = settings("prod").rag
    assert rag is not None
    assert lines == {
        "API error rate": [None, 7.5],
        "Lambda concurrent executions": [None, rag.function.reserved_concurrency],
        "RDS CPU": [None, 70],
    }


def test_every_setting_reaches_the_machine() -> None:
    chosen = GrafanaSettings(version="12.4.3", instance_type="t3.medium", error_percent=9)
    stack = rag_stack("prod", rag__grafana=chosen.model_dump())
    instance = stack.one("aws_instance")
    assert instance["instance_type"] == chosen.instance_type
    assert f'"{chosen.version}"' in instance["user_data"]
    assert "9 %" in files(stack)[f"{PROVISIONING}/alerting/rule.yaml"]
    assert set(GrafanaSettings.model_fields) == {"version", "instance_type", "error_percent"}


def test_it_is_off_unless_asked_for() -> None:
    for name in ("dev", "prod"):
        assert rag_stack(name).resources("aws_instance") == {}


def test_a_panel_without_a_bad_value_has_no_line() -> None:
    assert Panel(title="t", unit="ms", queries=[]).threshold is None
    assert Threshold(value=1).value == 1

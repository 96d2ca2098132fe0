"""The pictures of dashboards show what CloudWatch and Grafana are told."""

from __future__ import annotations

import functools
import json
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest

from docs import dashboard, grafana
from docs.panels import Graph, Panel, States, Table, Text, draw
from docs.series import Series
from tests.support.stacks import rag_stack

SVG = "{http://www.w3.org/2000/svg}"
RED = "#d13212"
PLENTY_IS_WELL = ("Free", "Balance")
NOT_JUDGED = {"runs", "clients"}
"""Lines beside another one that the graph's alarm is about."""

LETTER = 6.2
"""Pixels of a letter of the smallest size, on average."""


@functools.cache
def cloudwatch() -> dict[str, Any]:
    found = rag_stack("prod").one("aws_cloudwatch_dashboard")["dashboard_body"]
    parsed: dict[str, Any] = json.loads(found)
    return parsed


@functools.cache
def of_grafana() -> dict[str, Any]:
    return grafana.dashboard(rag_stack("prod", rag__grafana={}).one("aws_instance")["user_data"])


PICTURES = {
    "cloudwatch": lambda: dashboard.panels(cloudwatch()),
    "grafana": lambda: grafana.panels(of_grafana()),
}


@pytest.fixture(params=PICTURES)
def panels(request: pytest.FixtureRequest) -> list[Panel]:
    made: list[Panel] = PICTURES[request.param]()
    return made


def drawn(panels: Sequence[Panel]) -> ET.Element:
    return ET.fromstring(draw(panels))  # noqa: S314 - the project itself has drawn it


def texts(root: ET.Element) -> list[str]:
    return [each.text or "" for each in root.iter(f"{SVG}text")]


def groups(panels: Sequence[Panel]) -> list[tuple[Panel, ET.Element]]:
    return list(zip(panels, drawn(panels).findall(f"{SVG}g"), strict=True))


def lines(group: ET.Element) -> list[list[tuple[float, float]]]:
    return [
        [
            (float(x), float(y))
            for x, y in (each.split(",") for each in line.attrib["points"].split())
        ]
        for line in group.iter(f"{SVG}polyline")
    ]


def test_every_widget_of_cloudwatch_is_drawn_with_its_title_legend_and_thresholds() -> None:
    body, found = cloudwatch(), texts(drawn(dashboard.panels(cloudwatch())))
    graphs = [each["properties"] for each in body["widgets"] if each["type"] == "metric"]
    for properties in graphs:
        assert properties["title"] in found
        for row in properties["metrics"]:
            if row[-1].get("visible", True):
                assert row[-1]["label"] in found
        for threshold in properties.get("annotations", {}).get("horizontal", []):
            assert threshold["label"] in found
    assert found.count("deployment") == len(graphs)


def test_the_table_of_a_log_has_the_columns_of_its_query() -> None:
    (table,) = (
        each.content for each in dashboard.panels(cloudwatch()) if isinstance(each.content, Table)
    )
    assert table.columns[:2] == ["@timestamp", "modelId"]
    assert set(table.columns) <= set(texts(drawn(dashboard.panels(cloudwatch()))))


def test_every_alarm_is_drawn_by_its_name() -> None:
    (states,) = (
        each.content for each in dashboard.panels(cloudwatch()) if isinstance(each.content, States)
    )
    assert "mapvibe-prod-api-failing" in states.names
    assert set(states.names) <= set(texts(drawn(dashboard.panels(cloudwatch()))))


def test_every_panel_of_grafana_is_drawn_where_it_stands_with_what_it_shows() -> None:
    heading, *panels = grafana.panels(of_grafana())
    found = texts(drawn([heading, *panels]))
    assert found[0] == of_grafana()["title"]
    for panel, source in zip(panels, of_grafana()["panels"], strict=True):
        place = source["gridPos"]
        assert (panel.x, panel.y - heading.height) == (place["x"], place["y"])
        assert (panel.width, panel.height) == (place["w"], place["h"])
        assert panel.title == source["title"]
        assert isinstance(panel.content, Graph)
        shown = [each["label"] for each in source["targets"] if not each.get("hide")]
        assert [each.label for each in panel.content.series] == shown
        assert {panel.title, *shown} <= set(found)
    thresholds = {each.title: each.content.thresholds for each in panels}  # type: ignore[union-attr]
    assert thresholds["API error rate"] == [("", 5)]
    assert thresholds["RDS CPU"] == [("", 80)]
    assert thresholds["API latency"] == []
    assert "5 %" in found


def test_a_line_stays_within_its_panel(panels: list[Panel]) -> None:
    for _, group in groups(panels):
        box = group.find(f"{SVG}rect")
        assert box is not None
        width, height = float(box.attrib["width"]), float(box.attrib["height"])
        for line in lines(group):
            assert all(0 <= x <= width and 0 <= y <= height for x, y in line)


def test_nothing_goes_off_in_the_picture(panels: list[Panel]) -> None:
    """All alarms are drawn as well: no line may be on the wrong side of its threshold."""
    judged = 0
    for panel, group in groups(panels):
        limits = [
            float(each.attrib["y1"])
            for each in group.iter(f"{SVG}line")
            if each.attrib["stroke"] == RED
        ]
        if not isinstance(panel.content, Graph) or len(limits) != 1:
            continue  # of several thresholds each has lines of its own
        for series, points in zip(panel.content.series, lines(group), strict=True):
            if series.label not in NOT_JUDGED:
                highest, lowest = min(y for _, y in points), max(y for _, y in points)
                well = lowest < limits[0] if series.has(PLENTY_IS_WELL) else highest >= limits[0]
                assert well, f"{panel.title}: {series.label}"
                judged += 1
    assert judged > 2


def test_no_two_texts_of_a_panel_cover_each_other(panels: list[Panel]) -> None:
    for panel, group in groups(panels):
        boxes = sorted(_box(each) for each in group.iter(f"{SVG}text") if each.text)
        by_line: dict[float, list[tuple[float, float]]] = {}
        for y, left, right in boxes:
            by_line.setdefault(y, []).append((left, right))
        for places in by_line.values():
            for (_, right), (left, _) in pairwise(sorted(places)):
                assert right <= left, panel.title
        for one, other in pairwise(sorted(by_line)):
            near = other - one < 8
            assert not near or not _meet(by_line[one], by_line[other]), panel.title


def _meet(one: list[tuple[float, float]], other: list[tuple[float, float]]) -> bool:
    return any(a < d and c < b for a, b in one for c, d in other)


def _box(text: ET.Element) -> tuple[float, float, float]:
    """Base line, left and right edge, pixels; letters are taken to be a little narrow."""
    x, width = float(text.attrib["x"]), len(text.text or "") * LETTER * 0.8
    left = x - {"start": 0.0, "middle": width / 2, "end": width}[text.attrib["text-anchor"]]
    return float(text.attrib["y"]), left, left + width


@pytest.mark.parametrize(("value", "end"), [(0, "1"), (80, "80"), (81, "100"), (1e9, "1G")])
def test_a_scale_ends_with_a_round_number(value: float, end: str) -> None:
    series = Series(label="l", metrics=["Errors"])
    graph = Graph(series=[series], thresholds=[("t", value)])
    panel = Panel(x=0, y=0, width=8, height=6, content=graph)
    assert end in texts(drawn([panel]))


def test_the_picture_is_the_same_in_every_run(panels: list[Panel]) -> None:
    assert draw(panels) == draw(panels)


def test_text_is_no_markup(panels: list[Panel]) -> None:
    panels[0] = replace(panels[0], content=Text(markdown="# a < b & c"))
    assert "a < b & c" in texts(drawn(panels))

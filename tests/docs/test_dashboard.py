"""The picture of a dashboard shows what its body says."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from typing import Any

from docs.dashboard import draw
from tests.support.stacks import rag_stack

SVG = "{http://www.w3.org/2000/svg}"


def body() -> dict[str, Any]:
    found = rag_stack("prod").one("aws_cloudwatch_dashboard")["dashboard_body"]
    parsed: dict[str, Any] = json.loads(found)
    return parsed


def drawn(of: dict[str, Any]) -> ET.Element:
    return ET.fromstring(draw(of))  # noqa: S314 - the project itself has drawn it


def texts(root: ET.Element) -> list[str]:
    return [each.text or "" for each in root.iter(f"{SVG}text")]


def test_every_widget_is_drawn_with_its_title_legend_and_thresholds() -> None:
    dashboard, root = body(), drawn(body())
    found = texts(root)
    graphs = [each for each in dashboard["widgets"] if each["type"] == "metric"]
    assert len(root.findall(f"{SVG}g")) == len(dashboard["widgets"])
    for graph in graphs:
        properties = graph["properties"]
        assert properties["title"] in found
        for row in properties["metrics"]:
            if row[-1].get("visible", True):
                assert row[-1]["label"] in found
        for threshold in properties.get("annotations", {}).get("horizontal", []):
            assert threshold["label"] in found
    assert found.count("deployment") == len(graphs)


def test_a_line_stays_within_its_widget() -> None:
    for group in drawn(body()).findall(f"{SVG}g"):
        box = group.find(f"{SVG}rect")
        assert box is not None
        width, height = float(box.attrib["width"]), float(box.attrib["height"])
        for line in group.iter(f"{SVG}polyline"):
            for point in line.attrib["points"].split():
                x, y = map(float, point.split(","))
                assert 0 <= x <= width
                assert 0 <= y <= height


def test_the_picture_is_the_same_in_every_run() -> None:
    assert draw(body()) == draw(body())


def test_text_is_no_markup() -> None:
    of = body()
    of["widgets"][0]["properties"]["markdown"] = "# a < b & c"
    assert "a < b & c" in texts(drawn(of))

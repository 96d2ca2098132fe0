"""The panels of Grafana's dashboard, read from the file that its machine writes."""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Iterator, Sequence
from typing import Any

from docs.panels import Graph, Panel, Text
from docs.series import Series, metrics_of
from modules.metrics import definition

Json = dict[str, Any]

_UNITS = {"ms": " ms", "percent": " %", "bytes": "B", "short": ""}
"""Grafana's name of a unit to what it writes behind numbers."""


def dashboard(user_data: str) -> Json:
    """The dashboard among the files that a machine's user data holds.

    Args:
        user_data: of cloud-init, as ``modules/grafana`` writes it.
    """
    files = json.loads(user_data.partition("\n")[2])["write_files"]
    (packed,) = (each["content"] for each in files if "/dashboards/overview." in each["path"])
    parsed: Json = json.loads(gzip.decompress(base64.b64decode(packed)))
    return parsed


def panels(body: Json) -> list[Panel]:
    """What a dashboard shows.

    Args:
        body: Grafana's JSON of it.
    """
    heading = Panel(x=0, y=0, width=24, height=1, content=Text(markdown=f"# {body['title']}"))
    return [heading] + [
        Panel(
            x=panel["gridPos"]["x"],
            y=panel["gridPos"]["y"] + heading.height,
            width=panel["gridPos"]["w"],
            height=panel["gridPos"]["h"],
            title=panel["title"],
            content=_graph(panel),
        )
        for panel in body["panels"]
    ]


def _graph(panel: Json) -> Graph:
    defaults = panel["fieldConfig"]["defaults"]
    steps = defaults.get("thresholds", {}).get("steps", [])
    return Graph(
        series=list(_series(panel["targets"])),
        # The first step begins below everything.
        thresholds=[("", step["value"]) for step in steps if step["value"] is not None],
        unit=_UNITS[defaults["unit"]],
    )


def _series(targets: Sequence[Json]) -> Iterator[Series]:
    named = {each["id"]: each["metricName"] for each in targets if "metricName" in each}
    for target in targets:
        if target.get("hide"):
            continue
        if "metricName" in target:
            unit = definition(target["namespace"], target["metricName"]).unit
            yield Series(label=target["label"], metrics=[target["metricName"]], unit=unit)
        else:
            yield Series(label=target["label"], metrics=metrics_of(target["expression"], named))

"""The panels of a CloudWatch dashboard, read from its body."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from docs.panels import Graph, Panel, States, Table, Text
from docs.series import Series, metrics_of
from modules.metrics import definition

Json = dict[str, Any]

_FIELDS = re.compile(r"\bfields ([^|]+)")


def panels(body: Json) -> list[Panel]:
    """What a dashboard shows.

    Args:
        body: the parsed body, as ``PutDashboard`` takes it.
    """
    return [
        Panel(
            x=widget["x"],
            y=widget["y"],
            width=widget["width"],
            height=widget["height"],
            title=widget["properties"].get("title", ""),
            content=_content(widget["type"], widget["properties"]),
        )
        for widget in body["widgets"]
    ]


def _content(kind: str, properties: Json) -> Graph | Text | States | Table:
    match kind:
        case "text":
            return Text(markdown=properties["markdown"])
        case "alarm":
            return States(names=[arn.rpartition(":")[2] for arn in properties["alarms"]])
        case "log":
            return Table(columns=_columns(properties["query"]))
    rows = properties["metrics"]
    annotations = properties.get("annotations", {}).get("horizontal", [])
    return Graph(
        series=list(_series(rows)),
        thresholds=[(each["label"], each["value"]) for each in annotations],
        deployments=any(row[-1].get("yAxis") == "right" for row in rows),
    )


def _series(rows: Sequence[Sequence[Any]]) -> Iterator[Series]:
    """What is drawn on the left; on the right there are deployments only."""
    named = {row[-1]["id"]: row[1] for row in rows if len(row) > 1}
    for *name, options in rows:
        if not options.get("visible", True) or options.get("yAxis") == "right":
            continue
        if name:
            unit = definition(name[0], name[1]).unit
            yield Series(label=options["label"], metrics=[name[1]], unit=unit)
        else:
            yield Series(label=options["label"], metrics=metrics_of(options["expression"], named))


def _columns(query: str) -> list[str]:
    found = _FIELDS.search(query)
    return [each.strip() for each in found[1].split(",")] if found else ["@message"]

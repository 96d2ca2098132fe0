"""The body of a dashboard: sections, laid out on CloudWatch's 24 columns.

Source:
https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from modules.metrics import Metric
from modules.monitoring.section import Graph, Line, LogTable, Section

COLUMNS = 24
_GRAPH_ROWS, _TABLE_ROWS, _HEADING_ROWS, _INTRODUCTION_ROWS = 6, 8, 2, 3
_STATES_IN_A_ROW = 4
_GREY = "#7f7f7f"

Json = dict[str, Any]


@dataclass(kw_only=True, slots=True)
class _Grid:
    """Places widgets from left to right, and below each other where a row is full."""

    widgets: list[Json] = field(default_factory=list)
    x: int = 0
    y: int = 0
    _height: int = 0

    def place(self, kind: str, width: int, height: int, properties: Json) -> None:
        if self.x + width > COLUMNS:
            self.new_row()
        place = {"x": self.x, "y": self.y, "width": width, "height": height}
        self.widgets.append({"type": kind, **place, "properties": properties})
        self.x += width
        self._height = max(self._height, height)

    def new_row(self) -> None:
        self.x, self.y, self._height = 0, self.y + self._height, 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Dashboard:
    """What stands on a dashboard.

    Attributes:
        title: its heading.
        introduction: what to look at first, Markdown.
        region: AWS region of its metrics and logs.
        alarms: ARNs of the alarms whose states are shown.
        sections: the parts, in their order.
        deployments: a metric that each graph draws, so that a change is seen beside its cause.
    """

    title: str
    introduction: str
    region: str
    alarms: Sequence[str]
    sections: Sequence[Section]
    deployments: Metric | None

    def body(self) -> Json:
        """The body, as ``PutDashboard`` takes it."""
        grid = _Grid()
        grid.place("text", COLUMNS, _INTRODUCTION_ROWS, _text(f"# {self.title}", self.introduction))
        grid.new_row()
        if self.alarms:
            rows = 1 + -(-len(self.alarms) // _STATES_IN_A_ROW)
            grid.place("alarm", COLUMNS, rows, {"title": "Alarms", "alarms": list(self.alarms)})
        for title, parts in _by_title(self.sections).items():
            grid.new_row()
            notes = dict.fromkeys(part.note for part in parts)
            grid.place("text", COLUMNS, _HEADING_ROWS, _text(f"## {title}", " ".join(notes)))
            grid.new_row()
            for widget in (widget for part in parts for widget in part.widgets):
                self._add(grid, widget)
        return {"start": "-PT3H", "periodOverride": "inherit", "widgets": grid.widgets}

    def _add(self, grid: _Grid, widget: Graph | LogTable) -> None:
        if isinstance(widget, LogTable):
            grid.place("log", widget.width, _TABLE_ROWS, self._table(widget))
        else:
            grid.place("metric", widget.width, _GRAPH_ROWS, self._graph(widget))

    def _graph(self, graph: Graph) -> Json:
        metrics = [row for number, line in enumerate(graph.lines) for row in _rows(line, number)]
        if self.deployments:
            options = {"id": "deployment", "label": "deployment", "yAxis": "right", "color": _GREY}
            metrics.append(_row(self.deployments, options))
        properties: Json = {
            "title": graph.title,
            "region": self.region,
            "view": "timeSeries",
            "stacked": False,
            "period": graph.period,
            "metrics": metrics,
            "yAxis": {
                "left": {"min": 0, "showUnits": False},
                "right": {"min": 0, "max": 1, "showUnits": False},
            },
        }
        if graph.thresholds:
            properties["annotations"] = {
                "horizontal": [
                    {"label": label, "value": value} for label, value in graph.thresholds
                ]
            }
        return properties

    def _table(self, table: LogTable) -> Json:
        sources = " | ".join(f"SOURCE '{group}'" for group in table.query.log_groups)
        return {
            "title": table.title,
            "region": self.region,
            "view": "table",
            "query": f"{sources} | {table.query.text}",
        }


def _text(heading: str, text: str) -> Json:
    return {"markdown": f"{heading}\n{text}"}


def _by_title(sections: Iterable[Section]) -> dict[str, list[Section]]:
    found: dict[str, list[Section]] = {}
    for section in sections:
        if section.widgets:
            found.setdefault(section.title, []).append(section)
    return found


def _rows(line: Line, number: int) -> list[list[Any]]:
    """A line as CloudWatch writes it; what only metric math reads is not drawn."""
    if isinstance(line.value, Metric):
        return [_row(line.value, {"id": f"m{number}", "label": line.label})]
    formula = line.value.numbered(number)
    hidden = [
        _row(metric, {"id": id_, "visible": False}) for id_, metric in formula.metrics.items()
    ]
    drawn = {"expression": formula.expression, "id": f"e{number}", "label": line.label}
    return [[drawn], *hidden]


def _row(metric: Metric, options: Json) -> list[Any]:
    dimensions = [part for pair in metric.dimensions.items() for part in pair]
    return [metric.namespace, metric.name, *dimensions, {"stat": metric.statistic, **options}]

"""What one part of a system adds to its monitoring: graphs, alarms and saved queries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from modules.metrics import Metric
from modules.monitoring.alarm import Alarm
from modules.monitoring.formula import Band, Formula


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One line of a graph.

    Attributes:
        label: its name in the legend.
        value: what is drawn.
    """

    label: str
    value: Metric | Formula


@dataclass(frozen=True, kw_only=True, slots=True)
class Graph:
    """A graph over time.

    Attributes:
        title: what it shows, with the unit.
        lines: what is drawn.
        alarms: whose thresholds are drawn across it.
        period: seconds between two points, while the dashboard shows hours.
        width: of the dashboard's 24 columns.
    """

    title: str
    lines: Sequence[Line]
    alarms: Sequence[Alarm] = ()
    period: int = 60
    width: int = 8

    @property
    def thresholds(self) -> list[tuple[str, float]]:
        """Label and height of the lines across it; a band has none."""
        return [
            (alarm.role, alarm.threshold)
            for alarm in self.alarms
            if not isinstance(alarm.value, Band) and alarm.threshold is not None
        ]


@dataclass(frozen=True, kw_only=True, slots=True)
class SavedQuery:
    """A query for CloudWatch Logs Insights, saved under a name.

    Attributes:
        name: the last part of its name; runbooks use it.
        log_groups: names of the groups that it reads.
        text: the query.
    """

    name: str
    log_groups: Sequence[str]
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class LogTable:
    """The newest lines that a query finds.

    Attributes:
        title: what it shows.
        query: which.
        width: of the dashboard's 24 columns.
    """

    title: str
    query: SavedQuery
    width: int = 24


@dataclass(frozen=True, kw_only=True, slots=True)
class Section:
    """One part.

    Attributes:
        title: the heading on the dashboard; parts with the same one stand together.
        note: what to look at, Markdown; one line.
        widgets: graphs and tables, in their order.
        alarms: all alarms, also those that no graph shows.
        queries: saved queries.
    """

    title: str
    note: str
    widgets: Sequence[Graph | LogTable] = ()
    alarms: Sequence[Alarm] = ()
    queries: Sequence[SavedQuery] = ()

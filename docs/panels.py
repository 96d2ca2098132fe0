"""Draws the panels of a dashboard as SVG.

Grid, titles, legends, thresholds and deployments are those of the dashboard; the lines are made up.
"""

from __future__ import annotations

import hashlib
import math
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

from docs.series import DEPLOYED, POINTS, Series, made_up

_COLUMNS = 24
_COLUMN, _ROW, _GAP = 54, 44, 8
"""Pixels of a column and of a row of the grid, and between two panels."""

_LEFT, _RIGHT, _ABOVE, _LEGEND_LINE = 60, 22, 46, 16
"""Pixels around the lines of a graph, and of a line of its legend."""

_ROUND = (1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0)
_COLOURS = ("#1f77b4", "#ff7f0e", "#2ca02c", "#d62728", "#9467bd", "#8c564b", "#e377c2", "#17becf")
_RED, _GREEN, _GREY, _LIGHT = "#d13212", "#1d8102", "#7f7f7f", "#eaeded"
_INK, _PALE_INK = "#16191f", "#545b64"
_LETTER = 6.2
"""Pixels of a letter, on average."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Graph:
    """Lines over time.

    Attributes:
        series: the lines.
        thresholds: label and height of what is drawn across.
        deployments: whether they are drawn.
        unit: what stands behind the numbers of the axis.
    """

    series: Sequence[Series]
    thresholds: Sequence[tuple[str, float]] = ()
    deployments: bool = False
    unit: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Text:
    """Markdown."""

    markdown: str


@dataclass(frozen=True, kw_only=True, slots=True)
class States:
    """Names of alarms, each with its state."""

    names: Sequence[str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Table:
    """Names of the columns of what a query finds."""

    columns: Sequence[str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Panel:
    """What stands at one place of the grid of 24 columns.

    Attributes:
        x, y, width, height: the place, in columns and rows.
        title: above it.
        content: what it shows.
    """

    x: int
    y: int
    width: int
    height: int
    title: str = ""
    content: Graph | Text | States | Table


def draw(panels: Sequence[Panel]) -> str:
    """The picture of a dashboard."""
    width = _COLUMNS * _COLUMN + _GAP
    height = max(each.y + each.height for each in panels) * _ROW + _GAP
    lines = [
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
            'font-family="Helvetica, Arial, sans-serif" font-size="11">'
        ),
        f'<rect width="{width}" height="{height}" fill="#f2f3f3"/>',
    ]
    for panel in panels:
        lines += _panel(panel)
    return "\n".join([*lines, "</svg>"]) + "\n"


def _panel(panel: Panel) -> Iterator[str]:
    width, height = panel.width * _COLUMN - _GAP, panel.height * _ROW - _GAP
    yield f'<g transform="translate({panel.x * _COLUMN + _GAP} {panel.y * _ROW + _GAP})">'
    yield f'<rect width="{width}" height="{height}" fill="#fff" stroke="#d5dbdb"/>'
    if panel.title:
        yield _text(10, 18, panel.title, weight="bold")
    match panel.content:
        case Text(markdown=markdown):
            yield from _markdown(markdown, width)
        case States(names=names):
            yield from _states(names, width)
        case Table(columns=columns):
            yield from _table(columns, width, height)
        case Graph() as graph:
            yield from _graph(graph, panel.title, width, height)
    yield "</g>"


def _markdown(text: str, width: float) -> Iterator[str]:
    """Headings larger; everything else wrapped, without its marks."""
    y = 22
    for line in text.splitlines():
        if line.startswith("#"):
            yield _text(12, y, line.lstrip("# "), size=17, weight="bold")
            y += 24
            continue
        for part in textwrap.wrap(line.replace("*", "").replace("`", ""), int(width / _LETTER)):
            yield _text(12, y, part, size=12)
            y += 18


def _states(names: Sequence[str], width: float) -> Iterator[str]:
    """Four beside each other, all of them well."""
    cell = (width - 20) / 4
    for number, name in enumerate(names):
        x, y = 10 + number % 4 * cell, 30 + number // 4 * 40
        yield f'<rect x="{x:.0f}" y="{y}" width="{cell - 8:.0f}" height="30" fill="none" stroke="#d5dbdb"/>'
        yield f'<rect x="{x:.0f}" y="{y}" width="4" height="30" fill="{_GREEN}"/>'
        yield _text(x + 12, y + 19, name)


def _table(columns: Sequence[str], width: float, height: float) -> Iterator[str]:
    """The head, and grey bars for what would stand below."""
    cell = (width - 20) / len(columns)
    for row, y in enumerate(range(42, int(height) - 10, 24)):
        for number, column in enumerate(columns):
            x = 12 + number * cell
            if row == 0:
                yield _text(x, y, column, weight="bold", colour=_PALE_INK)
            else:
                part = 0.35 + hashlib.sha256(f"{row} {column}".encode()).digest()[0] / 600
                yield f'<rect x="{x:.0f}" y="{y - 8}" width="{cell * part:.0f}" height="8" fill="{_LIGHT}"/>'
        yield _line(10, width - 10, y + 8, y + 8, _LIGHT)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Area:
    """Where lines are drawn, pixels, and the value at its upper edge."""

    right: float
    below: float
    top: float

    def x(self, part: float) -> float:
        """Of a time, as a part of the three hours."""
        return _LEFT + (self.right - _LEFT) * part

    def y(self, value: float) -> float:
        """Of a value."""
        return self.below - (self.below - _ABOVE) * value / self.top


def _graph(graph: Graph, title: str, width: float, height: float) -> Iterator[str]:
    heights = [value for _, value in graph.thresholds]
    lines = [made_up(each, i, heights, seed=title) for i, each in enumerate(graph.series)]
    legend = list(_legend(graph, width))
    area = _Area(
        right=width - _RIGHT,
        below=height - 34 - _LEGEND_LINE * (1 + max(line for _, line, *_ in legend)),
        top=_rounded(max([*map(max, lines), *heights])),
    )
    yield from _axes(area, graph.unit)
    if graph.deployments:
        x = area.x(DEPLOYED)
        yield _line(x, x, _ABOVE, area.below, _GREY, thick=2)
    for _, value in graph.thresholds:
        yield _line(_LEFT, area.right, area.y(value), area.y(value), _RED)
    for number, values in enumerate(lines):
        path = " ".join(
            f"{area.x(i / (POINTS - 1)):.1f},{area.y(value):.1f}" for i, value in enumerate(values)
        )
        yield f'<polyline points="{path}" fill="none" stroke="{_colour(number)}" stroke-width="1.5"/>'
    # Above the lines, which may cross them.
    for label, value in graph.thresholds:
        yield _text(area.right - 4, area.y(value) - 5, label, anchor="end", colour=_RED)
    for x, line, label, colour in legend:
        y = area.below + 26 + _LEGEND_LINE * line
        yield f'<rect x="{x:.0f}" y="{y:.0f}" width="9" height="9" fill="{colour}"/>'
        yield _text(x + 13, y + 9, label)


def _axes(area: _Area, unit: str) -> Iterator[str]:
    for value in (0, area.top / 2, area.top):
        y = area.y(value)
        yield _line(_LEFT, area.right, y, y, _LIGHT)
        yield _text(_LEFT - 6, y + 4, _short(value) + unit, anchor="end", colour=_PALE_INK)
    for hour in range(4):
        x = area.x(hour / 3)
        yield _text(x, area.below + 17, f"{9 + hour:02}:00", anchor="middle", colour=_PALE_INK)


def _legend(graph: Graph, width: float) -> Iterator[tuple[float, int, str, str]]:
    """Place, line, label and colour of each entry, from left to right."""
    entries = [(each.label, _colour(i)) for i, each in enumerate(graph.series)]
    if graph.deployments:
        entries.append(("deployment", _GREY))
    x, line = 10.0, 0
    for label, colour in entries:
        needed = 26 + len(label) * _LETTER
        if x > 10 and x + needed > width:
            x, line = 10.0, line + 1
        yield x, line, label, colour
        x += needed


def _rounded(value: float) -> float:
    """The next number that a scale may end with."""
    if value <= 0:
        return 1
    size: float = 10 ** math.floor(math.log10(value))
    return next(each * size for each in _ROUND if each * size >= value * (1 - 1e-9))


def _short(value: float) -> str:
    """With one letter for thousands, millions and so on."""
    for size, letter in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if value >= size:
            return f"{value / size:.3g}{letter}"
    return f"{value:.3g}"


def _colour(number: int) -> str:
    return _COLOURS[number % len(_COLOURS)]


def _line(x1: float, x2: float, y1: float, y2: float, colour: str, *, thick: float = 1) -> str:
    return (
        f'<line x1="{x1:.1f}" x2="{x2:.1f}" y1="{y1:.1f}" y2="{y2:.1f}" stroke="{colour}" '
        f'stroke-width="{thick:g}"/>'
    )


def _text(
    x: float,
    y: float,
    text: str,
    *,
    size: int = 11,
    weight: str = "normal",
    anchor: str = "start",
    colour: str = _INK,
) -> str:
    return (
        f'<text x="{x:.0f}" y="{y:.0f}" font-size="{size}" font-weight="{weight}" '
        f'text-anchor="{anchor}" fill="{colour}">{escape(text)}</text>'
    )

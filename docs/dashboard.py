"""Draws a CloudWatch dashboard from its body, with made-up series, as SVG.

The grid, titles, legends, thresholds and deployments are those of the body. The lines are invented:
they rise and fall the same in every run, and show what a reader would see, not what happened.
"""

from __future__ import annotations

import hashlib
import math
import textwrap
from collections.abc import Iterator, Sequence
from html import escape
from typing import Any

Json = dict[str, Any]

_COLUMN, _ROW, _GAP = 54, 44, 8
"""Pixels of a column and of a row of the grid, and between two widgets."""

_POINTS = 90
_DEPLOYED = 0.62
"""When the drawn deployment began, as a part of the three hours."""

_COLOURS = ("#1f77b4", "#ff7f0e", "#2ca02c", "#d62728", "#9467bd", "#8c564b", "#e377c2", "#17becf")
_RED, _GREEN, _GREY, _INK = "#d13212", "#1d8102", "#7f7f7f", "#16191f"
_PLENTY_IS_WELL = ("Free", "Balance")
"""Parts of the names of metrics that are well when they are high."""

_LETTER = 6.2
"""Pixels of a letter, on average."""


def draw(body: Json) -> str:
    """The picture of a dashboard.

    Args:
        body: the parsed body, as ``PutDashboard`` takes it.
    """
    widgets = body["widgets"]
    width = 24 * _COLUMN + _GAP
    height = max(each["y"] + each["height"] for each in widgets) * _ROW + _GAP
    lines = [
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
            'font-family="Helvetica, Arial, sans-serif" font-size="11">'
        ),
        f'<rect width="{width}" height="{height}" fill="#f2f3f3"/>',
    ]
    for widget in widgets:
        lines += _widget(widget)
    return "\n".join([*lines, "</svg>"]) + "\n"


def _widget(widget: Json) -> Iterator[str]:
    x, y = widget["x"] * _COLUMN + _GAP, widget["y"] * _ROW + _GAP
    width = widget["width"] * _COLUMN - _GAP
    height = widget["height"] * _ROW - _GAP
    yield f'<g transform="translate({x} {y})">'
    yield f'<rect width="{width}" height="{height}" fill="#fff" stroke="#d5dbdb"/>'
    properties = widget["properties"]
    title = properties.get("title", "")
    if title:
        yield _text(10, 18, title, weight="bold")
    match widget["type"]:
        case "text":
            yield from _markdown(properties["markdown"], width)
        case "alarm":
            yield from _states(properties["alarms"], width)
        case "log":
            yield from _markdown(properties["query"], width, top=36)
        case "metric":
            yield from _graph(properties, width, height)
    yield "</g>"


def _markdown(text: str, width: float, *, top: int = 22) -> Iterator[str]:
    """Headings larger; everything else wrapped, without its marks."""
    y = top
    for line in text.splitlines():
        if line.startswith("#"):
            yield _text(12, y, line.lstrip("# "), size=17, weight="bold")
            y += 24
            continue
        for part in textwrap.wrap(line.replace("*", "").replace("`", ""), int(width / _LETTER)):
            yield _text(12, y, part, size=12)
            y += 18


def _states(alarms: Sequence[str], width: float) -> Iterator[str]:
    """Four beside each other, all of them well."""
    cell = (width - 20) / 4
    for number, arn in enumerate(alarms):
        x, y = 10 + number % 4 * cell, 30 + number // 4 * 40
        yield f'<rect x="{x:.0f}" y="{y}" width="{cell - 8:.0f}" height="30" fill="none" stroke="#d5dbdb"/>'
        yield f'<rect x="{x:.0f}" y="{y}" width="4" height="30" fill="{_GREEN}"/>'
        yield _text(x + 12, y + 19, arn.rsplit(":", 1)[-1])


def _graph(properties: Json, width: float, height: float) -> Iterator[str]:
    rows = [row[-1] | {"name": _name(row)} for row in properties["metrics"]]
    shown = [row for row in rows if row.get("visible", True)]
    lines = [row for row in shown if row.get("yAxis") != "right"]
    thresholds = properties.get("annotations", {}).get("horizontal", [])
    series = _series(properties, lines, [each["value"] for each in thresholds])
    highest = [max(points) for points in series] + [float(each["value"]) for each in thresholds]
    top = max(highest) * 1.15
    legend = _legend(shown, width)
    left, right, above = 52, width - 16, 30
    below = height - 26 - 16 * (legend[-1][1] + 1)

    def at(value: float) -> float:
        return below - (below - above) * value / top

    for part in (0, 0.5, 1):
        y = at(top / 1.15 * part)
        yield f'<line x1="{left}" x2="{right:.0f}" y1="{y:.1f}" y2="{y:.1f}" stroke="#eaeded"/>'
        yield _text(left - 6, y + 4, _short(top / 1.15 * part), anchor="end", colour="#545b64")
    for hour in range(4):
        x = left + (right - left) * hour / 3
        yield _text(x, below + 14, f"{9 + hour:02}:00", anchor="middle", colour="#545b64")
    if len(lines) < len(shown):
        x = left + (right - left) * _DEPLOYED
        yield (
            f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{above}" y2="{below:.1f}" stroke="{_GREY}" '
            'stroke-width="2"/>'
        )
    for threshold in thresholds:
        y = at(threshold["value"])
        yield f'<line x1="{left}" x2="{right:.0f}" y1="{y:.1f}" y2="{y:.1f}" stroke="{_RED}"/>'
        yield _text(right - 4, y - 4, threshold["label"], anchor="end", colour=_RED)
    for number, points in enumerate(series):
        step = (right - left) / (len(points) - 1)
        path = " ".join(f"{left + step * i:.1f},{at(value):.1f}" for i, value in enumerate(points))
        yield f'<polyline points="{path}" fill="none" stroke="{_colour(number)}" stroke-width="1.5"/>'
    for number, (x, line, label, colour) in enumerate(legend):
        y = below + 22 + 16 * line
        yield f'<rect x="{x:.0f}" y="{y:.0f}" width="9" height="9" fill="{colour or _colour(number)}"/>'
        yield _text(x + 13, y + 9, label)


def _name(row: Sequence[Any]) -> str:
    return str(row[1]) if len(row) > 1 else ""


def _legend(shown: Sequence[Json], width: float) -> list[tuple[float, int, str, str]]:
    """Place, line, label and colour of each entry, from left to right."""
    found: list[tuple[float, int, str, str]] = []
    x, line = 10.0, 0
    for row in shown:
        needed = 26 + len(row["label"]) * _LETTER
        if x > 10 and x + needed > width:
            x, line = 10.0, line + 1
        found.append((x, line, row["label"], row.get("color", "")))
        x += needed
    return found


def _series(
    properties: Json, lines: Sequence[Json], thresholds: Sequence[float]
) -> list[list[float]]:
    """One line each: quiet below the lowest threshold, or well above it where plenty is well."""
    level = min((value for value in thresholds if value), default=10.0)
    found = []
    for number, line in enumerate(lines):
        plenty = any(part in line["name"] for part in _PLENTY_IS_WELL)
        height = level * (3 if plenty else 0.22 + 0.2 * min(number, 3))
        seed = hashlib.sha256(f"{properties['title']} {line['label']}".encode()).digest()
        found.append([height * _shape(i / _POINTS, seed, plenty) for i in range(_POINTS)])
    return found


def _shape(time: float, seed: bytes, plenty: bool) -> float:
    """Around 1; after the deployment a hump, as a cold start makes one."""
    slow, fast = 2 + seed[0] / 64, 17 + seed[1] / 16
    wave = (
        1 + 0.12 * math.sin(slow * time * 6 + seed[2]) + 0.06 * math.sin(fast * time * 6 + seed[3])
    )
    since = time - _DEPLOYED
    hump = 0.5 * math.exp(-since * 25) if since > 0 else 0
    return wave - 0.1 * hump if plenty else wave + hump


def _short(value: float) -> str:
    """With one letter for thousands, millions and so on."""
    for size, letter in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if value >= size:
            return f"{value / size:.3g}{letter}"
    return f"{value:.3g}"


def _colour(number: int) -> str:
    return _COLOURS[number % len(_COLOURS)]


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

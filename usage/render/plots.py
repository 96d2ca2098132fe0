"""Plots as SVG inside a page: bars of cost by day, and of tokens by model.

They need no script. Colours are the page's variables, so that light, dark and paper each have
their own; what the colours say is in the tables beside the plots as well.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from pipeline.plan.text import escaped
from usage.measures import TOKENS
from usage.prices import Cost
from usage.render import words
from usage.render.markup import safe
from usage.report import ModelUsage

_WIDTH, _HEIGHT = 720, 240
_LEFT, _RIGHT, _TOP, _BOTTOM = 80, 8, 12, 28
_MOST_LABELS = 8
_ROW, _BAR = 40, 16
_LINES = 4
_CHARACTER = 8.0
"""Width that a character takes at most, of those that ids and figures are made of."""
_LOWEST = 3.0
"""Height of a bar of which no price is known: it must be seen."""


def cost_by_day(days: Mapping[dt.date, Cost]) -> str:
    """A bar for each day; the days without a price for all they used have a dashed, paler one.

    Args:
        days: what each cost.
    """
    most = _round_up(max((float(each.usd) for each in days.values()), default=0.0))
    inner, height = _WIDTH - _LEFT - _RIGHT, _HEIGHT - _TOP - _BOTTOM
    slot = inner / max(len(days), 1)
    parts = [*_grid(most, inner, height)]
    every = math.ceil(len(days) / _MOST_LABELS)
    for number, (day, cost) in enumerate(days.items()):
        x, bar = _LEFT + number * slot, float(cost.usd) / most * height
        style, bar = ("partial", max(bar, _LOWEST)) if cost.unknown else ("input", bar)
        parts.append(
            f'<rect class="{style}" x="{x + slot * 0.1:.1f}" y="{_TOP + height - bar:.1f}" '
            f'width="{slot * 0.8:.1f}" height="{bar:.1f}">'
            f"<title>{day}: {words.cost(cost)} USD</title></rect>"
        )
        if number % every == 0:
            parts.append(_text(x + slot / 2, _HEIGHT - 8, f"{day:%m-%d}", "middle"))
    return _svg("days", "Cost by day, USD", _cost_in_words(days), _HEIGHT, parts)


def tokens_by_model(models: Sequence[ModelUsage]) -> str:
    """A bar for each model, divided by kind of token.

    Args:
        models: in the order of the page.
    """
    most = max((sum(each.counts.tokens.values()) for each in models), default=0) or 1
    room = _WIDTH - _RIGHT - _CHARACTER * (len(words.number(most)) + 1)
    parts = []
    for number, each in enumerate(models):
        y, x = number * _ROW, 0.0
        whole = sum(each.counts.tokens.values())
        parts.append(_text(0, y + 14, _cut(each.model.id), "start"))
        for kind in TOKENS:
            width = each.counts.tokens[kind] / most * room
            if not width:
                continue
            parts.append(
                f'<rect class="{kind}" x="{x:.1f}" y="{y + 19}" width="{width:.1f}" '
                f'height="{_BAR}"><title>{safe(each.model.id)}: '
                f"{words.number(each.counts.tokens[kind])} {_kind(kind)}</title></rect>"
            )
            x += width
        parts.append(_text(x + 6, y + 31, words.number(whole), "start"))
    told = "; ".join(
        f"{each.model.id}: {words.number(sum(each.counts.tokens.values()))}" for each in models
    )
    return _svg("tokens", "Tokens by model", told, max(len(models), 1) * _ROW, parts)


def legend() -> str:
    """What the colours of ``tokens_by_model`` mean."""
    items = "".join(
        f'<li><svg width="12" height="12" aria-hidden="true"><rect class="{kind}" width="12" '
        f'height="12"/></svg> {_kind(kind)}</li>'
        for kind in TOKENS
    )
    return f'<ul class="legend">{items}</ul>'


def _grid(most: float, inner: float, height: float) -> Iterator[str]:
    for line in range(_LINES + 1):
        y = _TOP + height * (1 - line / _LINES)
        yield f'<line class="grid" x1="{_LEFT}" x2="{_LEFT + inner}" y1="{y:.1f}" y2="{y:.1f}"/>'
        value = Decimal(f"{most * line / _LINES:.4g}")  # no exponent, however small or large
        yield _text(_LEFT - 6, y + 4, f"{value:,f}", "end")


def _round_up(value: float) -> float:
    """A round number at or above a value, for the axis."""
    if value <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(value))
    return next(step * power for step in (1, 2, 4, 6, 8, 10) if step * power >= value * 0.999_999)


def _cost_in_words(days: Mapping[dt.date, Cost]) -> str:
    if not days:
        return "no day"
    day, cost = max(days.items(), key=lambda item: item[1].usd)
    return f"{len(days)} days; the dearest is {day} with {words.cost(cost)} USD"


def _kind(kind: str) -> str:
    return f"{kind.replace('_', ' ')} tokens"


def _cut(name: str) -> str:
    """The end of a name too long for the plot, for there ids differ; the tables have all of it."""
    longest = int(_WIDTH / _CHARACTER)
    shown = escaped(name)
    return shown if len(shown) <= longest else f"…{shown[1 - longest :]}"


def _text(x: float, y: float, text: str, anchor: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{safe(text)}</text>'


def _svg(name: str, title: str, told: str, height: int, parts: Sequence[str]) -> str:
    return (
        f'<svg class="plot" viewBox="0 0 {_WIDTH} {height}" role="img" '
        f'aria-labelledby="{name}-title {name}-told">'
        f'<title id="{name}-title">{safe(title)}</title>'
        f'<desc id="{name}-told">{safe(told)}</desc>{"".join(parts)}</svg>'
    )

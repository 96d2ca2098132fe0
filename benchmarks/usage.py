"""The usage report over 90 days and 20 models: what it takes beside the answers of AWS."""

from __future__ import annotations

import datetime as dt
import functools
import json
import random
import time
from collections.abc import Callable

from benchmarks.table import Measurement, Promise
from usage.make import put_together
from usage.measures import MEASURES
from usage.models import model
from usage.period import Period, period
from usage.render import FORMATS
from usage.report import Report, Series

DAYS, MODELS = 90, 20
MOST_SECONDS = 3.0
_NOW = dt.datetime(2026, 11, 30, 12, tzinfo=dt.UTC)
_CALLED = (
    "apac.amazon.nova-lite-v1:0",
    "global.anthropic.claude-sonnet-5",
    "cohere.embed-multilingual-v3",
    "nobody.knows-this-v1:0",
)


def measure() -> Measurement:
    """Make it once in every form; each measure of each model has a value in every step."""
    asked = period(now=_NOW, hours=DAYS * 24)
    series = _series(asked)
    # The floor: as many numbers read from JSON, which no report does without.
    text = json.dumps([value for each in series.values() for v in each.values() for _, value in v])
    floor = _seconds(lambda: json.loads(text))
    started = time.perf_counter()
    report = _report(series, asked)
    added = time.perf_counter() - started
    rows = [("added up and priced", f"{added:.2f} s", added / floor)]
    total = added
    for name, render in FORMATS.items():
        taken = _seconds(functools.partial(render, report))
        total += taken
        rows.append((f"as {name}", f"{taken:.2f} s", taken / floor))
    rows.append(("the same numbers read from JSON", f"{floor:.2f} s", 1.0))
    return Measurement(
        name=f"usage report, {DAYS} days, {MODELS} models",
        figure="time",
        other="ratio to reading JSON",
        rows=rows,
        notes=[f"{sum(len(p) for s in series.values() for p in s.values()):,} values"],
        promises=[Promise("seconds of its own, all forms", total, at_most=MOST_SECONDS)],
    )


def _series(asked: Period) -> dict[str, Series]:
    chance = random.Random(1)  # noqa: S311 - made-up figures, the same in every run
    step = dt.timedelta(seconds=asked.step)
    times = [asked.start + step * n for n in range((asked.end - asked.start) // step)]
    return {
        f"{_CALLED[number % len(_CALLED)]}{'' if number < len(_CALLED) else number}": {
            measure: [(time, float(chance.randrange(1, 100_000))) for time in times]
            for measure in MEASURES
        }
        for number in range(MODELS)
    }


def _report(series: dict[str, Series], asked: Period) -> Report:
    return put_together(
        {model(each): values for each, values in series.items()},
        period=asked,
        now=_NOW,
        region="ap-southeast-1",
    )


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started

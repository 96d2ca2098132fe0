"""Made-up use of models, small enough to be added up by hand."""

from __future__ import annotations

import datetime as dt

from usage.callers import Answer
from usage.make import put_together
from usage.measures import MEASURES
from usage.models import Model, model
from usage.period import Period
from usage.report import Report, Series

NOW = dt.datetime(2026, 11, 3, tzinfo=dt.UTC)
START = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)
PERIOD = Period(start=START, end=NOW, step=3_600)
REGION = "ap-southeast-1"

NOVA = "apac.amazon.nova-lite-v1:0"
COHERE = "cohere.embed-multilingual-v3"
GLOBAL_HAIKU = "global.anthropic.claude-haiku-4-5-20251001-v1:0"
APAC_HAIKU = "apac.anthropic.claude-haiku-4-5-20251001-v1:0"
NOBODYS = "nobody.knows-this-v1:0"


def points(*values: float, hour: int = 0) -> list[tuple[dt.datetime, float]]:
    """One value an hour from the first hour on."""
    return [(START + dt.timedelta(hours=hour + n), value) for n, value in enumerate(values)]


def series(**measures: list[tuple[dt.datetime, float]]) -> Series:
    """What CloudWatch has of one model."""
    assert measures.keys() <= MEASURES.keys()
    return measures


def use() -> dict[Model, Series]:
    """Three models with prices, one without, and one that nobody called."""
    return {
        model(NOVA, configured_in=("dev",)): series(
            invocations=points(10, 30, hour=0) + points(60, hour=30),
            client_errors=points(2),
            server_errors=points(0, 1),
            throttles=points(5),
            input=points(1_000_000, 2_000_000) + points(1_000_000, hour=30),
            output=points(500_000) + points(500_000, hour=30),
            latency_sum=points(10_000, 60_000) + points(30_000, hour=30),
            latency_count=points(10, 30) + points(60, hour=30),
            p95=points(1_500, 2_500) + points(700, hour=30),
        ),
        model(COHERE, configured_in=("dev",)): series(
            invocations=points(100), input=points(3_000_000)
        ),
        model(GLOBAL_HAIKU): series(
            invocations=points(1), input=points(1_000_000), cache_read=points(40_000)
        ),
        model(NOBODYS): series(invocations=points(7), input=points(123), output=points(45)),
        model(APAC_HAIKU): series(),
    }


ROWS = (
    {"caller": "arn:aws:sts::111122223333:assumed-role/rag/1", "model": NOVA, "calls": "90",
     "errors": "3", "input": "3000000", "output": "1000000"},
    {"caller": "arn:aws:sts::111122223333:assumed-role/rag/1",
     "model": f"arn:aws:bedrock:{REGION}::foundation-model/{COHERE}", "calls": "100",
     "errors": "0", "input": "3000000", "output": ""},
    {"caller": "arn:aws:iam::111122223333:user/<b>eve</b>", "model": NOVA, "calls": "10",
     "errors": "0", "input": "1000000"},
)  # fmt: skip


def report() -> Report:
    """The report of all of it."""
    return put_together(
        use(),
        period=PERIOD,
        now=NOW,
        region=REGION,
        environments=("dev",),
        answer=Answer(rows=ROWS),
    )

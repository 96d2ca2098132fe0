"""Whatever was used, the report is complete: every model, every token, and all that has a price."""

from __future__ import annotations

import csv
import datetime as dt
import html
import io
import json
import math
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.cost.catalogue import Catalogue
from tests.usage.samples import (
    APAC_HAIKU,
    COHERE,
    GLOBAL_HAIKU,
    NOBODYS,
    NOVA,
    NOW,
    PERIOD,
    REGION,
    START,
)
from usage.make import put_together
from usage.measures import LATENCY_COUNT, LATENCY_SUM, P95, TOKENS
from usage.models import model
from usage.render import FORMATS
from usage.report import Report, Series

_CATALOGUE = Catalogue.load()
_COUNTED = ("invocations", "client_errors", "server_errors", "throttles", *TOKENS)
_HOURS = int(PERIOD.hours)
_TOLERANCE = 1e-9

points = st.dictionaries(st.integers(0, _HOURS - 1), st.integers(0, 10**9), max_size=6).map(
    lambda values: [
        (START + dt.timedelta(hours=hour), float(value)) for hour, value in sorted(values.items())
    ]
)
series = st.fixed_dictionaries(dict.fromkeys((*_COUNTED, LATENCY_SUM, LATENCY_COUNT, P95), points))
use = st.dictionaries(
    st.sampled_from([NOVA, COHERE, GLOBAL_HAIKU, APAC_HAIKU, NOBODYS, "x.other-v1:0"]),
    series,
    max_size=6,
)


def made(found: dict[str, Series]) -> Report:
    return put_together(
        {model(each): values for each, values in found.items()},
        period=PERIOD,
        now=NOW,
        region=REGION,
    )


def by_floats(found: dict[str, Series]) -> float:
    """The cost in another way: floats, a price at a time, over all points."""
    return math.fsum(
        value / 1e6 * float(_CATALOGUE.price(f"bedrock.{name}.{kind}", REGION).tiers[0].usd)
        for name, values in found.items()
        for kind in TOKENS
        if _CATALOGUE.has(f"bedrock.{name}.{kind}", REGION)
        for _, value in values[kind]
    )


@settings(max_examples=30, deadline=None)
@given(use)
def test_nothing_that_was_used_is_lost(found: dict[str, Series]) -> None:
    report = made(found)
    assert {each.model.id for each in report.models} == set(found)
    total = report.total
    for kind in TOKENS:
        assert total.tokens[kind] == sum(v for s in found.values() for _, v in s[kind])
    assert total.invocations == sum(v for s in found.values() for _, v in s["invocations"])
    assert math.isclose(float(total.cost.usd), by_floats(found), rel_tol=_TOLERANCE, abs_tol=1e-12)
    days = sum((each.usd for each in report.days.values()), Decimal(0))
    assert math.isclose(float(days), float(total.cost.usd), rel_tol=_TOLERANCE, abs_tol=1e-12)
    month = float(total.cost.usd) * 730 / _HOURS
    assert math.isclose(float(report.month), month, rel_tol=_TOLERANCE, abs_tol=1e-12)
    # A use without a price is named, and only that.
    missing = {
        each.model.id
        for each in report.models
        for kind in TOKENS
        if each.counts.tokens[kind]
        and not _CATALOGUE.has(f"bedrock.{each.model.id}.{kind}", REGION)
    }
    assert {text.partition(" (")[0] for text in report.without} == missing


@settings(max_examples=10, deadline=None)
@given(use)
def test_every_form_names_every_model(found: dict[str, Series]) -> None:
    report = made(found)
    document = json.loads(FORMATS["json"](report))
    assert [each["model"] for each in document["models"]] == [e.model.id for e in report.models]
    assert sum(Decimal(each["usd"]) for each in document["models"]) == report.total.cost.usd
    rows = list(csv.DictReader(io.StringIO(FORMATS["csv"](report))))
    assert {row["model"] for row in rows} == {*found, "total"}
    table, page = FORMATS["table"](report), FORMATS["html"](report)
    for each in found:
        assert each[:20] in table
        assert html.escape(each) in page


@settings(max_examples=30, deadline=None)
@given(use)
def test_shares_are_parts_of_one_whole(found: dict[str, Series]) -> None:
    report = made(found)
    for share in (report.share_of_cost, report.share_of_calls):
        parts = [each for each in map(share, report.models) if each is not None]
        assert all(0 <= each <= 1 for each in parts)
        assert not parts or math.isclose(sum(parts), 1, rel_tol=1e-9)
    for each in report.models:
        latency = each.latency
        if latency.p95_worst is not None:
            assert latency.p95_median is not None
            assert latency.p95_worst >= latency.p95_median

"""The report of made-up use, added up by hand beside it."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from decimal import Decimal

import pytest

from tests.usage.fakes import raising
from tests.usage.samples import (
    APAC_HAIKU,
    COHERE,
    GLOBAL_HAIKU,
    NOBODYS,
    NOVA,
    NOW,
    PERIOD,
    REGION,
    points,
    report,
    series,
)
from usage.make import put_together
from usage.models import model
from usage.prices import Cost
from usage.render import FORMATS
from usage.report import Report


@pytest.fixture(scope="module")
def found() -> Report:
    return report()


def test_models_add_up(found: Report) -> None:
    """Nova: 4 and 1 million tokens at 0.063 and 0.252; Cohere: 3 at 0.1; Haiku: 1 at 1.00 USD."""
    costs = {each.model.id: each.counts.cost for each in found.models}
    assert costs == {
        GLOBAL_HAIKU: Cost(Decimal("1"), frozenset({"cache_read"})),
        NOVA: Cost(Decimal("0.504")),
        COHERE: Cost(Decimal("0.3")),
        NOBODYS: Cost(Decimal(0), frozenset({"input", "output"})),
        APAC_HAIKU: Cost(),
    }
    assert list(costs) == [GLOBAL_HAIKU, NOVA, COHERE, NOBODYS, APAC_HAIKU]
    nova = found.models[1].counts
    assert (nova.invocations, nova.client_errors, nova.server_errors) == (100, 2, 1)
    assert (nova.throttles, nova.error_rate) == (5, 0.03)


def test_latency_is_averaged_over_calls_and_percentiles_are_not_added_up(found: Report) -> None:
    """100 calls took 10 + 60 + 30 s; the p95s of three hours were 1.5, 2.5 and 0.7 s."""
    latency = found.models[1].latency
    assert (latency.average, latency.p95_worst, latency.p95_median) == (1_000, 2_500, 1_500)
    assert found.models[2].latency.average is None


def test_the_total_names_what_it_is_without(found: Report) -> None:
    total = found.total
    assert total.cost == Cost(Decimal("1.804"), frozenset({"cache_read", "input", "output"}))
    assert total.tokens == {
        "input": 8_000_123,
        "output": 1_000_045,
        "cache_read": 40_000,
        "cache_write": 0,
    }
    assert found.without == (
        f"{GLOBAL_HAIKU} (cache read tokens)",
        f"{NOBODYS} (input tokens, output tokens)",
    )
    assert (total.invocations, total.error_rate) == (208, 3 / 208)


def test_the_month_says_what_it_rests_on(found: Report) -> None:
    assert found.month == pytest.approx(Decimal("1.804") * 730 / 48, rel=Decimal("1e-9"))
    assert found.basis == "from 48 h of data, times 730/48"


def test_shares_and_days(found: Report) -> None:
    """On the second day Nova read 1 million tokens and wrote half a million."""
    haiku, nova, _, nobodys, _ = found.models
    assert found.share_of_cost(haiku) == pytest.approx(1 / 1.804)
    assert found.share_of_cost(nobodys) is None
    assert found.share_of_calls(nova) == pytest.approx(100 / 208)
    assert list(found.days) == [dt.date(2026, 11, 1), dt.date(2026, 11, 2)]
    assert found.days[dt.date(2026, 11, 2)] == Cost(Decimal("0.063") + Decimal("0.126"))


def test_callers_have_the_costs_of_all_their_models(found: Report) -> None:
    """The role: 3 and 1 million tokens of Nova, 0.441, and 3 of Cohere, 0.3; Eve: 1 of Nova."""
    role, eve = found.callers
    assert (role.calls, role.errors, role.cost) == (190, 3, Cost(Decimal("0.741")))
    assert (eve.calls, eve.cost) == (10, Cost(Decimal("0.063")))


def test_json_is_versioned_and_exact(found: Report) -> None:
    document = json.loads(FORMATS["json"](found))
    assert document["format"] == 1
    assert document["total"]["usd"] == "1.804"
    assert document["total"]["without_price"] == ["input", "output", "cache_read"]
    assert document["period"] == {
        "start": "2026-11-01T00:00:00+00:00",
        "end": "2026-11-03T00:00:00+00:00",
        "hours": 48.0,
        "step_seconds": 3600,
    }
    assert [each["model"] for each in document["models"]][1] == NOVA
    assert document["models"][1]["configured_in"] == ["dev"]
    assert document["models"][0]["scope"] == "global"
    assert document["models"][3]["share_of_cost"] is None
    assert document["callers"][0]["usd"] == "0.741"
    assert "errors) / invocations" in document["error_rate_is"]


def test_names_stay_whole_in_a_pipe_and_figures_in_a_narrow_terminal(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    long = "arn:aws:bedrock:ap-southeast-1:111122223333:application-inference-profile/abcdefghijkl"
    found = put_together({model(long): {}}, period=PERIOD, now=NOW, region=REGION)
    monkeypatch.delenv("COLUMNS", raising=False)
    monkeypatch.setattr("os.get_terminal_size", raising(OSError()))
    assert long in FORMATS["table"](found)
    monkeypatch.setenv("COLUMNS", "40")
    lines = FORMATS["table"](found).splitlines()
    assert max(map(len, lines)) <= 120
    assert "of calls" in lines[2]


@pytest.mark.parametrize("name", ["=cmd|' /C calc'!A0", "+1", "-1", "@x", "\t=1", 'a,"b"\nc'])
def test_csv_holds_no_formula(name: str) -> None:
    found = put_together({model(name): {}}, period=PERIOD, now=NOW, region=REGION)
    row = next(csv.DictReader(io.StringIO(FORMATS["csv"](found))))
    assert row["model"] == row["name"] == (name if name[0] == "a" else f"'{name}")


def test_csv_has_a_row_for_each_model_and_the_total(found: Report) -> None:
    rows = list(csv.DictReader(io.StringIO(FORMATS["csv"](found))))
    assert [row["model"] for row in rows] == [*(each.model.id for each in found.models), "total"]
    assert (rows[1]["usd"], rows[1]["latency_p95_worst_ms"]) == ("0.504", "2500")
    assert (rows[0]["without_price"], rows[-1]["usd"]) == ("cache_read", "1.804")


def test_the_table_says_unknown_and_never_zero(found: Report) -> None:
    text = FORMATS["table"](found)
    lines = {line.split()[0]: line for line in text.splitlines() if line.strip()}
    assert "1.80 + unknown USD; 27.44 USD a month at this pace, from 48 h of data" in text
    assert " unknown " in next(li for li in text.splitlines() if li.startswith(NOBODYS))
    assert "Without a price, and so in no total:" in text
    assert "Error rate = (client + server errors) / invocations." in text
    assert "worst and the median" in text
    assert lines[COHERE]


def test_no_data_is_a_sentence() -> None:
    empty = put_together(
        {model(NOVA): series()}, period=PERIOD, now=NOW, region=REGION, environments=("dev",)
    )
    assert empty.empty
    text = FORMATS["table"](empty)
    assert "no invocation in the period" in text
    assert NOVA in text
    assert "No invocation in the period." in FORMATS["html"](empty)
    assert json.loads(FORMATS["json"](empty))["total"]["invocations"] == 0


def test_throttles_alone_are_no_silence() -> None:
    throttled = put_together(
        {model(NOVA): series(throttles=points(3))}, period=PERIOD, now=NOW, region=REGION
    )
    assert not throttled.empty
    assert throttled.total.error_rate is None


def test_less_than_a_cent_is_shown() -> None:
    found = put_together(
        {model(NOVA): series(input=points(1_000))}, period=PERIOD, now=NOW, region=REGION
    )
    assert "0.000063" in FORMATS["table"](found)

"""``prices`` and ``key``: small commands for a person."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from pipeline.commands import prices
from pipeline.cost.catalogue import Catalogue
from pipeline.errors import Status
from pipeline.release.seal import Key
from tests.pipeline.commands.support import CommandLine
from tests.pipeline.cost.price_list.offers import TODAY, Answer, recorded, row, serving

T3 = row(
    "AmazonEC2",
    "APS1-BoxUsage:t3.micro",
    operation="RunInstances",
    usd="0.012",
    as_of="2026-11-01",
)
GONE = row("AmazonEC2", "APS1-BoxUsage:t1.nano", operation="RunInstances", as_of="2026-11-01")
FILE = ("--catalogue", "prices.csv")


@pytest.fixture
def today(pipeline: CommandLine) -> CommandLine:
    """On the day of the recorded offer files, with a catalogue of one row."""
    pipeline.patch.setattr(prices, "_today", lambda: TODAY)
    Catalogue([T3]).write(Path("prices.csv"))
    return pipeline


def test_a_young_catalogue_is_told_its_age(today: CommandLine) -> None:
    ended = today("prices", "check", *FILE, "--strict")
    assert (ended.status, ended.err) == (Status.OK, "")
    assert ended.out.startswith(
        "1 price, of 2026-11-01 to 2026-11-01; 0 older than 180 days; "
        "0 read from AWS itself, 1 from copies\n"
    )
    assert "warning" not in ended.out


def test_an_old_catalogue_is_a_warning(today: CommandLine) -> None:
    ended = today("prices", "check", *FILE, "--max-age", "19")
    assert (ended.status, ended.err) == (Status.OK, "")
    assert ended.out.splitlines()[-1] == (
        "warning: prices.csv: 1 price older than 19 days; run 'python -m pipeline prices refresh'"
    )
    assert today("prices", "check", *FILE, "--max-age", "20", "--strict").status == Status.OK


def test_an_old_catalogue_has_a_status_where_that_is_asked_for(today: CommandLine) -> None:
    ended = today("prices", "check", *FILE, "--max-age", "0", "--strict")
    assert ended.status == Status.BAD_SETTINGS
    assert ended.line.startswith("prices.csv: 1 price older than 0 days; run ")
    assert "1 price" in ended.out


def test_the_project_s_catalogue_is_the_default(pipeline: CommandLine) -> None:
    ended = pipeline("prices", "check")
    assert (ended.status, ended.err) == (Status.OK, "")
    assert "AmazonRDS" in ended.out


def test_a_check_against_aws_tells_what_differs(today: CommandLine) -> None:
    with serving(recorded) as url:
        online = ("--online", "--offers-url", url)
        ended = today("prices", "check", *FILE, *online)
        assert today("prices", "check", *FILE, *online, "--strict").status == Status.BAD_SETTINGS
    assert ended.status == Status.OK
    assert "0.012 -> 0.0132" in ended.out
    assert "1 price other than AWS lists" in ended.out.splitlines()[-1]


def test_a_refresh_writes_aws_s_prices(today: CommandLine) -> None:
    with serving(recorded) as url:
        ended = today("prices", "refresh", *FILE, "--offers-url", url)
    assert (ended.status, ended.err) == (Status.OK, "")
    assert ended.out.startswith("1 price found, 1 changed, 0 not found")
    (only,) = Catalogue.load(Path("prices.csv")).rows
    assert str(only.usd) == "0.0132"


def test_a_row_that_is_not_found_leaves_the_catalogue_as_it_is(today: CommandLine) -> None:
    Catalogue([T3, GONE]).write(Path("prices.csv"))
    before = Path("prices.csv").read_bytes()
    with serving(recorded) as url:
        ended = today("prices", "refresh", *FILE, "--offers-url", url)
        assert ended.status == Status.FAILED
        assert "1 row was not found" in ended.line
        assert Path("prices.csv").read_bytes() == before
        kept = today("prices", "refresh", *FILE, "--offers-url", url, "--keep-going")
    assert kept.status == Status.OK
    assert [str(each.usd) for each in Catalogue.load(Path("prices.csv")).rows] == ["99", "0.0132"]


def test_a_server_that_fails_is_one_line(today: CommandLine) -> None:
    with serving(lambda _path: Answer(status=404)) as url:
        ended = today("prices", "refresh", *FILE, "--offers-url", url)
    assert ended.status == Status.FAILED
    assert ended.line


@pytest.mark.parametrize("url", ["file:///etc/passwd", "nonsense", "http://[", ""])
def test_an_address_that_is_none_is_one_line(today: CommandLine, url: str) -> None:
    ended = today("prices", "refresh", *FILE, "--offers-url", url)
    assert ended.status in (Status.FAILED, Status.USAGE)
    assert ended.line


@pytest.mark.parametrize("days", ["-1", "soon", "1.5", "36501", "9" * 30, ""])
def test_an_age_that_is_no_number_of_days_is_refused(pipeline: CommandLine, days: str) -> None:
    ended = pipeline("prices", "check", f"--max-age={days}")
    assert ended.status == Status.USAGE
    assert ended.err.splitlines()[-1].endswith("is no number of days up to 36500")


def test_the_greatest_age_is_counted(today: CommandLine) -> None:
    assert today("prices", "check", *FILE, "--max-age", "36500", "--strict").status == Status.OK


def test_a_missing_catalogue_is_one_line(pipeline: CommandLine) -> None:
    line = pipeline.refused(Status.BAD_SETTINGS, "prices", "check", *FILE)
    assert line.startswith("prices.csv: ")


def test_prices_without_an_action_says_which_there_are(pipeline: CommandLine) -> None:
    ended = pipeline("prices")
    assert ended.status == Status.USAGE
    assert ended.err.splitlines()[-1].endswith("the following arguments are required: ACTION")


def test_today_is_a_day() -> None:
    assert isinstance(prices._today(), date)


def test_a_new_key_can_be_used(pipeline: CommandLine) -> None:
    first, second = pipeline("key"), pipeline("key")
    assert (first.status, first.err) == (Status.OK, "")
    (secret,) = Key.from_text(first.out.strip()).secrets
    assert len(secret) == 32
    assert first.out != second.out

"""A refresh: every row or none, and the file in one step."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from pipeline.cost.catalogue import Catalogue, Row
from pipeline.cost.price_list import (
    ListedPrice,
    Refreshed,
    refresh,
    refreshed_lines,
    replace,
)
from pipeline.errors import PipelineError
from tests.pipeline.cost.price_list.offers import TODAY, Answer, files, recorded, row, serving

T3 = row("AmazonEC2", "APS1-BoxUsage:t3.micro", operation="RunInstances", usd="0.012")
GP3 = row("AmazonEC2", "APS1-EBS:VolumeUsage.gp3", unit="GB-Mo", usd="0.096")
THROUGHPUT = row(
    "AmazonEC2", "APS1-EBS:VolumeP-Throughput.gp3", unit="MiBps-Mo", per="0.0009765625"
)
REQUESTS = row("AWSLambda", "APS1-Request", unit="1M requests", per="1000000", usd="0.2")
SECONDS = row(
    "AWSLambda",
    "APS1-Lambda-GB-Second",
    key="lambda.second",
    unit="GB-Second",
    end="6000000000",
)
SECONDS_MORE = dataclasses.replace(
    SECONDS, begin=Decimal(6_000_000_000), end=Decimal(15_000_000_000)
)
SECONDS_MOST = dataclasses.replace(SECONDS, begin=Decimal(15_000_000_000), end=None)
STORAGE = row("AmazonDynamoDB", "APS1-TimedStorage-ByteHrs", unit="GB-Mo")
KEYS = row("awskms", "APS1-KMS-Keys", unit="Keys")
QUERIES = row(
    "AmazonRoute53", "DNS-Queries", region="global", unit="1M queries", per="1000000", end="1000"
)
QUERIES_MORE = dataclasses.replace(QUERIES, begin=Decimal(1000), end=None)
DATABASE = row("AmazonRDS", "APS1-InstanceUsage:db.t4g.micro", operation="CreateDBInstance:0014")
SPOT = row("AmazonECS", "(fargate-spot feed)")
MODEL = row("AmazonBedrockFoundationModels", "APS1-MP:APS1_InputTokenCount-Units")

LISTED = (
    T3,
    GP3,
    THROUGHPUT,
    REQUESTS,
    SECONDS,
    SECONDS_MORE,
    SECONDS_MOST,
    STORAGE,
    KEYS,
    QUERIES,
    QUERIES_MORE,
    DATABASE,
)
GONE = row("AmazonEC2", "APS1-BoxUsage:t1.nano", operation="RunInstances")


def refreshed(*rows: Row, today: date = TODAY) -> Refreshed:
    with serving(recorded) as url:
        return refresh(Catalogue(rows), source=files(url), today=today)


def prices(result: Refreshed) -> dict[tuple[str, int], str]:
    return {(each.usagetype, int(each.begin)): f"{each.usd:f}" for each in result.catalogue.rows}


def test_every_row_gets_awss_price_of_its_unit() -> None:
    result = refreshed(*LISTED)
    assert prices(result) == {
        ("APS1-BoxUsage:t3.micro", 0): "0.0132",
        ("APS1-EBS:VolumeUsage.gp3", 0): "0.096",
        ("APS1-EBS:VolumeP-Throughput.gp3", 0): "0.048",
        ("APS1-Request", 0): "0.2",
        ("APS1-Lambda-GB-Second", 0): "0.0000166667",
        ("APS1-Lambda-GB-Second", 6_000_000_000): "0.000015",
        ("APS1-Lambda-GB-Second", 15_000_000_000): "0.0000133334",
        ("APS1-TimedStorage-ByteHrs", 0): "0.285",
        ("APS1-KMS-Keys", 0): "1",
        ("DNS-Queries", 0): "0.4",
        ("DNS-Queries", 1000): "0.2",
        ("APS1-InstanceUsage:db.t4g.micro", 0): "0.025",
    }
    assert (result.found, result.failures, result.kept) == (12, (), ())


def test_a_row_names_the_list_its_version_and_its_day_and_keeps_the_rest() -> None:
    (renewed,) = refreshed(T3).catalogue.rows
    assert renewed == dataclasses.replace(
        T3,
        usd=Decimal("0.0132"),
        source="AWS Price List, offer file AmazonEC2/ap-southeast-1, version 20261001190509",
        from_aws="yes",
        as_of="2026-10-01",
    )


def test_a_price_that_stayed_is_no_change_but_gets_its_day() -> None:
    result = refreshed(GP3)
    assert result.changes == ()
    assert result.catalogue.rows[0].as_of == "2026-10-01"


def test_each_list_is_read_once() -> None:
    asked = []

    def answer(path: str) -> Answer:
        asked.append(path.split("/")[4])
        return recorded(path)

    with serving(answer) as url:
        refresh(Catalogue(LISTED), source=files(url), today=TODAY)
    assert asked == [
        "AWSLambda",
        "AmazonDynamoDB",
        "AmazonEC2",
        "AmazonRDS",
        "AmazonRoute53",
        "awskms",
    ]


def test_rows_that_the_price_list_cannot_have_are_kept_by_hand() -> None:
    result = refreshed(SPOT, MODEL, GP3)
    assert [(kept.row, kept.why) for kept in result.kept] == [
        (SPOT, "its usagetype is none of AWS's"),
        (MODEL, "Marketplace products share its usagetype"),
    ]
    assert set(result.catalogue.rows) >= {SPOT, MODEL}
    assert result.failures == ()


def test_a_row_that_is_not_found_stays_as_it_was_and_is_named() -> None:
    result = refreshed(GP3, GONE)
    (failure,) = result.failures
    assert failure.row == GONE
    assert (failure.reason.name, failure.text) == (
        "NOT_LISTED",
        "no on-demand price of APS1-BoxUsage:t1.nano",
    )
    assert GONE in result.catalogue.rows


def test_a_price_whose_tiers_are_not_awss_is_named_with_them() -> None:
    alone = dataclasses.replace(SECONDS, end=None)
    (failure,) = refreshed(alone, GP3).failures
    assert failure.row == alone
    assert failure.reason.name == "NO_TIER"
    assert failure.text == (
        "AWS has the tiers 0 to 6000000000, 6000000000 to 15000000000, 15000000000 on, "
        "the catalogue 0 on; give the key AWS's tiers"
    )


def test_a_service_that_aws_does_not_list_fails_its_rows_only() -> None:
    unknown = row("AmazonNothing", "APS1-Nothing")
    result = refreshed(unknown, GP3)
    (failure,) = result.failures
    assert failure.row == unknown
    assert "AWS has no such offer file (HTTP 404)" in failure.text
    assert result.found == 1


def test_a_list_from_the_future_is_refused() -> None:
    assert refreshed(T3, today=date(2026, 9, 30)).found == 1
    with pytest.raises(PipelineError) as caught:
        refreshed(T3, today=date(2026, 9, 29))
    assert str(caught.value) == (
        "prices of AmazonEC2 in ap-southeast-1: published on 2026-10-01, after today "
        "(2026-09-29); check this machine's clock"
    )


class Broken:
    """A source that fails in the middle."""

    def prices(
        self, service: str, region: str, usagetypes: Collection[str]
    ) -> Iterator[ListedPrice]:
        yield from ()
        raise PipelineError("the answer broke off")


def test_a_list_that_cannot_be_read_ends_the_refresh() -> None:
    with pytest.raises(PipelineError, match="the answer broke off"):
        refresh(Catalogue((T3,)), source=Broken(), today=TODAY)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "catalogue.csv"
    Catalogue((T3, GP3)).write(path)
    return path


def test_the_file_is_replaced(path: Path) -> None:
    replace(path, refreshed(T3, GP3))
    assert {each.usd for each in Catalogue.load(path).rows} == {Decimal("0.0132"), Decimal("0.096")}
    assert [file.name for file in path.parent.iterdir()] == ["catalogue.csv"]


def test_the_file_is_as_it_was_where_a_row_was_not_found(path: Path) -> None:
    before = path.read_bytes()
    with pytest.raises(PipelineError) as caught:
        replace(path, refreshed(T3, GONE))
    assert str(caught.value) == (
        f"{path}: 1 row was not found in AWS's Price List and nothing was written; mend the rows "
        "that are named above, or keep their old prices with --keep-going"
    )
    assert path.read_bytes() == before


def test_whoever_keeps_going_keeps_the_old_price_of_what_was_not_found(path: Path) -> None:
    replace(path, refreshed(T3, GONE), keep_going=True)
    assert {each.usagetype: f"{each.usd:f}" for each in Catalogue.load(path).rows} == {
        "APS1-BoxUsage:t3.micro": "0.0132",
        "APS1-BoxUsage:t1.nano": "99",
    }


@pytest.mark.parametrize("method", ["write_text", "replace"])
def test_the_file_is_as_it_was_where_it_cannot_be_written(
    path: Path, monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    before = path.read_bytes()
    result = refreshed(T3, GP3)

    def half(self: Path, text: object, **_: object) -> None:
        if isinstance(text, str):
            self.write_bytes(text[:20].encode())
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, method, half)
    with pytest.raises(PipelineError) as caught:
        replace(path, result)
    assert str(caught.value) == (
        f"{path}: cannot be written: No space left on device; mend its folder's rights or room"
    )
    assert path.read_bytes() == before
    assert [file.name for file in path.parent.iterdir()] == ["catalogue.csv"]


def test_the_lines_name_what_changed_what_failed_and_what_is_kept() -> None:
    equal = dataclasses.replace(SECONDS_MOST, usd=Decimal("0.0000133334"))
    seconds = (SECONDS, dataclasses.replace(SECONDS_MORE, usd=Decimal("0.00003")), equal)
    assert refreshed_lines(refreshed(T3, GP3, *seconds, GONE, SPOT, MODEL)) == [
        "5 prices found, 3 changed, 1 not found, 2 kept by hand",
        (
            "  CHANGED    lambda.second in ap-southeast-1: 99 -> 0.0000166667 USD per GB-Second "
            "(-100.0 %)"
        ),
        (
            "  CHANGED    lambda.second in ap-southeast-1 from 6000000000: 0.00003 -> 0.000015 USD "
            "per GB-Second (-50.0 %)"
        ),
        (
            "  CHANGED    test.APS1-BoxUsage:t3.micro in ap-southeast-1: 0.012 -> 0.0132 USD per Hrs "
            "(+10.0 %)"
        ),
        (
            "  NOT FOUND  test.APS1-BoxUsage:t1.nano in ap-southeast-1: AWS does not list it: "
            "no on-demand price of APS1-BoxUsage:t1.nano"
        ),
        (
            "  by hand    1 row of AmazonBedrockFoundationModels: Marketplace products share its "
            "usagetype"
        ),
        "  by hand    1 row of AmazonECS: its usagetype is none of AWS's",
    ]


def test_a_price_that_was_zero_has_no_percentage() -> None:
    free = dataclasses.replace(GP3, usd=Decimal(0))
    assert refreshed_lines(refreshed(free))[1] == (
        "  CHANGED    test.APS1-EBS:VolumeUsage.gp3 in ap-southeast-1: 0 -> 0.096 USD per GB-Mo "
        "(was free)"
    )

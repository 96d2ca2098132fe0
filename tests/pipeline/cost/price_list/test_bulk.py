"""Offer files: AWS's format, faults on one line, memory that does not grow with the file."""

from __future__ import annotations

import socket
import tracemalloc
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest

from pipeline.cost.price_list import ListedPrice, NotOffered
from pipeline.errors import PipelineError
from tests.pipeline.cost.price_list.offers import (
    COLUMNS,
    METADATA,
    Answer,
    files,
    recorded,
    serving,
    text,
)

EC2 = METADATA.format(service="AmazonEC2")


def read(answer: Answer, service: str = "AmazonEC2") -> list[ListedPrice]:
    with serving(lambda path: answer) as url:
        return list(files(url).prices(service, "ap-southeast-1", ()))


def fault(answer: Answer) -> str:
    with pytest.raises(PipelineError) as caught:
        read(answer)
    message = str(caught.value)
    assert message.startswith("prices of AmazonEC2 in ap-southeast-1: ")
    assert "\n" not in message
    return message.removeprefix("prices of AmazonEC2 in ap-southeast-1: ")


def line(**changes: str) -> str:
    values = {
        "SKU": "TESTSKU",
        "TermType": "OnDemand",
        "StartingRange": "0",
        "EndingRange": "Inf",
        "Unit": "Hrs",
        "PricePerUnit": "0.0132000000",
        "Currency": "USD",
        "usageType": "APS1-BoxUsage:t3.micro",
        "operation": "RunInstances",
        **changes,
    }
    return ",".join(f'"{value}"' for value in values.values()) + "\n"


def test_a_recorded_file_is_read() -> None:
    with serving(recorded) as url:
        first = next(iter(files(url).prices("AmazonEC2", "ap-southeast-1", ())))
    assert first == ListedPrice(
        sku="TESTT3MICROLINUX",
        usagetype="APS1-BoxUsage:t3.micro",
        operation="RunInstances",
        unit="Hrs",
        begin=Decimal(0),
        end=None,
        usd=Decimal("0.0132"),
        published=date(2026, 10, 1),
        source=("AWS Price List, offer file AmazonEC2/ap-southeast-1, version 20261001190509"),
    )


def test_reserved_terms_are_left_out() -> None:
    with serving(recorded) as url:
        prices = list(files(url).prices("AmazonEC2", "ap-southeast-1", ()))
    linux = [price.usd for price in prices if price.sku == "TESTT3MICROLINUX"]
    assert linux == [Decimal("0.0132")]


def test_tiers_are_read_in_awss_units() -> None:
    with serving(recorded) as url:
        prices = list(files(url).prices("AWSLambda", "ap-southeast-1", ()))
    tiers = {
        (f"{price.begin}", f"{price.end}"): price.usd
        for price in prices
        if price.sku == "TESTLAMBDASECOND"
    }
    assert tiers == {
        ("0", "6000000000"): Decimal("0.0000166667"),
        ("6000000000", "15000000000"): Decimal("0.0000150000"),
        ("15000000000", "None"): Decimal("0.0000133334"),
    }


def test_what_belongs_to_no_region_is_read_under_awss_name_for_it() -> None:
    asked = []

    def answer(path: str) -> Answer:
        asked.append(path)
        return recorded(path)

    with serving(answer) as url:
        prices = list(files(url).prices("AmazonRoute53", "global", ()))
    assert asked == ["/offers/v1.0/aws/AmazonRoute53/current/aws-other/index.csv"]
    assert {price.usagetype for price in prices} == {
        "HostedZone",
        "DNS-Queries",
        "Intra-AWS-DNS-Queries",
    }


def test_columns_are_found_by_name() -> None:
    columns = '"usageType","Currency","PricePerUnit","Unit","More","StartingRange","EndingRange","TermType","SKU","operation"\n'
    body = '"APS1-X","USD","2","Hrs","a ""quoted"", comma","0","Inf","OnDemand","S",\n'
    (price,) = read(text(EC2 + columns + body))
    assert (price.usagetype, price.usd, price.operation) == ("APS1-X", Decimal(2), "")


def test_another_currency_beside_usd_is_left_out() -> None:
    both = line(Currency="CNY", PricePerUnit="0.1") + line()
    assert [price.usd for price in read(text(EC2 + COLUMNS + both))] == [Decimal("0.0132")]


def test_a_list_without_usd_is_a_fault() -> None:
    assert fault(text(EC2 + COLUMNS + line(Currency="CNY"))) == (
        "this is no offer file that can be used: its prices are in CNY, not USD; check the host"
    )


@pytest.mark.parametrize("status", [403, 404])
def test_a_file_that_aws_does_not_have_is_told_apart(status: int) -> None:
    with pytest.raises(NotOffered) as caught:
        read(Answer(status=status))
    assert str(caught.value) == (
        "prices of AmazonEC2 in ap-southeast-1: AWS has no such offer file "
        f"(HTTP {status}); check the rows' service and region"
    )


def test_a_server_that_fails_is_asked_again_and_then_given_up() -> None:
    asked = []

    def answer(path: str) -> Answer:
        asked.append(path)
        return Answer(status=503)

    with serving(answer) as url, pytest.raises(PipelineError) as caught:
        list(files(url, retries=2).prices("AmazonEC2", "ap-southeast-1", ()))
    assert len(asked) == 3
    assert str(caught.value) == (
        "prices of AmazonEC2 in ap-southeast-1: HTTP 503; run it again later"
    )


def test_a_server_that_fails_once_is_no_fault() -> None:
    answers = iter([Answer(status=500), text(EC2 + COLUMNS + line())])
    with serving(lambda path: next(answers)) as url:
        assert len(list(files(url).prices("AmazonEC2", "ap-southeast-1", ()))) == 1


def test_an_answer_that_breaks_off_is_a_fault() -> None:
    body = (EC2 + COLUMNS + line()).encode()
    cut = Answer(body=(body,), promised=len(body) + 100)
    assert fault(cut) == "the answer broke off; run it again"


def test_a_file_that_was_cut_is_a_fault() -> None:
    assert fault(text(EC2 + COLUMNS + line() + '"TESTSKU","OnDemand"')) == (
        "this is no offer file that can be used: a line has 2 of 9 columns; run it again"
    )


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("", "it has no metadata; check the host"),
        ("<html>Sign in</html>\n" * 20, "it has no metadata; check the host"),
        (METADATA.format(service="AmazonS3") + COLUMNS, "it is of AmazonS3"),
        (EC2, "it has no column SKU"),
        (EC2 + COLUMNS.replace("usageType", "Usage"), "it has no column usageType"),
        (EC2.replace("2026-10-01T", "soon"), "its publication date is missing or none"),
        (
            EC2 + COLUMNS + line(PricePerUnit="much"),
            "APS1-BoxUsage:t3.micro: 'much' is no price and no quantity",
        ),
        (
            EC2 + COLUMNS + line(PricePerUnit="NaN"),
            "APS1-BoxUsage:t3.micro: 'NaN' is no price and no quantity",
        ),
        (
            EC2 + COLUMNS + line(PricePerUnit="-1"),
            "APS1-BoxUsage:t3.micro: '-1' is no price and no quantity",
        ),
        (
            EC2 + COLUMNS + line(StartingRange="Inf"),
            "APS1-BoxUsage:t3.micro: 'Inf' is no price and no quantity",
        ),
    ],
    ids=[
        "empty",
        "page",
        "service",
        "no columns",
        "column",
        "date",
        "price",
        "nan",
        "negative",
        "infinite",
    ],
)
def test_content_that_is_none_is_a_fault(body: str, why: str) -> None:
    assert fault(text(body)) == f"this is no offer file that can be used: {why}"


@pytest.mark.parametrize(
    "raw", [b"\xff\xfe\x00" * 50 + b"\n", b"<" * 200_000], ids=["bytes", "one endless line"]
)
def test_what_is_no_csv_is_a_fault(raw: bytes) -> None:
    assert fault(Answer(body=(raw,), promised=len(raw))) == ("the answer is no CSV; check the host")


def test_a_host_that_nobody_serves_is_a_fault() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}"
        with pytest.raises(PipelineError) as caught:
            list(files(url).prices("AmazonEC2", "ap-southeast-1", ()))
    message = str(caught.value)
    assert f"{url} cannot be reached" in message
    assert "Connection refused" in message
    assert message.endswith("check the network and the host")


def test_a_name_that_nobody_knows_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(PipelineError) as caught:
        list(files("http://prices.invalid", retries=0).prices("AmazonEC2", "eu-west-1", ()))
    assert str(caught.value).startswith(
        "prices of AmazonEC2 in eu-west-1: http://prices.invalid cannot be reached ("
    )
    assert "Name or service not known" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_silent_host_is_a_fault() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        source = files(url, read_seconds=0.05, retries=0)
        with pytest.raises(PipelineError, match="did not answer in time; run it again"):
            list(source.prices("AmazonEC2", "ap-southeast-1", ()))


LINES = 200_000
MEGABYTE = 2**20


def test_memory_stays_flat_on_a_file_of_any_length() -> None:
    """Seventeen megabytes pass; little is held at a time."""
    block = line() * 1000

    def body() -> Iterator[bytes]:
        yield (EC2 + COLUMNS).encode()
        for _ in range(LINES // 1000):
            yield block.encode()

    length = len(EC2 + COLUMNS) + len(block) * LINES // 1000
    answer = Answer(body=body(), promised=length)
    with serving(lambda path: answer) as url:
        prices = files(url).prices("AmazonEC2", "ap-southeast-1", ())
        tracemalloc.start()
        try:
            count = sum(1 for _ in prices)
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert length > 16 * MEGABYTE
    assert count == LINES
    assert peak < 4 * MEGABYTE

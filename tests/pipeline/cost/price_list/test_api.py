"""The Price List API: AWS's answers, one usagetype at a time, faults on one line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import NoCredentialsError
from botocore.stub import Stubber

from pipeline.cost.price_list import ListedPrice, NotOffered, QueryApi, query_api
from pipeline.errors import PipelineError, Status
from tests.pipeline.cost.price_list.offers import RECORDED

MICRO = "APS1-InstanceUsage:db.t4g.micro"
REGION = "ap-southeast-1"


@pytest.fixture
def client() -> Any:
    return boto3.client(
        "pricing",
        region_name="us-east-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
        config=Config(retries={"total_max_attempts": 1}),
    )


@pytest.fixture
def stub(client: Any) -> Iterator[Stubber]:
    with Stubber(client) as stubber:
        yield stubber
        stubber.assert_no_pending_responses()


def page(name: str) -> dict[str, Any]:
    read: dict[str, Any] = json.loads((RECORDED / "api" / name).read_text())
    return read


def asked(usagetype: str, *, region: str | None = REGION, **more: Any) -> dict[str, Any]:
    filters = [{"Type": "TERM_MATCH", "Field": "usagetype", "Value": usagetype}]
    if region:
        filters.append({"Type": "TERM_MATCH", "Field": "regionCode", "Value": region})
    return {
        "ServiceCode": "AmazonRDS",
        "Filters": filters,
        "FormatVersion": "aws_v1",
        "MaxResults": 100,
        **more,
    }


NOTHING = {"FormatVersion": "aws_v1", "PriceList": []}


def test_all_pages_are_read_and_reserved_terms_left_out(client: Any, stub: Stubber) -> None:
    stub.add_response("get_products", page("rds-page-1.json"), asked(MICRO))
    stub.add_response(
        "get_products", page("rds-page-2.json"), asked(MICRO, NextToken="TESTTOKEN==")
    )
    mysql, postgresql = QueryApi(client).prices("AmazonRDS", REGION, {MICRO})
    assert mysql.usd == Decimal("0.024")
    assert postgresql == ListedPrice(
        sku="TESTT4GMICROPSQL",
        usagetype=MICRO,
        operation="CreateDBInstance:0014",
        unit="Hrs",
        begin=Decimal(0),
        end=None,
        usd=Decimal("0.025"),
        published=date(2026, 9, 24),
        source="AWS Price List API, AmazonRDS, version 20260924174019",
    )


def test_other_prefixes_are_asked_for_until_one_is_listed(client: Any, stub: Stubber) -> None:
    stub.add_response("get_products", page("rds-page-2.json"), asked("APS1-Other"))
    stub.add_response("get_products", NOTHING, asked("KMS-Keys"))
    stub.add_response("get_products", NOTHING, asked("APS1-KMS-Keys"))
    stub.add_response("get_products", page("rds-page-2.json"), asked("ap-southeast-1-KMS-Keys"))
    found = list(QueryApi(client).prices("AmazonRDS", REGION, {"KMS-Keys", "APS1-Other"}))
    assert len(found) == 2


def test_without_a_region_neither_region_nor_prefix_is_asked_for(
    client: Any, stub: Stubber
) -> None:
    stub.add_response("get_products", NOTHING, asked("DNS-Queries", region=None))
    assert list(QueryApi(client).prices("AmazonRDS", "global", {"DNS-Queries"})) == []


def fault(client: Any) -> str:
    with pytest.raises(PipelineError) as caught:
        list(QueryApi(client).prices("AmazonRDS", REGION, {MICRO}))
    message = str(caught.value)
    assert message.startswith("prices of AmazonRDS in ap-southeast-1: ")
    assert "\n" not in message
    return message.removeprefix("prices of AmazonRDS in ap-southeast-1: ")


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("AccessDeniedException", "allow pricing:GetProducts"),
        ("ExpiredTokenException", "check the credentials, or run it again later"),
        ("ThrottlingException", "check the credentials, or run it again later"),
    ],
)
def test_a_refusal_is_one_line(client: Any, stub: Stubber, code: str, message: str) -> None:
    stub.add_client_error("get_products", code, "line one\nline two", 400)
    assert fault(client) == f"AWS refused ({code}); {message}"


@pytest.mark.parametrize("code", ["InvalidParameterException", "NotFoundException"])
def test_a_service_that_aws_does_not_know_is_told_apart(
    client: Any, stub: Stubber, code: str
) -> None:
    stub.add_client_error("get_products", code, "Invalid ServiceCode", 400)
    with pytest.raises(NotOffered) as caught:
        list(QueryApi(client).prices("AmazonRDS", REGION, {MICRO}))
    assert str(caught.value) == (
        "prices of AmazonRDS in ap-southeast-1: AWS does not know them "
        f"({code}); check the rows' service and region"
    )


def test_missing_credentials_are_one_line(client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def none(*_: Any, **__: Any) -> Any:
        raise NoCredentialsError

    monkeypatch.setattr(client, "_make_api_call", none)
    assert fault(client) == (
        "Unable to locate credentials; give credentials, or read the offer files, which need none"
    )


@pytest.mark.parametrize(
    "item",
    ["", "{", "[]", '{"product": {}}'],
    ids=["empty", "cut", "list", "no terms"],
)
def test_an_item_in_another_format_is_one_line(client: Any, stub: Stubber, item: str) -> None:
    stub.add_response("get_products", {**NOTHING, "PriceList": [item]}, asked(MICRO))
    message = fault(client)
    assert message.startswith("AWS's answer is not in its format (")
    assert message.endswith("report it")


@pytest.mark.parametrize("field", ["beginRange", "endRange", "USD"])
def test_a_number_that_is_none_is_one_line(client: Any, stub: Stubber, field: str) -> None:
    answer = page("rds-page-2.json")
    item = json.loads(answer["PriceList"][0])
    ((_, term),) = item["terms"]["OnDemand"].items()
    ((_, tier),) = term["priceDimensions"].items()
    (tier if field.endswith("Range") else tier["pricePerUnit"])[field] = "much"
    answer["PriceList"] = [json.dumps(item)]
    stub.add_response("get_products", answer, asked(MICRO))
    assert fault(client) == (
        "AWS's answer is not in its format ('much' is no price and no quantity); report it"
    )


def in_yuan(answer: dict[str, Any]) -> dict[str, Any]:
    return {**answer, "PriceList": [text.replace("USD", "CNY") for text in answer["PriceList"]]}


def test_prices_in_another_currency_only_are_a_fault(client: Any, stub: Stubber) -> None:
    stub.add_response("get_products", in_yuan(page("rds-page-2.json")), asked(MICRO))
    assert fault(client) == "they are in CNY, not USD; use credentials of the standard partition"


def test_the_api_is_served_from_three_regions() -> None:
    with pytest.raises(PipelineError) as caught:
        query_api("ap-southeast-1")
    assert caught.value.status is Status.USAGE
    assert str(caught.value) == (
        "ap-southeast-1: the Price List API is not served there; "
        "choose us-east-1, eu-central-1, ap-south-1"
    )
    assert isinstance(query_api("ap-south-1"), QueryApi)

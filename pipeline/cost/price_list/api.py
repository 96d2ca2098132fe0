"""AWS's Price List Query API, for those who have credentials.

It answers for one usagetype at a time, so that a refresh reads a few hundred small pages and not
EC2's whole list. The API is served from three regions only. An item is a JSON text with the
product's attributes and its terms, as AWS describes in its Billing guide.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import boto3
import msgspec
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from pipeline.cost.catalogue import GLOBAL
from pipeline.cost.price_list.listed import ListedPrice, NotOffered, end_of_tier, number
from pipeline.cost.price_list.matching import suffix
from pipeline.errors import PipelineError, Status

API_REGIONS = ("us-east-1", "eu-central-1", "ap-south-1")
"""Where AWS serves the API."""

_PAGE = 100
"""Products in an answer, at most."""

_UNKNOWN = ("InvalidParameterException", "NotFoundException")
"""What the API says to a service that it does not have."""


class _Dimension(msgspec.Struct, frozen=True):
    unit: str
    price: dict[str, str] = msgspec.field(name="pricePerUnit")
    begin: str = msgspec.field(name="beginRange", default="0")
    end: str = msgspec.field(name="endRange", default="Inf")


class _Term(msgspec.Struct, frozen=True):
    dimensions: dict[str, _Dimension] = msgspec.field(name="priceDimensions")


class _Terms(msgspec.Struct, frozen=True):
    on_demand: dict[str, _Term] = msgspec.field(name="OnDemand", default_factory=dict)


class _Product(msgspec.Struct, frozen=True):
    sku: str
    attributes: dict[str, str]


class _Item(msgspec.Struct, frozen=True):
    product: _Product
    terms: _Terms
    version: str
    published: str = msgspec.field(name="publicationDate")


class QueryApi:
    """Reads prices through ``pricing:GetProducts``."""

    def __init__(self, client: Any) -> None:
        """Args: client: boto3's for ``pricing``; see ``query_api``."""
        self._client = client

    def prices(
        self, service: str, region: str, usagetypes: Collection[str]
    ) -> Iterator[ListedPrice]:
        """See ``PriceSource``."""
        with _faults(service, region):
            for usagetype in sorted(usagetypes):
                for spelling in _spellings(usagetype, usagetypes, region):
                    found = list(self._of(service, region, spelling))
                    yield from found
                    if found:
                        break

    def _of(self, service: str, region: str, usagetype: str) -> Iterator[ListedPrice]:
        filters = [{"Type": "TERM_MATCH", "Field": "usagetype", "Value": usagetype}]
        # What belongs to no region has no region code to ask for.
        if region != GLOBAL:
            filters.append({"Type": "TERM_MATCH", "Field": "regionCode", "Value": region})
        pages = self._client.get_paginator("get_products").paginate(
            ServiceCode=service,
            Filters=filters,
            FormatVersion="aws_v1",
            PaginationConfig={"PageSize": _PAGE},
        )
        currencies: set[str] = set()
        for page in pages:
            for text in page["PriceList"]:
                item = msgspec.json.decode(text, type=_Item)
                for term in item.terms.on_demand.values():
                    currencies |= {name for d in term.dimensions.values() for name in d.price}
                    yield from _listed(item, term.dimensions.values(), service)
        if currencies and "USD" not in currencies:
            raise PipelineError(
                f"prices of {service} in {region}: they are in {min(currencies)}, not USD; "
                "use credentials of the standard partition"
            )


def query_api(region: str = API_REGIONS[0]) -> QueryApi:
    """The API with the credentials that boto3 finds.

    Args:
        region: where the API is asked, not whose prices are wanted.

    Raises:
        PipelineError: AWS does not serve the API there, or there are no such settings.
    """
    if region not in API_REGIONS:
        raise PipelineError(
            f"{region}: the Price List API is not served there; choose {', '.join(API_REGIONS)}",
            Status.USAGE,
        )
    settings = Config(
        connect_timeout=10, read_timeout=30, retries={"mode": "standard", "max_attempts": 3}
    )
    try:
        return QueryApi(boto3.client("pricing", region_name=region, config=settings))
    except BotoCoreError as error:
        raise PipelineError(f"the Price List API cannot be asked: {error}") from None


def _spellings(usagetype: str, usagetypes: Iterable[str], region: str) -> list[str]:
    """The usagetype, then without a prefix, then with those that others of the region have."""
    if region == GLOBAL:
        return [usagetype]
    bare = suffix(usagetype, region)
    seen = {name.removesuffix(suffix(name, region)) for name in usagetypes} | {f"{region}-"}
    return list(dict.fromkeys([usagetype, bare, *(prefix + bare for prefix in sorted(seen))]))


def _listed(item: _Item, tiers: Iterable[_Dimension], service: str) -> Iterator[ListedPrice]:
    attributes = item.product.attributes
    for tier in tiers:
        if "USD" in tier.price:
            yield ListedPrice(
                sku=item.product.sku,
                usagetype=attributes["usagetype"],
                operation=attributes.get("operation", ""),
                unit=tier.unit,
                begin=number(tier.begin),
                end=end_of_tier(tier.end),
                usd=number(tier.price["USD"]),
                published=date.fromisoformat(item.published[:10]),
                source=f"AWS Price List API, {service}, version {item.version}",
            )


@contextmanager
def _faults(service: str, region: str) -> Iterator[None]:
    """Turn the libraries' exceptions into one line."""
    what = f"prices of {service} in {region}"
    try:
        yield
    except ClientError as error:
        code = error.response.get("Error", {}).get("Code", "no code")
        if code in _UNKNOWN:
            raise NotOffered(
                f"{what}: AWS does not know them ({code}); check the rows' service and region"
            ) from None
        hint = (
            "allow pricing:GetProducts"
            if "Denied" in code
            else "check the credentials, or run it again later"
        )
        raise PipelineError(f"{what}: AWS refused ({code}); {hint}") from None
    except BotoCoreError as error:
        reason = " ".join(str(error).split())
        raise PipelineError(
            f"{what}: {reason}; give credentials, or read the offer files, which need none"
        ) from None
    except (msgspec.MsgspecError, KeyError, ValueError) as error:
        raise PipelineError(
            f"{what}: AWS's answer is not in its format ({error}); report it"
        ) from None

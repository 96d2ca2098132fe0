"""Reads AWS's Price List: renews the catalogue's prices, and tells how old they are.

Two sources give the same answers: the offer files, which anybody may read, and the API, which
needs credentials.
"""

from pipeline.cost.price_list.api import API_REGIONS, QueryApi, query_api
from pipeline.cost.price_list.bulk import AWS_PRICING, OfferFiles
from pipeline.cost.price_list.check import CheckResult, check
from pipeline.cost.price_list.listed import ListedPrice, NotOffered, PriceSource
from pipeline.cost.price_list.refresh import Refreshed, refresh, replace
from pipeline.cost.price_list.text import check_lines, refreshed_lines

__all__ = [
    "API_REGIONS",
    "AWS_PRICING",
    "CheckResult",
    "ListedPrice",
    "NotOffered",
    "OfferFiles",
    "PriceSource",
    "QueryApi",
    "Refreshed",
    "check",
    "check_lines",
    "query_api",
    "refresh",
    "refreshed_lines",
    "replace",
]

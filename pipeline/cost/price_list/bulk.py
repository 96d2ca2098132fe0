"""AWS's offer files, which anybody may read: no account, no credentials.

One CSV file a service and region, at
``/offers/v1.0/aws/<service>/current/<region>/index.csv``. Five lines of metadata come first, the
sixth names the columns, then there is one line a price. AWS describes both in its Billing guide,
"Reading the service price list file for an AWS service". EC2's file has hundreds of megabytes, so
a file is read line by line and never held whole.
"""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from datetime import date

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import ConnectTimeoutError, ReadTimeoutError
from urllib3.util import Retry

from pipeline.cost.catalogue import GLOBAL
from pipeline.cost.price_list.listed import ListedPrice, NotOffered, end_of_tier, number
from pipeline.errors import PipelineError

AWS_PRICING = "https://pricing.us-east-1.amazonaws.com"
"""AWS's pricing host."""

_NO_REGION = "aws-other"
"""AWS's name for the list of what belongs to no region."""

_METADATA_LINES = 5
_NEEDED = (
    "SKU",
    "TermType",
    "StartingRange",
    "EndingRange",
    "Unit",
    "PricePerUnit",
    "Currency",
    "usageType",
    "operation",
)
_CHUNK = 64 * 1024


class OfferFiles:
    """Reads prices from AWS's offer files."""

    def __init__(
        self,
        *,
        base_url: str = AWS_PRICING,
        connect_seconds: float = 10,
        read_seconds: float = 60,
        retries: int = 2,
        pause_seconds: float = 0.5,
    ) -> None:
        """Nothing is read before it is asked for.

        Args:
            base_url: the host, for a mirror.
            connect_seconds: how long a connection may take.
            read_seconds: how long the host may be silent.
            retries: how often a file is asked for again after a refusal or a fault.
            pause_seconds: before the second of these; it doubles.
        """
        self._base_url = base_url.rstrip("/")
        self._timeouts = (connect_seconds, read_seconds)
        again = Retry(
            total=retries,
            backoff_factor=pause_seconds,
            status_forcelist=(429, 500, 502, 503, 504),
            allowed_methods=("GET",),
            # A host that asks for an hour is a fault, not a pause.
            respect_retry_after_header=False,
            raise_on_status=False,
        )
        self._session = requests.Session()
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, HTTPAdapter(max_retries=again))

    def prices(
        self,
        service: str,
        region: str,
        usagetypes: Collection[str],  # noqa: ARG002 - a file has them all
    ) -> Iterator[ListedPrice]:
        """See ``PriceSource``; the whole file is read, whatever is wanted."""
        place = _NO_REGION if region == GLOBAL else region
        url = f"{self._base_url}/offers/v1.0/aws/{service}/current/{place}/index.csv"
        with (
            self._faults(service, region),
            self._session.get(url, stream=True, timeout=self._timeouts) as response,
        ):
            _expect_ok(response, service, region)
            lines = response.iter_lines(chunk_size=_CHUNK)
            yield from _OfferFile(service, place).prices(line.decode() for line in lines)

    @contextmanager
    def _faults(self, service: str, region: str) -> Iterator[None]:
        """Turn the library's exceptions into one line."""
        what = f"prices of {service} in {region}"
        try:
            yield
        except (requests.exceptions.ChunkedEncodingError, requests.exceptions.ContentDecodingError):
            raise PipelineError(f"{what}: the answer broke off; run it again") from None
        except requests.exceptions.RequestException as error:
            reason = _innermost(error)
            # A name that is unknown and a port that is closed are, to urllib3, kinds of the latter.
            if isinstance(reason, ReadTimeoutError) or type(reason) is ConnectTimeoutError:
                raise PipelineError(
                    f"{what}: {self._base_url} did not answer in time; run it again"
                ) from None
            raise PipelineError(
                f"{what}: {self._base_url} cannot be reached ({_line(reason)}); "
                "check the network and the host"
            ) from None
        except (UnicodeDecodeError, csv.Error):
            raise PipelineError(f"{what}: the answer is no CSV; check the host") from None


def _expect_ok(response: requests.Response, service: str, region: str) -> None:
    # The files lie in a store that says 403 for what it does not have.
    if response.status_code in (403, 404):
        raise NotOffered(
            f"prices of {service} in {region}: AWS has no such offer file "
            f"(HTTP {response.status_code}); check the rows' service and region"
        )
    if response.status_code != requests.codes.ok:
        raise PipelineError(
            f"prices of {service} in {region}: HTTP {response.status_code}; run it again later"
        )


def _innermost(error: Exception) -> Exception:
    """The reason of the reason, as the libraries nest them."""
    inner: object = error
    while isinstance(inner, Exception):
        error = inner
        inner = getattr(error, "reason", None) or next(iter(error.args), None)
    return error


def _line(error: Exception) -> str:
    return " ".join(str(error).split())[:120] or type(error).__name__


class _OfferFile:
    """One file's lines to prices."""

    def __init__(self, service: str, place: str) -> None:
        self._service = service
        self._place = place

    def prices(self, lines: Iterable[str]) -> Iterator[ListedPrice]:
        reader = (line for line in csv.reader(lines) if line)
        published, source = self._metadata(reader)
        columns = next(reader, [])
        missing = [name for name in _NEEDED if name not in columns]
        if missing:
            raise self._wrong(f"it has no column {missing[0]}")
        at = {name: columns.index(name) for name in _NEEDED}
        currencies = set()
        for line in reader:
            if len(line) != len(columns):
                raise self._wrong(f"a line has {len(line)} of {len(columns)} columns; run it again")
            if line[at["TermType"]] != "OnDemand":
                continue
            currencies.add(line[at["Currency"]])
            if line[at["Currency"]] == "USD":
                yield self._price({name: line[at[name]] for name in _NEEDED}, published, source)
        if currencies and "USD" not in currencies:
            raise self._wrong(f"its prices are in {min(currencies)}, not USD; check the host")

    def _metadata(self, reader: Iterator[list[str]]) -> tuple[date, str]:
        found = {}
        for _, line in zip(range(_METADATA_LINES), reader, strict=False):
            found[line[0]] = line[1] if len(line) > 1 else ""
        offered = found.get("OfferCode")
        if offered != self._service:
            raise self._wrong(
                f"it is of {offered}" if offered else "it has no metadata; check the host"
            )
        try:
            published = date.fromisoformat(found["Publication Date"][:10])
        except (KeyError, ValueError):
            raise self._wrong("its publication date is missing or none") from None
        version = found.get("Version", "")
        return (
            published,
            f"AWS Price List, offer file {self._service}/{self._place}, version {version}",
        )

    def _price(self, line: dict[str, str], published: date, source: str) -> ListedPrice:
        try:
            return ListedPrice(
                sku=line["SKU"],
                usagetype=line["usageType"],
                operation=line["operation"],
                unit=line["Unit"],
                begin=number(line["StartingRange"] or "0"),
                end=end_of_tier(line["EndingRange"]),
                usd=number(line["PricePerUnit"]),
                published=published,
                source=source,
            )
        except ValueError as error:
            raise self._wrong(f"{line['usageType']}: {error}") from None

    def _wrong(self, why: str) -> PipelineError:
        return PipelineError(
            f"prices of {self._service} in {self._place}: this is no offer file that can be "
            f"used: {why}"
        )

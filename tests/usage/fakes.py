"""An account that answers from memory, as boto3's clients would."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from botocore.exceptions import ClientError

from usage.aws import Account

Answer = Any
Operation = Callable[..., Answer]


def refusal(code: str, message: str = "no") -> ClientError:
    """What boto3 raises for AWS's refusal."""
    return ClientError({"Error": {"Code": code, "Message": message}}, "Operation")


class Paginator:
    """Pages of one operation."""

    def __init__(self, pages: Callable[..., Sequence[Answer]]) -> None:
        self._pages = pages

    def paginate(self, **arguments: Any) -> Iterator[Answer]:
        yield from self._pages(**arguments)


class Client:
    """A client whose operations are given; a paginated one gives its pages."""

    def __init__(self, operations: Mapping[str, Operation]) -> None:
        self._operations = operations

    def __getattr__(self, name: str) -> Operation:
        return self._operations[name]

    def get_paginator(self, name: str) -> Paginator:
        return Paginator(self._operations[name])


class FakeAccount(Account):
    """An account made of operations by service."""

    def __init__(self, region: str = "ap-southeast-1", **services: Mapping[str, Operation]) -> None:
        self.region = region
        self._services = services

    def client(self, service: str) -> Client:
        return Client(self._services[service])


def raising(error: BaseException) -> Operation:
    """An operation that fails."""

    def fail(*_: Any, **__: Any) -> Answer:
        raise error

    return fail


class Metrics:
    """CloudWatch with some values; remembers what it was asked.

    Attributes:
        calls: number of queries of each call.
    """

    def __init__(
        self,
        values: Mapping[tuple[str, str, str], Sequence[tuple[dt.datetime, float]]],
        *,
        a_page: int = 2,
    ) -> None:
        """Args: values: name, model and statistic to points; a_page: points on a page."""
        self.values, self.a_page = values, a_page
        self.calls: list[int] = []
        self.periods: set[int] = set()

    def get_metric_data(self, **arguments: Any) -> Iterator[Answer]:
        queries = arguments["MetricDataQueries"]
        self.calls.append(len(queries))
        self.periods |= {query["MetricStat"]["Period"] for query in queries}
        found = {query["Id"]: self._points(query["MetricStat"]) for query in queries}
        most = max(map(len, found.values()), default=0)
        for first in range(0, max(most, 1), self.a_page):
            yield {
                "MetricDataResults": [
                    {
                        "Id": name,
                        "Label": name,
                        "StatusCode": "PartialData" if first + self.a_page < most else "Complete",
                        "Timestamps": [time for time, _ in points[first : first + self.a_page]],
                        "Values": [value for _, value in points[first : first + self.a_page]],
                    }
                    for name, points in found.items()
                ]
            }

    def _points(self, wanted: Mapping[str, Any]) -> Sequence[tuple[dt.datetime, float]]:
        metric = wanted["Metric"]
        assert metric["Namespace"] == "AWS/Bedrock"
        ((_, model),) = (tuple(each.values()) for each in metric["Dimensions"])
        return self.values.get((metric["MetricName"], model, wanted["Stat"]), ())

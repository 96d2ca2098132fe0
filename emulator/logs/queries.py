"""Queries of Logs Insights as the API has them: started, answered, kept for a while."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

from moto.core.utils import unix_time_millis, utcnow
from moto.logs.exceptions import (
    InvalidParameterException,
    LogsClientError,
    ResourceNotFoundException,
)
from moto.logs.models import LogGroup, LogsBackend
from moto.moto_api._internal import mock_random

from emulator.logs.insights.discovery import Event
from emulator.logs.insights.query import MOST_ROWS, Query, QueryError
from emulator.logs.protection import masked

_MOST_KEPT: Final = 100
"""Results that are kept; AWS keeps them for seven days."""
_LANGUAGE: Final = "CWLI"


class StartedQuery:
    """A query that has run; what moto lists as one of its own."""

    status = "Complete"

    def __init__(
        self, text: str, groups: list[LogGroup], *, start: int, end: int, most: int
    ) -> None:
        """Runs it.

        Args:
            text: of the query.
            groups: whose events.
            start: of their time, in seconds since 1970.
            end: of their time, included.
            most: rows, where the query does not say.

        Raises:
            LogsClientError: if it can't be run.
        """
        try:
            query = Query(text)
        except QueryError as error:
            raise LogsClientError("MalformedQueryException", str(error)) from None
        self.id = str(mock_random.uuid4())
        self.log_group_names = [group.name for group in groups]
        self._text = text
        self._created = int(unix_time_millis(utcnow()))
        self._answer = query.run(_events(groups, start * 1000, end * 1000 + 999), most)

    def to_json(self, log_group_name: str) -> dict[str, Any]:
        """As DescribeQueries has it."""
        return {
            "queryId": self.id,
            "queryString": self._text,
            "queryLanguage": _LANGUAGE,
            "status": self.status,
            "createTime": self._created,
            "logGroupName": log_group_name,
        }

    def to_result_json(self) -> dict[str, Any]:
        """As GetQueryResults has it."""
        answer = self._answer
        return {
            "queryLanguage": _LANGUAGE,
            "results": [
                [{"field": name, "value": value} for name, value in row] for row in answer.rows
            ],
            "statistics": {
                "recordsMatched": float(answer.matched),
                "recordsScanned": float(answer.scanned),
                "bytesScanned": float(answer.scanned_bytes),
                "estimatedRecordsSkipped": 0.0,
                "estimatedBytesSkipped": 0.0,
                "logGroupsScanned": float(len(self.log_group_names)),
            },
            "status": self.status,
        }


def start(backend: LogsBackend, request: dict[str, Any]) -> str:
    """Runs a query; gives its id.

    Args:
        backend: of the caller.
        request: StartQuery's parameters.

    Raises:
        LogsClientError: if it can't be run.
    """
    if request.get("queryLanguage", _LANGUAGE) != _LANGUAGE:
        language = request["queryLanguage"]
        raise InvalidParameterException(f"the emulator has no query language {language}")
    most = request.get("limit", MOST_ROWS)
    if not 1 <= most <= MOST_ROWS:
        raise InvalidParameterException(
            constraint=f"Member must have value between 1 and {MOST_ROWS}",
            parameter="limit",
            value=most,
        )
    query = StartedQuery(
        request["queryString"],
        list(_groups(backend, request)),
        start=request["startTime"],
        end=request["endTime"],
        most=most,
    )
    kept: dict[str, Any] = backend.queries
    kept[query.id] = query
    for old in list(kept)[:-_MOST_KEPT]:
        del kept[old]
    return query.id


def find(backend: LogsBackend, query_id: str) -> StartedQuery:
    """Finds a query that was started.

    Raises:
        LogsClientError: if there is none, or none any more.
    """
    query: Any = backend.queries.get(query_id)
    if query is None:
        raise ResourceNotFoundException(f"The specified query does not exist: {query_id}")
    found: StartedQuery = query
    return found


def stop(backend: LogsBackend, query_id: str) -> None:
    """Refuses to stop a query: each has ended when its start is answered.

    Raises:
        LogsClientError: always.
    """
    status = find(backend, query_id).status
    raise InvalidParameterException(
        f"Query with ID {query_id} is already ended with {status} status"
    )


def _groups(backend: LogsBackend, request: dict[str, Any]) -> Iterator[LogGroup]:
    ways = ("logGroupName", "logGroupNames", "logGroupIdentifiers")
    given = [request[way] for way in ways if request.get(way)]
    if len(given) != 1:
        raise InvalidParameterException(f"a query needs one of {', '.join(ways)}")
    names: Iterable[str] = [given[0]] if isinstance(given[0], str) else given[0]
    for name in names:
        # An identifier may be an ARN.
        bare = name.partition(":log-group:")[2].removesuffix(":*") or name
        if bare not in backend.groups:
            raise ResourceNotFoundException(f"The specified log group does not exist: {bare}")
        yield backend.groups[bare]


def _events(groups: list[LogGroup], start: int, end: int) -> Iterator[Event]:
    for group in groups:
        for stream in group.streams.values():
            for event in stream.events:
                if start <= event.timestamp <= end:
                    yield Event(
                        timestamp=event.timestamp,
                        ingestion_time=event.ingestion_time,
                        message=masked(group, event.message),
                        log=f"{group.account_id}:{group.name}",
                        stream=stream.log_stream_name,
                        pointer=str(event.event_id),
                    )

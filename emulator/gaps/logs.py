"""CloudWatch Logs: queries."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from moto.logs.models import LogsBackend
from moto.logs.responses import LogsResponse

from emulator.gaps.registry import Gap, add, replace
from emulator.logs import definitions, queries


def _insights() -> None:
    @replace(LogsResponse, "start_query")
    def _(_original: Callable[..., str], self: LogsResponse) -> str:
        return json.dumps({"queryId": queries.start(self.logs_backend, _asked(self))})

    @replace(LogsBackend, "get_query_results")
    def _(_original: Callable[..., Any], self: LogsBackend, query_id: str) -> Any:
        return queries.find(self, query_id)

    @add(LogsResponse, "stop_query")
    def _(self: LogsResponse) -> str:
        queries.stop(self.logs_backend, self._get_param("queryId"))
        return json.dumps({"success": True})


def _query_definitions() -> None:
    @add(LogsResponse, "put_query_definition")
    def _(self: LogsResponse) -> str:
        return json.dumps({"queryDefinitionId": definitions.put(self.logs_backend, _asked(self))})

    @add(LogsResponse, "describe_query_definitions")
    def _(self: LogsResponse) -> str:
        return json.dumps(definitions.describe(self.logs_backend, _asked(self)))

    @add(LogsResponse, "delete_query_definition")
    def _(self: LogsResponse) -> str:
        definitions.delete(self.logs_backend, self._get_param("queryDefinitionId"))
        return json.dumps({"success": True})


def _asked(request: LogsResponse) -> dict[str, Any]:
    asked: dict[str, Any] = json.loads(request.body)
    return asked


GAPS = (
    Gap(
        service="logs",
        name="insights",
        moto="answers a query without filter, stats and discovered fields",
        aws="runs the query; a command or function that the emulator lacks is refused by name",
        fill=_insights,
    ),
    Gap(
        service="logs",
        name="query-definitions",
        moto="has no saved queries",
        aws="keeps them, by id, in an account and region",
        fill=_query_definitions,
    ),
)

"""CloudWatch Logs: queries, metrics from events, what is masked and what is kept."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from moto.logs.models import LogGroup, LogsBackend, LogStream
from moto.logs.responses import LogsResponse
from moto.logs.utils import EventMessageFilter

from emulator.gaps.registry import Gap, add, replace
from emulator.logs import definitions, ingestion, metric_filters, protection, queries


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


def _metrics() -> None:
    @replace(LogStream, "put_log_events")
    def _(original: Callable[..., str], self: LogStream, log_events: list[dict[str, Any]]) -> str:
        token = original(self, log_events)
        ingestion.ingested(self, [event["message"] for event in log_events])
        return token


def _metric_filters() -> None:
    @replace(LogsResponse, "put_metric_filter")
    def _(_original: Callable[..., str], self: LogsResponse) -> str:
        metric_filters.put(self.logs_backend, _asked(self))
        return ""

    @replace(LogsBackend, "delete_metric_filter")
    def _(
        _original: Callable[..., None], self: LogsBackend, filter_name: str, log_group_name: str
    ) -> None:
        metric_filters.delete(self, filter_name, log_group_name)

    @replace(LogsBackend, "delete_log_group")
    def _(original: Callable[..., None], self: LogsBackend, log_group_name: str) -> None:
        original(self, log_group_name)
        for each in self.describe_metric_filters(log_group_name=log_group_name):
            self.delete_metric_filter(each["filterName"], log_group_name)

    @replace(LogGroup, "to_describe_dict")
    def _(original: Callable[..., dict[str, Any]], self: LogGroup) -> dict[str, Any]:
        backend = ingestion.backend_of(self)
        filters = backend.describe_metric_filters(log_group_name=self.name)
        return original(self) | {"metricFilterCount": len(filters)} | protection.described(self)

    @add(LogsResponse, "test_metric_filter")
    def _(self: LogsResponse) -> str:
        asked = _asked(self)
        matches = metric_filters.tried(asked["filterPattern"], asked["logEventMessages"])
        return json.dumps({"matches": matches})


def _filter_patterns() -> None:
    @replace(EventMessageFilter, "__init__")
    def _(_original: Callable[..., None], self: Any, pattern: str | None) -> None:
        self.pattern = metric_filters.pattern_of(pattern or "")

    @replace(EventMessageFilter, "matches")
    def _(_original: Callable[..., bool], self: Any, message: str) -> bool:
        return self.pattern.match(message) is not None


def _data_protection() -> None:
    @add(LogsResponse, "put_data_protection_policy")
    def _(self: LogsResponse) -> str:
        asked = _asked(self)
        answer = protection.put(
            self.logs_backend, asked["logGroupIdentifier"], asked["policyDocument"]
        )
        return json.dumps(answer)

    @add(LogsResponse, "get_data_protection_policy")
    def _(self: LogsResponse) -> str:
        return json.dumps(protection.get(self.logs_backend, self._get_param("logGroupIdentifier")))

    @add(LogsResponse, "delete_data_protection_policy")
    def _(self: LogsResponse) -> str:
        protection.delete(self.logs_backend, self._get_param("logGroupIdentifier"))
        return ""

    for name in ("get_log_events", "filter_log_events"):
        replace(LogsResponse, name)(_masked)


def _masked(original: Callable[..., str], self: LogsResponse) -> str:
    answer, asked = original(self), _asked(self)
    if asked.get("unmask"):
        return answer
    shown = json.loads(answer)
    group = protection.group_of(self.logs_backend, asked)
    for event in shown["events"]:
        event["message"] = protection.masked(group, event["message"])
    return json.dumps(shown)


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
    Gap(
        service="logs",
        name="metrics",
        moto="makes no metrics of events, and keeps every event for ever",
        aws="publishes what metric filters and the embedded metric format say, at once",
        fill=_metrics,
    ),
    Gap(
        service="logs",
        name="metric-filters",
        moto="takes any metric filter, keeps those of a deleted group, and can try none",
        aws="refuses a pattern or a transformation that is none, and tries a pattern on messages",
        fill=_metric_filters,
    ),
    Gap(
        service="logs",
        name="filter-patterns",
        moto="finds whole texts only, and every event for any other pattern",
        aws="matches terms, JSON and words by conditions",
        fill=_filter_patterns,
    ),
    Gap(
        service="logs",
        name="data-protection",
        moto="has no data protection policies",
        aws="keeps one a group, and masks what it names in what is shown",
        fill=_data_protection,
    ),
)

"""Saved queries.

Source: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutQueryDefinition.html
"""

from __future__ import annotations

from typing import Any, Final

from moto.core.utils import unix_time_millis, utcnow
from moto.logs.exceptions import InvalidParameterException, ResourceNotFoundException
from moto.logs.models import LogsBackend
from moto.moto_api._internal import mock_random

Definition = dict[str, Any]

_MOST_LISTED: Final = 1000
_NAMED: Final = ("name", "queryString")
_KEPT: Final = (*_NAMED, "logGroupNames", "queryLanguage")


def put(backend: LogsBackend, request: dict[str, Any]) -> str:
    """Saves a query, or changes a saved one; gives its id.

    Args:
        backend: of the caller.
        request: PutQueryDefinition's parameters.

    Raises:
        LogsClientError: if something is missing, or the id is of no saved query.
    """
    missing = [name for name in _NAMED if not request.get(name)]
    if missing:
        raise InvalidParameterException(f"a query definition needs {' and '.join(missing)}")
    definitions = _definitions(backend)
    given = request.get("queryDefinitionId")
    if given and given not in definitions:
        raise ResourceNotFoundException("The specified query definition does not exist.")
    key: str = given or str(mock_random.uuid4())
    definitions[key] = {
        "queryLanguage": "CWLI",
        **{name: request[name] for name in _KEPT if request.get(name)},
        "queryDefinitionId": key,
        "lastModified": int(unix_time_millis(utcnow())),
    }
    return key


def describe(backend: LogsBackend, request: dict[str, Any]) -> dict[str, Any]:
    """Lists saved queries by name; a page begins after the id that its token is."""
    prefix = request.get("queryDefinitionNamePrefix") or ""
    most = request.get("maxResults") or _MOST_LISTED
    token = request.get("nextToken")
    found = [each for each in _definitions(backend).values() if each["name"].startswith(prefix)]
    found.sort(key=lambda each: (each["name"], each["queryDefinitionId"]))
    ids = [each["queryDefinitionId"] for each in found]
    first = ids.index(token) + 1 if token in ids else 0
    page = found[first : first + most]
    more = first + most < len(found)
    return {"queryDefinitions": page, **({"nextToken": ids[first + most - 1]} if more else {})}


def delete(backend: LogsBackend, query_definition_id: str) -> None:
    """Forgets a saved query.

    Raises:
        LogsClientError: if there is none.
    """
    if _definitions(backend).pop(query_definition_id, None) is None:
        raise ResourceNotFoundException("The specified query definition does not exist.")


def _definitions(backend: LogsBackend) -> dict[str, Definition]:
    found: dict[str, Definition] = backend.__dict__.setdefault("query_definitions", {})
    return found

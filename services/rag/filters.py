"""Filters as SQL. A request's values reach the statement only as parameters."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from psycopg.types.json import Jsonb

from .schemas import Filter, ListDocuments


@dataclass(frozen=True, kw_only=True, slots=True)
class Conditions:
    """What follows ``WHERE tenant = …`` in a statement that calls documents ``d``.

    Attributes:
        sql: nothing, or `` AND …``.
        parameters: by name.
    """

    sql: str = ""
    parameters: dict[str, Any] = field(default_factory=dict)


def of_filter(requested: Filter) -> Conditions:
    """Return the conditions of a search's filter."""
    return _conditions(
        document_ids=requested.document_ids,
        source_uri=requested.source_uri,
        metadata=requested.metadata,
    )


def of_list(requested: ListDocuments) -> Conditions:
    """Return the conditions of a list's query parameters."""
    return _conditions(
        title=requested.title, source_uri=requested.source_uri, metadata=requested.metadata
    )


def _conditions(
    *,
    document_ids: list[str] | None = None,
    title: str | None = None,
    source_uri: str | None = None,
    metadata: dict[str, Any] | None = None,
) -> Conditions:
    parts: dict[str, tuple[str, Any]] = {}
    if document_ids is not None:
        parts["document_ids"] = ("d.id = ANY(%(document_ids)s)", document_ids)
    if title is not None:
        # Not LIKE: a percent sign in a title is a percent sign.
        parts["title"] = ("position(lower(%(title)s) IN lower(d.title)) > 0", title)
    if source_uri is not None:
        parts["source_uri"] = ("d.source_uri = %(source_uri)s", source_uri)
    if metadata:
        parts["metadata"] = ("d.metadata @> %(metadata)s", Jsonb(metadata))
    return Conditions(
        sql="".join(f" AND {condition}" for condition, _ in parts.values()),
        parameters={name: value for name, (_, value) in parts.items()},
    )

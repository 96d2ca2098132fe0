"""Athena: the end of a saved query."""

from __future__ import annotations

from moto.athena.models import AthenaBackend
from moto.athena.responses import AthenaResponse

from emulator.gaps.registry import Gap, add


def _named_query_deletion() -> None:
    @add(AthenaBackend, "delete_named_query")
    def delete(self: AthenaBackend, query_id: str) -> None:
        self.named_queries.pop(query_id, None)

    @add(AthenaResponse, "delete_named_query")
    def respond(self: AthenaResponse) -> str:
        delete(self.athena_backend, self._get_param("NamedQueryId"))
        return "{}"


GAPS = (
    Gap(
        service="athena",
        name="named-query-deletion",
        moto="cannot delete a saved query",
        aws="deletes it",
        fill=_named_query_deletion,
    ),
)

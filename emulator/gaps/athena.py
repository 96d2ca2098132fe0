"""Athena: changes of a workgroup, and the end of a saved query."""

from __future__ import annotations

from typing import Any

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


def _workgroup_changes() -> None:
    @add(AthenaResponse, "update_work_group")
    def respond(self: AthenaResponse) -> Any:
        group = self.athena_backend.work_groups.get(self._get_param("WorkGroup"))
        if group is None:
            return self.error("WorkGroup is not found.", 400)
        updates = dict(self._get_param("ConfigurationUpdates", {}))
        results = updates.pop("ResultConfigurationUpdates", {})
        _change(group.configuration, updates)
        _change(group.configuration.setdefault("ResultConfiguration", {}), results)
        group.description = self._get_param("Description", group.description)
        group.state = self._get_param("State", group.state)
        return "{}"


def _change(configuration: dict[str, Any], updates: dict[str, Any]) -> None:
    """Sets what is named, and takes away what ``Remove…`` names.

    Source: https://docs.aws.amazon.com/athena/latest/APIReference/API_WorkGroupConfigurationUpdates.html
    """
    for name, value in updates.items():
        if not name.startswith("Remove"):
            configuration[name] = value
        elif value:
            configuration.pop(name.removeprefix("Remove"), None)


GAPS = (
    Gap(
        service="athena",
        name="workgroup-changes",
        moto="cannot change a workgroup",
        aws="changes what is named and keeps the rest",
        fill=_workgroup_changes,
    ),
    Gap(
        service="athena",
        name="named-query-deletion",
        moto="cannot delete a saved query",
        aws="deletes it",
        fill=_named_query_deletion,
    ),
)

"""The groups of people, and what each may do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from modules.governance.people.permissions import observing, operating, reading, trying
from modules.iam import Statement
from modules.naming import Naming

GroupName = Literal["auditors", "developers", "operators"]

Statements = tuple[Statement, ...]


WIDE: Mapping[str, str] = {
    "read": "how whatever there is in the account is configured, by actions that read no data of it",
    "try": "which models may be invoked is said by the limits, which every group has as well",
}
"""Part of a group's permissions to the reason why its actions are on every resource."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Group:
    """One group of people.

    Attributes:
        description: what the group is for; 1 to 700 letters, for Identity Center.
        permissions: parts of what it may do, each named for its policy.
        where_tried: further parts where people may make things to try something.
    """

    description: str
    permissions: Mapping[str, Callable[[Naming], Statements]]
    where_tried: Mapping[str, Callable[[Naming], Statements]]

    def policies(self, naming: Naming, *, trial: bool) -> dict[str, Statements]:
        """Name of a policy to its statements.

        Args:
            naming: names and ARNs of the environment.
            trial: whether people may make things to try something.
        """
        parts = {**self.permissions, **(self.where_tried if trial else {})}
        return {name: statements(naming) for name, statements in parts.items()}


GROUPS: Mapping[GroupName, Group] = {
    "auditors": Group(
        description="See how everything is configured and what it costs, and no data",
        permissions={"read": reading},
        where_tried={},
    ),
    "developers": Group(
        description="See everything that runs; make small things where nothing is guarded",
        permissions={"read": reading, "observe": observing},
        where_tried={"try": trying},
    ),
    "operators": Group(
        description="See everything that runs, restart it and roll it back",
        permissions={"read": reading, "observe": observing, "operate": operating},
        where_tried={},
    ),
}

"""One side of a change, with what is known about it beside its values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from pipeline.plan.masked import Masked
from pipeline.plan.model import Change, Plan
from pipeline.plan.values import as_list, as_map, at
from pipeline.report.model import Topic
from pipeline.warnings.accounts import Accounts

HIDDEN = "marked sensitive: nobody can review it"


class Opening(NamedTuple):
    """Something that is open.

    Attributes:
        what: in words.
        where: to which addresses, as a range or in words; empty where that is no question.
        topic: what a warning of it is about.
    """

    what: str
    where: str = ""
    topic: Topic = Topic.PUBLIC


@dataclass(frozen=True, kw_only=True, slots=True)
class Side:
    """A resource before or after a change.

    Attributes:
        type: its type.
        values: its attributes, without unknown ones.
        accounts: which accounts are ours.
        unknown: shaped like ``values``, ``True`` where a value is known only after the apply.
        written: shaped like ``values``: what the configuration writes; ``None`` where nobody
            knows.
        references: attribute to the addresses that its expression refers to.
        prefix_lists: the lists of ranges of the same plan.
    """

    type: str
    values: Mapping[str, Any]
    accounts: Accounts
    unknown: Any = field(default_factory=dict)
    written: Mapping[str, Any] | None = None
    references: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    prefix_lists: tuple[Change, ...] = ()

    def all(self, path: str) -> list[Any]:
        """Every value at a path; a list is taken apart, what is not set is left out."""
        return [item for value in at(self.values, path) for item in as_list(value)]

    def is_unknown(self, path: str) -> bool:
        """Whether a value at a path is known only after the apply."""
        return _marked(self.unknown, path)

    def is_written(self, path: str) -> bool:
        """Whether the configuration is known to write a path, or a block around it."""
        return self.written is not None and _marked(self.written, path)

    def refers_to(self, attribute: str, resource_type: str) -> bool:
        """Whether an attribute's expression refers to a resource of a type."""
        targets = self.references.get(attribute, ())
        return any(f".{target}".rfind(f".{resource_type}.") >= 0 for target in targets)


def sides(change: Change, plan: Plan, accounts: Accounts) -> tuple[Side, Side]:
    """A change's resource as it is and as it will be."""
    lists = plan.by_type.get("aws_ec2_managed_prefix_list", ())
    before = Side(
        type=change.type, values=as_map(change.before), accounts=accounts, prefix_lists=lists
    )
    after = Side(
        type=change.type,
        values=as_map(change.after),
        accounts=accounts,
        unknown=change.unknown,
        written=change.written,
        references=plan.references.get(change.address, {}),
        prefix_lists=lists,
    )
    return before, after


def hidden(values: list[Any]) -> bool:
    """Whether one of them is marked sensitive."""
    return any(isinstance(value, Masked) for value in values)


def _marked(shape: Any, path: str) -> bool:
    if shape is True or not path:
        return shape is True
    name, _, rest = path.partition(".")
    if isinstance(shape, list):
        return any(_marked(item, path) for item in shape)
    return isinstance(shape, dict) and _marked(shape.get(name, False), rest)

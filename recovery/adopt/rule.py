"""What a rule says: where things of one Terraform type are found in AWS, and what they import by."""

from __future__ import annotations

import string
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import jmespath

from recovery.adopt.account import Account

Values = Mapping[str, Any]
"""Attributes of a resource as Terraform plans them; those that it does not know yet are left out."""

Item = dict[str, Any]
"""One thing as an operation of AWS describes it."""

Look = Callable[[Account, Values], list[Item]]
"""Asks AWS for the things among which the resource may be."""

IDENTITY = ("Name", "Project", "Environment")
"""Tags that tell whose a thing is; the others may have been changed since it was made."""


class NotPlanned(Exception):
    """A template names an attribute that is not known before another resource exists."""


def fill(template: Any, values: Values) -> Any:
    """Put values into all texts of a template.

    Args:
        template: a text such as ``{name}/{version}``, or lists and dicts with such texts.
        values: what stands between the braces.

    Raises:
        NotPlanned: one of them is not known.
    """
    if isinstance(template, Mapping):
        return {key: fill(each, values) for key, each in template.items()}
    if isinstance(template, list):
        return [fill(each, values) for each in template]
    names = [name for _, name, _, _ in string.Formatter().parse(template) if name]
    if any(values.get(name) is None for name in names):
        raise NotPlanned(template)
    return template.format_map({name: _text(values[name]) for name in names})


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def listed(call: str, items: str, **arguments: Any) -> Look:
    """Things that one operation describes.

    Args:
        call: service and operation as boto3 names them, such as ``ec2.describe_vpcs``.
        items: JMESPath from the answer to its items.
        arguments: of the operation, as templates.
    """
    path = jmespath.compile(items)

    def look(account: Account, values: Values) -> list[Item]:
        answer = account.ask(call, **fill(arguments, values))
        return [item for item in path.search(answer) or [] if item is not None]

    return look


@dataclass(frozen=True, kw_only=True, slots=True)
class Candidate:
    """A thing in AWS that may be what a resource describes.

    Attributes:
        id: what Terraform imports it by.
        item: as AWS describes it.
        pending: the state that it will leave by itself, such as ``creating``; empty otherwise.
        obstacle: why it can neither be adopted nor made, and the command that helps.
        preferred: among several it is the one.
    """

    id: str
    item: Item
    pending: str = ""
    obstacle: str = ""
    preferred: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """How a resource of one type is found in AWS, and what Terraform imports it by.

    Attributes:
        look: asks AWS.
        id: what it is imported by: a template of attributes and of the item's own keys, which AWS
            writes in capitals, so that they never meet.
        same: JMESPath in the item to the attribute that it must equal.
        tags: JMESPath to the item's tags, where no name tells whose it is.
        fits: what else must be true of the item.
        status: JMESPath to the item's state.
        pending: states that end by themselves.
        gone: states of what is being deleted or never came to be.
        obstacle: JMESPath to what is in the way, and what to say then.
        prefer: JMESPath that is true of the one among several.
        several: more than one like it can exist, so that one may be left over although another is
            in the state.
        alike: several of them serve equally well; any of them fits any of the resources.
        arn: service and kind in its ARN, such as ``ec2:vpc``, where AWS lists it by tags.
        removal: arguments of the AWS CLI that remove it, as a template of ``id``.
    """

    look: Look
    id: str
    same: Mapping[str, str] = field(default_factory=dict)
    tags: str = ""
    fits: Callable[[Item, Values], bool] = lambda _item, _values: True
    status: str = ""
    pending: frozenset[str] = frozenset()
    gone: frozenset[str] = frozenset()
    obstacle: tuple[str, str] | None = None
    prefer: str = ""
    several: bool = False
    alike: bool = False
    arn: str = ""
    removal: str = ""

    def candidates(self, account: Account, values: Values) -> list[Candidate]:
        """All that may be this resource; none while it cannot exist, for want of its parent."""
        try:
            items = [item for item in self.look(account, values) if self._is_it(item, values)]
            return [self._candidate(item, values) for item in items]
        except NotPlanned:
            return []

    def _is_it(self, item: Item, values: Values) -> bool:
        if self.status and jmespath.search(self.status, item) in self.gone:
            return False
        if any(name not in values for name in self.same.values()):
            raise NotPlanned
        if any(jmespath.search(path, item) != values[name] for path, name in self.same.items()):
            return False
        return self._has_our_tags(item, values) and self.fits(item, values)

    def _has_our_tags(self, item: Item, values: Values) -> bool:
        if not self.tags:
            return True
        has = tags_of(jmespath.search(self.tags, item))
        wanted = values.get("tags_all") or {}
        return all(has.get(name) == wanted[name] for name in IDENTITY if name in wanted)

    def _candidate(self, item: Item, values: Values) -> Candidate:
        status = jmespath.search(self.status, item) if self.status else None
        both = {**values, **item}
        hindered = self.obstacle is not None and jmespath.search(self.obstacle[0], item)
        return Candidate(
            id=fill(self.id, both),
            item=item,
            pending=status if status in self.pending else "",
            obstacle=fill(self.obstacle[1], both) if self.obstacle and hindered else "",
            preferred=bool(self.prefer and jmespath.search(self.prefer, item)),
        )


def tags_of(tags: Any) -> dict[str, str]:
    """Tags by name, in whichever of its forms AWS writes them."""
    if isinstance(tags, Mapping):
        return dict(tags)
    return dict(_pairs(tags or []))


def _pairs(tags: list[dict[str, str]]) -> Iterator[tuple[str, str]]:
    for tag in tags:
        lower = {key.lower().removeprefix("tag"): value for key, value in tag.items()}
        yield lower["key"], lower["value"]

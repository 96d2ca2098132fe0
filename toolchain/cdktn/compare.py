"""Compares two synthesised apps: every stack, every Terraform address, every body."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_ABSENT = object()


@dataclass(frozen=True, kw_only=True, slots=True)
class Difference:
    """Something that the two apps don't have in common.

    Attributes:
        stack: the stack's name.
        address: as Terraform writes it, such as ``aws_vpc.Network_Vpc_1A2B``; empty: the stack.
        text: what differs, in words.
    """

    stack: str
    address: str
    text: str

    def __str__(self) -> str:
        where = f"{self.stack}: {self.address}" if self.address else self.stack
        return f"{where}: {self.text}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Comparison:
    """What the comparison found.

    Attributes:
        addresses: the number of addresses of each stack of the first app.
        providers: what each app requires of the provider, such as ``hashicorp/aws 6.69.1``.
        differences: none when the two are equal but for the provider.
    """

    addresses: dict[str, int]
    providers: tuple[list[str], list[str]]
    differences: list[Difference]


def compare(before: Path, after: Path) -> Comparison:
    """Compare two output folders of CDKTF.

    The metadata (``//``) is left out, which names the versions of the library; what the stacks
    require of providers is compared apart, because the successor brings another version of it.

    Args:
        before: the first app's ``cdktf.out``.
        after: the second's.
    """
    first, second = _read(before), _read(after)
    providers = (_take_providers(first), _take_providers(second))
    differences = []
    for stack in sorted(first.keys() | second.keys()):
        if stack not in second or stack not in first:
            text = "is missing" if stack not in second else "is new"
            differences.append(Difference(stack=stack, address="", text=text))
            continue
        differences += _differences(stack, _blocks(first[stack]), _blocks(second[stack]))
    return Comparison(
        addresses={stack: len(_blocks(content)) for stack, content in sorted(first.items())},
        providers=providers,
        differences=differences,
    )


def _read(out: Path) -> dict[str, dict[str, Any]]:
    paths = out.glob("stacks/*/cdk.tf.json")
    return {path.parent.name: json.loads(path.read_text("utf-8")) for path in paths}


def _take_providers(stacks: dict[str, dict[str, Any]]) -> list[str]:
    """Take out what the stacks require of providers; return it in words."""
    found = set()
    for stack in stacks.values():
        for required in stack.get("terraform", {}).pop("required_providers", {}).values():
            found.add(f"{required['source']} {required['version']}")
    return sorted(found)


def _blocks(stack: dict[str, Any]) -> dict[str, Any]:
    """Return each block of a stack's file by its address, without metadata."""
    blocks = {}
    for kind, content in stack.items():
        if kind == "//":
            continue
        if kind in ("resource", "data"):
            prefix = "data." if kind == "data" else ""
            for type_, bodies in content.items():
                for name, body in bodies.items():
                    blocks[f"{prefix}{type_}.{name}"] = _without_metadata(body)
        elif isinstance(content, dict):
            for name, body in content.items():
                blocks[f"{kind}.{name}"] = _without_metadata(body)
        else:
            blocks[kind] = content
    return blocks


def _without_metadata(body: Any) -> Any:
    return {k: v for k, v in body.items() if k != "//"} if isinstance(body, dict) else body


def _differences(stack: str, before: dict[str, Any], after: dict[str, Any]) -> Iterator[Difference]:
    for address in sorted(before.keys() | after.keys()):
        if address not in after:
            texts = iter(["is missing"])
        elif address not in before:
            texts = iter(["is new"])
        else:
            texts = _changes("", before[address], after[address])
        for text in texts:
            yield Difference(stack=stack, address=address, text=text)


def _changes(path: str, before: Any, after: Any) -> Iterator[str]:
    """Name each argument whose value differs, as deep as both have the same shape."""
    if isinstance(before, dict) and isinstance(after, dict):
        for key in sorted(before.keys() | after.keys()):
            inner = f"{path}.{key}" if path else key
            yield from _changes(inner, before.get(key, _ABSENT), after.get(key, _ABSENT))
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for number, (one, other) in enumerate(zip(before, after, strict=True)):
            yield from _changes(f"{path}[{number}]", one, other)
    elif type(before) is not type(after) or before != after:
        yield f"{path or 'value'} was {_shown(before)}, is {_shown(after)}"


def _shown(value: Any) -> str:
    return "absent" if value is _ABSENT else json.dumps(value, ensure_ascii=False, sort_keys=True)

"""Stands in for the AWS CLI, which the project does not install, where tests follow a runbook.

Operations, options and their forms come from botocore's models, as the CLI's own do; what the CLI adds by
hand (``aws s3 cp``, ``--cidr`` beside ``--protocol``) is refused.

Source: https://docs.aws.amazon.com/cli/latest/userguide/cli-usage-parameters.html
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

import botocore.session
import jmespath
from botocore import xform_name

_GLOBAL = ("query", "output", "region")
_NEGATIVES = {"ingress": "egress"}
"""A switch's other name for off, where it has one beside ``--no-…``."""
_WAITED = {
    "db_instance_available": "describe-db-instances",
    "db_snapshot_available": "describe-db-snapshots",
    "function_updated_v2": "get-function",
}
"""The operation whose options a waiter takes."""


@dataclass(frozen=True, kw_only=True)
class Call:
    """What a command asks for.

    Attributes:
        service: such as ``rds``.
        operation: its name in AWS's model; empty for a waiter.
        waiter: what is waited for; empty for an operation.
        parameters: as botocore takes them.
        given: every option with its words.
    """

    service: str
    operation: str
    waiter: str
    parameters: dict[str, Any]
    given: dict[str, list[str]]


def read(arguments: list[str]) -> Call:
    """The call that a command stands for.

    Args:
        arguments: the command's words behind ``aws``.

    Raises:
        ValueError: AWS's models have no such operation or option.
    """
    service, operation, *rest = arguments
    waiter = rest.pop(0).replace("-", "_") if operation == "wait" else ""
    given = dict(_options(rest))
    model = botocore.session.get_session().get_service_model(service)
    asked = _WAITED[waiter] if waiter else operation
    [name] = [each for each in model.operation_names if xform_name(each, "-") == asked]
    shape = model.operation_model(name).input_shape
    members = dict(shape.members) if shape else {}
    parameters = {}
    for option, words in given.items():
        if option in _GLOBAL:
            continue
        positive = _NEGATIVES.get(option, option.removeprefix("no-"))
        off = not words and positive != option
        [member] = [
            each for each in members if xform_name(each, "-") == (positive if off else option)
        ]
        parameters[member] = _value(members[member], words, off=off)
    return Call(
        service=service,
        operation="" if waiter else name,
        waiter=waiter,
        parameters=parameters,
        given=given,
    )


def main(arguments: list[str]) -> int:
    """Run one command; as the CLI does, print the answer as JSON, or as text where it is asked to."""
    call = read(arguments)
    region = next(iter(call.given.get("region", ())), None)
    client = botocore.session.get_session().create_client(call.service, region_name=region)
    if call.waiter:
        client.get_waiter(call.waiter).wait(**call.parameters)
        return 0
    answer = getattr(client, xform_name(call.operation))(**call.parameters)
    answer.pop("ResponseMetadata", None)
    _print(answer, call.given)
    return 0


def _options(words: list[str]) -> Iterator[tuple[str, list[str]]]:
    """Each option with the words behind it."""
    at = [number for number, word in enumerate(words) if word.startswith("--")]
    for start, end in pairwise([*at, len(words)]):
        yield words[start].removeprefix("--"), words[start + 1 : end]


def _value(shape: Any, words: list[str], *, off: bool = False) -> Any:
    kind = shape.type_name
    if kind == "boolean":
        return not off
    if kind == "list":
        if words and words[0].startswith("["):
            return json.loads(words[0])
        return [_value(shape.member, [word]) for word in words]
    [word] = words
    if kind in ("structure", "map"):
        return json.loads(word) if word.startswith("{") else _shorthand(shape, word)
    if kind == "timestamp":
        return datetime.fromisoformat(word)
    if kind in ("integer", "long"):
        return int(word)
    return word.encode() if kind == "blob" else word


def _shorthand(shape: Any, word: str) -> dict[str, Any]:
    """``Name=group-id,Values=a,b``: a word without ``=`` belongs to the list before it."""
    found: dict[str, list[str]] = {}
    for part in re.split(r",", word):
        name, separator, value = part.partition("=")
        if separator:
            found[name] = [value]
        else:
            found[list(found)[-1]].append(part)
    members = getattr(shape, "members", None)
    return {
        name: _value(members[name], values) if members else ",".join(values)
        for name, values in found.items()
    }


def _print(answer: dict[str, Any], given: dict[str, list[str]]) -> None:
    found: Any = jmespath.search(given["query"][0], answer) if "query" in given else answer
    if given.get("output") == ["text"]:
        items = found if isinstance(found, list) else [found]
        sys.stdout.write("\t".join(str(item) for item in items) + "\n")
    elif found not in ({}, None):
        sys.stdout.write(json.dumps(found, indent=4, default=str) + "\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

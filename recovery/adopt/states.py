"""What the environment's states know already: all of them, not only the stack's own."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from backend.aws import client
from backend.synthesised import StackState

_FILE = "/terraform.tfstate"


@dataclass(frozen=True, kw_only=True, slots=True)
class Known:
    """What some state of the state bucket manages.

    Attributes:
        owners: type and identifier of a resource to the key of the state that has it.
        names: identifiers and ARNs, whatever their type.
    """

    owners: dict[tuple[str, str], str]
    names: frozenset[str]


def read_states(state: StackState) -> Known:
    """Read all states in the bucket of a stack's state.

    What belongs to another stack must neither be adopted nor be called left over. An import by an
    ARN and one by an id are the same thing: both count.
    """
    owners: dict[tuple[str, str], str] = {}
    s3 = client("s3", state)
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=state.bucket):
        for each in page.get("Contents", []):
            if each["Key"].endswith(_FILE):
                body = json.load(s3.get_object(Bucket=state.bucket, Key=each["Key"])["Body"])
                for resource in body["resources"]:
                    owners |= dict.fromkeys(_identifiers(resource), each["Key"])
    return Known(owners=owners, names=frozenset(name for _, name in owners))


def _identifiers(resource: dict[str, Any]) -> list[tuple[str, str]]:
    if resource["mode"] != "managed":
        return []
    return [
        (resource["type"], instance["attributes"][name])
        for instance in resource["instances"]
        for name in ("id", "arn")
        if instance["attributes"].get(name)
    ]

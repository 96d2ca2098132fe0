"""What an environment allows, as its stacks carry it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

METADATA_KEY = "limits"
"""Where ``modules.checkov.carry_limits`` writes, in the stack's own metadata."""


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """What a stack may do in its environment. A stack that carries none may do nothing.

    Attributes:
        environment: its name; empty where the stack does not say.
        guarded: data must be hard to lose.
        region: where everything is.
        edge_regions: where only certificates and firewalls of the edge may be.
        tags: key to the value that every resource has.
        database_classes: of instances of databases.
        instance_types: of EC2.
        volume_types: of EBS.
        largest_volume_gib: of EBS, GiB.
    """

    environment: str = ""
    guarded: bool = True
    region: str = ""
    edge_regions: tuple[str, ...] = ()
    tags: dict[str, str] = msgspec.field(default_factory=dict)
    database_classes: tuple[str, ...] = ()
    instance_types: tuple[str, ...] = ()
    volume_types: tuple[str, ...] = ()
    largest_volume_gib: int = 0


def read_limits(metadata: Mapping[str, Any]) -> Limits:
    """The limits in a stack's metadata (its ``//`` key).

    Raises:
        ValueError: they are of another form.
    """
    try:
        return msgspec.convert(metadata.get(METADATA_KEY, {}), Limits)
    except msgspec.ValidationError as error:
        raise ValueError(f"its limits are not as 'cdktf synth' writes them: {error}") from None

"""What is billed by its size is of a size that the environment allows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from policies.check import Check, Unknown
from policies.stack import Resource, Stack, is_unknown, values_in

_CLASSES = frozenset(
    {
        "cache_node_type",
        "compute_type",
        "db_cluster_instance_class",
        "instance_class",
        "instance_type",
        "instance_types",
        "node_type",
        "replication_instance_class",
        "spot_instance_types",
    }
)
"""Arguments that name a machine, of whatever service."""

_VOLUME_TYPES = frozenset({"volume_type", "ebs_volume_type"})
_VOLUME_SIZES = frozenset({"volume_size"})
_DISK = "aws_ebs_volume"
_CLUSTER = "aws_rds_cluster"


class AllowedSizes(Check):
    """Classes of databases, types of machines, types and sizes of volumes."""

    types = ("aws_*",)

    def concerns(self, resource: Resource, stack: Stack) -> bool:
        """Only what names a size."""
        return any(True for _ in _sizes(resource))

    def faults(self, resource: Resource, stack: Stack) -> Iterator[str]:
        """A size that is not allowed."""
        for name, value in _sizes(resource):
            if is_unknown(value):
                yield Unknown(f"its {name} is not known yet")
            elif name == "size":
                yield from _too_large(value, stack.limits.largest_volume_gib)
            else:
                yield from _not_allowed(name, str(value), stack)


def _sizes(resource: Resource) -> Iterator[tuple[str, Any]]:
    disk = resource.type == _DISK
    for name, value in values_in(resource.values):
        if value in (None, ""):
            continue
        if name in _CLASSES:
            yield name, value
        elif name in _VOLUME_TYPES or (disk and name == "type"):
            yield "volume_type", value
        elif name in _VOLUME_SIZES or (disk and name == "size"):
            yield "size", value
    if resource.type == _CLUSTER and resource.all("serverlessv2_scaling_configuration"):
        yield "instance_class", "db.serverless"


def _not_allowed(name: str, value: str, stack: Stack) -> Iterator[str]:
    limits = stack.limits
    allowed: Sequence[str] = limits.instance_types
    if name == "volume_type":
        allowed = limits.volume_types
    elif value.startswith("db."):
        allowed = limits.database_classes
    if value not in allowed:
        names = ", ".join(allowed) or "none of its kind"
        where = limits.environment or "an environment that is not named"
        yield f"{value} is no {name} of {where}, which allows {names}"


def _too_large(value: Any, largest: int) -> Iterator[str]:
    if not str(value).isdecimal():
        yield f"a volume of {value} has no size that can be read"
    elif int(value) > largest:
        yield f"a volume of {value} GiB is larger than {largest} GiB"

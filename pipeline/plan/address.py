"""What a Terraform address says: the resource's type, and the construct that made it."""

from __future__ import annotations

import re

INDEX = re.compile(r'\["(?:[^"\\]|\\.)*"\]|\[\d+\]')
_HASHED = re.compile(r"^(?P<path>.+)_[0-9A-F]{8}$")


def without_index(address: str) -> str:
    """The address without positions and keys: ``module.a["x"].aws_vpc.b[0]`` → ``module.a.aws_vpc.b``."""
    return INDEX.sub("", address) if "[" in address else address


def type_of(address: str) -> str:
    """The resource's type: the last part but one."""
    return without_index(address).split(".")[-2]


def module_of(address: str) -> str:
    """The Terraform module that a resource belongs to, or the construct.

    CDKTF names a nested resource after its path, joined with ``_``, and eight hex digits:
    ``database_instance_4ACD93C1`` belongs to ``database``. A resource outside any construct
    keeps its id, which then stands for its own construct.
    Source: https://developer.hashicorp.com/terraform/cdktf/concepts/constructs

    Args:
        address: such as ``module.network["a"].aws_vpc.this`` or ``aws_vpc.network_C4F3F5E9``.
    """
    *path, _, name = without_index(address).split(".")
    if path:
        return ".".join(path)
    hashed = _HASHED.match(name)
    return hashed["path"].split("_", 1)[0] if hashed else name

"""Where a resource is: AWS bills each by the prices of its own region."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

_REGION = re.compile(r"[a-z]{2}(?:-[a-z]+){1,2}-\d")
_ZONE = re.compile(rf"({_REGION.pattern})[a-z]")
_ZONES = ("availability_zone", "availability_zones")
_ARN = re.compile(rf"arn:aws[\w-]*:[\w-]+:({_REGION.pattern}):")


def region_of(values: Mapping[str, Any], before: Mapping[str, Any], default: str) -> str:
    """The region of a resource.

    Args:
        values: its attributes.
        before: its attributes as they are, or nothing.
        default: its provider's region.

    Returns:
        What it says itself (from provider 6 on each has a ``region``), the region of its zone, that
        of its ARN, or else the provider's.
    """
    own = values.get("region")
    if isinstance(own, str) and _REGION.fullmatch(own):
        return own
    for name in _ZONES:
        zones = values.get(name)
        for zone in zones if isinstance(zones, list) else (zones,):
            if isinstance(zone, str) and (found := _ZONE.fullmatch(zone)):
                return found[1]
    arn = values.get("arn") or before.get("arn")
    found = _ARN.match(arn) if isinstance(arn, str) else None
    return found[1] if found else default

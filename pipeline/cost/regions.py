"""Where a resource is: AWS bills each by the prices of its own region.

A Local Zone and a Wavelength Zone have prices of their own, not those of the region that they
belong to, and so count as a region here.
Source: https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions-availability-zones.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from pipeline.plan.model import Change, Plan
from pipeline.plan.values import texts

_REGION = re.compile(r"[a-z]{2}(?:-[a-z]+){1,2}-\d")
_ZONE = re.compile(rf"({_REGION.pattern})[a-z]")
_LOCAL = re.compile(rf"{_REGION.pattern}-[a-z][a-z0-9-]*")
"""Such as ``us-west-2-lax-1a``, its group ``us-west-2-lax-1``, or ``us-east-1-wl1-bos-wlz-1``."""
_ZONES = ("availability_zone", "availability_zones", "network_border_group")
_ARN = re.compile(rf"arn:aws[\w-]*:[\w-]+:({_REGION.pattern}):")
_SUBNETS = ("aws_subnet", "aws_default_subnet")
_IN_SUBNETS = ("subnet", "subnet_id", "subnet_ids", "subnets", "vpc_zone_identifier")


class Places:
    """Tells where the resources of a plan are."""

    def __init__(self, plan: Plan, given: str | None) -> None:
        """Look for subnets in local zones.

        Args:
            plan: the plan.
            given: the region where the plan doesn't tell it.
        """
        self._references = plan.references
        self._given = given
        self.default = plan.region or given or ""
        """The region of the plan's own provider; empty where nobody says it."""
        self._local = dict(_local_subnets(plan))

    def of(self, change: Change, values: Mapping[str, Any]) -> str:
        """The region of a resource, or its local zone; empty where nobody says it.

        It is that of its zone or subnet, what it says itself (from provider 6 on each has a
        ``region``), that of its ARN, or else its provider's.

        Args:
            change: the resource.
            values: its attributes on one side of the plan.
        """
        if zone := self._zone(change, values):
            found = _ZONE.fullmatch(zone)
            return found[1] if found else zone
        own = values.get("region")
        if isinstance(own, str) and _REGION.fullmatch(own):
            return own
        arn = values.get("arn") or (change.before or {}).get("arn")
        if isinstance(arn, str) and (found := _ARN.match(arn)):
            return found[1]
        if change.region == "":
            return self._given or ""
        return change.region or self.default

    def _zone(self, change: Change, values: Mapping[str, Any]) -> str | None:
        for name in _ZONES:
            for zone in texts(values.get(name)):
                if _ZONE.fullmatch(zone) or _LOCAL.fullmatch(zone):
                    return zone
        return self._zone_of_subnets(change, values) if self._local else None

    def _zone_of_subnets(self, change: Change, values: Mapping[str, Any]) -> str | None:
        """The local zone of a subnet that the resource is in."""
        references = self._references.get(change.address, {})
        for name in _IN_SUBNETS:
            for subnet in (*texts(values.get(name)), *references.get(name, ())):
                if subnet in self._local:
                    return self._local[subnet]
        return None


def _local_subnets(plan: Plan) -> Iterator[tuple[str, str]]:
    """Address and id of each subnet in a local zone, with the zone."""
    for change in (each for name in _SUBNETS for each in plan.by_type.get(name, ())):
        values = change.after or change.before or {}
        zone = values.get("availability_zone")
        if isinstance(zone, str) and _LOCAL.fullmatch(zone):
            yield change.address, zone
            if isinstance(found := values.get("id"), str):
                yield found, zone

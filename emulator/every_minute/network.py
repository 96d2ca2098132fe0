"""NAT gateways, which here never run out of ports: nothing is routed.

Source: https://docs.aws.amazon.com/vpc/latest/userguide/vpc-nat-gateway-cloudwatch.html
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import Any

from moto.ec2.models import ec2_backends

from emulator.every_minute.reading import Reading, reading


class NatReadings:
    """Reads the gateways that are available."""

    def __init__(self, lock: AbstractContextManager[Any]) -> None:
        """Takes the lock that everybody holds who reads what moto has."""
        self._moto = lock

    def __call__(self) -> Iterator[Reading]:
        """Gives each gateway's values."""
        with self._moto:
            found = [
                (account_id, region, gateway.id)
                for account_id, regions in ec2_backends.items()
                for region, backend in regions.items()
                for gateway in backend.nat_gateways.values()
                if gateway.state == "available"
            ]
        for account_id, region, gateway_id in found:
            dimensions = {"NatGatewayId": gateway_id}
            value = ("ErrorPortAllocation", 0.0, "Count")
            yield reading(account_id, region, "AWS/NATGateway", dimensions, value)

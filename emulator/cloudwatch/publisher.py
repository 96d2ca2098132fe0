"""How what the emulator serves tells CloudWatch what happened."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, kw_only=True, slots=True)
class Observation:
    """One value of one metric, at the moment of its publishing.

    Attributes:
        namespace: such as ``AWS/Lambda``.
        name: such as ``Errors``.
        value: in the metric's unit.
        unit: as CloudWatch names it.
        dimension_sets: one series each; the empty one is the total over all.
    """

    namespace: str
    name: str
    value: float
    unit: str
    dimension_sets: Sequence[Mapping[str, str]]


class Publisher(Protocol):
    """Takes observations. Threads may share it; it needs no lock of moto's and never blocks long."""

    def publish(self, account_id: str, region: str, *observations: Observation) -> None:
        """Publish values with the time of the emulator's clock.

        Args:
            account_id: twelve digits.
            region: such as ``ap-southeast-1``.
            observations: of one moment.
        """


class Nowhere:
    """Publishes nothing: for what runs without a CloudWatch."""

    def publish(self, account_id: str, region: str, *observations: Observation) -> None:
        """See `Publisher`."""

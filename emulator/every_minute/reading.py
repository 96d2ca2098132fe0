"""What a source gives."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from emulator.cloudwatch.publisher import Observation


@dataclass(frozen=True, kw_only=True)
class Reading:
    """The values of one thing.

    Attributes:
        account_id, region: where it is.
        observations: of this moment.
    """

    account_id: str
    region: str
    observations: tuple[Observation, ...]


Source = Callable[[], Iterable[Reading]]


def reading(
    account_id: str,
    region: str,
    namespace: str,
    dimensions: Mapping[str, str],
    *values: tuple[str, float, str],
) -> Reading:
    """Gives a thing's values.

    Args:
        account_id: twelve digits.
        region: such as `ap-southeast-1`.
        namespace: of its metrics.
        dimensions: that name it.
        *values: name, value and unit of each metric.
    """
    observations = (
        Observation(
            namespace=namespace, name=name, value=value, unit=unit, dimension_sets=(dimensions,)
        )
        for name, value, unit in values
    )
    return Reading(account_id=account_id, region=region, observations=tuple(observations))

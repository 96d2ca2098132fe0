"""What an environment may cost and where it may be: the one source of every policy that says so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from modules.naming import Naming

GOVERNANCE = "governance"
"""First part of what this module names."""
PIPELINE = "pipeline"
"""First part of the roles and policies of the pipeline's access."""
ADMINISTERED = ("account", GOVERNANCE, PIPELINE)
"""First parts of what an administrator's stacks make; neither people nor the pipeline change it."""

REQUIRED_TAGS = ("Project", "Environment")
"""Tags without which nothing that costs money is made, and which nobody takes off again."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """The limits of one environment.

    Attributes:
        environment: its names, account and region.
        instance_types: EC2's instance types.
        database_classes: RDS's instance classes.
        volume_types: types of EBS volumes.
        largest_volume_gib: of a volume and of a database's storage, GiB.
        inference_profiles: first parts of the ids of Bedrock's inference profiles through which a
            model may answer from another region, such as ``apac``.
        edge_regions: further regions, for what stands before the system in all of the world.
    """

    environment: Naming
    instance_types: Sequence[str]
    database_classes: Sequence[str]
    volume_types: Sequence[str]
    largest_volume_gib: int
    inference_profiles: Sequence[str]
    edge_regions: Sequence[str] = ()

    @property
    def tags(self) -> dict[str, str]:
        """The required tags, with the only values that they may have."""
        values = (self.environment.project, self.environment.environment)
        return dict(zip(REQUIRED_TAGS, values, strict=True))

    @property
    def profile_arns(self) -> tuple[str, ...]:
        """ARN patterns of the inference profiles, as their source region knows them."""
        return tuple(
            self.environment.arn("bedrock", f"inference-profile/{first}.*")
            for first in self.inference_profiles
        )

"""How many vCPUs a database instance class has."""

from __future__ import annotations

from pipeline.errors import PipelineError, Status

_BY_SIZE = {
    "micro": 2,
    "small": 2,
    "medium": 2,
    "large": 2,
    "xlarge": 4,
    "2xlarge": 8,
    "4xlarge": 16,
    "8xlarge": 32,
    "12xlarge": 48,
    "16xlarge": 64,
    "24xlarge": 96,
}
_FAMILIES = {
    **dict.fromkeys(("t3", "t4g"), ("micro", "small", "medium", "large", "xlarge", "2xlarge")),
    **dict.fromkeys(
        ("m5", "m6g", "m6i", "m7g", "m7i", "m8g", "r5", "r6g", "r6i", "r7g", "r7i", "r8g"),
        ("large", "xlarge", "2xlarge", "4xlarge", "8xlarge", "12xlarge", "16xlarge", "24xlarge"),
    ),
}
"""Families whose sizes have the vCPUs above; older ones differ.

Source: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Concepts.DBInstanceClass.Summary.html
"""


def vcpus(instance_class: str) -> int:
    """The vCPUs of an instance class.

    Args:
        instance_class: such as ``db.t4g.micro``.

    Raises:
        PipelineError: the class is not in this table.
    """
    _, _, rest = instance_class.partition(".")
    family, _, size = rest.partition(".")
    if size not in _FAMILIES.get(family, ()):
        raise PipelineError(
            f"instance class {instance_class}: its vCPUs are not known; add it to "
            "pipeline/cost/pricers/vcpus.py",
            Status.UNPRICED,
        )
    return _BY_SIZE[size]

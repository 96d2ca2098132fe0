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
    "10xlarge": 40,
    "12xlarge": 48,
    "16xlarge": 64,
    "24xlarge": 96,
    "32xlarge": 128,
    "48xlarge": 192,
}
_LARGE = ("large", "xlarge", "2xlarge", "4xlarge", "8xlarge", "12xlarge", "16xlarge", "24xlarge")
_FAMILIES = {
    **dict.fromkeys(("t3", "t4g"), ("micro", "small", "medium", "large", "xlarge", "2xlarge")),
    "m4": ("large", "xlarge", "2xlarge", "4xlarge", "10xlarge", "16xlarge"),
    "r4": ("large", "xlarge", "2xlarge", "4xlarge", "8xlarge", "16xlarge"),
    **dict.fromkeys(("m5", "m5d", "r5", "r5b", "r5d", "m6g", "m6gd", "r6g", "r6gd"), _LARGE),
    **dict.fromkeys(
        ("m6i", "m6id", "m6idn", "m6in", "r6i", "r6id", "r6idn", "r6in", "m7g", "r7g"),
        (*_LARGE, "32xlarge"),
    ),
    **dict.fromkeys(("m7i", "r7i", "m8g", "m8gd", "r8g", "r8gd"), (*_LARGE, "48xlarge")),
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

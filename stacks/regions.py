"""Regions that environments may be in; the rest of AWS is closed by decision."""

from __future__ import annotations

REGIONS: dict[str, str] = {"ap-southeast-1": "abc"}
"""Region to the letters of its availability zones.

A further region also needs models in stacks/rag/models.py and prices in the pipeline's catalogue.

Source: https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-availability-zones.html
"""

EDGE_REGION = "us-east-1"
"""Where CloudFront takes its certificates and firewalls from, and global services tell of events.

Source: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cnames-and-https-requirements.html
"""


def zones_of(region: str) -> tuple[str, ...]:
    """Full names of a region's zones; none of a region that is not allowed."""
    return tuple(f"{region}{letter}" for letter in REGIONS.get(region, ""))

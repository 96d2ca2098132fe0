"""Instance classes of databases that an environment may have."""

from __future__ import annotations

INSTANCE_MEMORY_GIB = {
    "db.t3.micro": 1,
    "db.t3.small": 2,
    "db.t3.medium": 4,
    "db.t3.large": 8,
    "db.t4g.micro": 1,
    "db.t4g.small": 2,
    "db.t4g.medium": 4,
    "db.t4g.large": 8,
    "db.m6g.large": 8,
    "db.m7g.large": 8,
    "db.r6g.large": 16,
}
"""Their memory. Each has a price in the pipeline's catalogue, for one zone and for several.

Source: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Concepts.DBInstanceClass.Summary.html
"""

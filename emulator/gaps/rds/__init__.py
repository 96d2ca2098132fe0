"""RDS: instances and their changes, the groups they use, and proxies."""

from __future__ import annotations

from emulator.gaps.rds import groups, instances, modifications, proxies

GAPS = (*groups.GAPS, *instances.GAPS, *modifications.GAPS, *proxies.GAPS)

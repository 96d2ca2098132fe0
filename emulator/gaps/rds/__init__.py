"""RDS: instances, their changes, ends, starts and restores, the groups they use, and proxies."""

from __future__ import annotations

from emulator.gaps.rds import events, groups, instances, modifications, power, proxies, restores

GAPS = (
    *events.GAPS,
    *groups.GAPS,
    *instances.GAPS,
    *modifications.GAPS,
    *power.GAPS,
    *proxies.GAPS,
    *restores.GAPS,
)

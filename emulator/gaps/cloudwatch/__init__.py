"""CloudWatch: metrics that are stored as AWS does, metric math, and alarms that are evaluated."""

from __future__ import annotations

from emulator.gaps.cloudwatch import alarms, metrics

GAPS = (*metrics.GAPS, *alarms.GAPS)

"""Extended Support: what a database pays once its major version is past its standard support."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from pipeline.cost.pricing import Subject

DISABLED = "open-source-rds-extended-support-disabled"
"""The value of ``engine_lifecycle_support`` with which AWS upgrades instead, without a fee.

Unset it is the other one. Source:
https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/extended-support-overview.html
"""


class _Charges(NamedTuple):
    first: date
    """The day from which years 1 and 2 are billed."""
    third: date | None
    """The day from which year 3 and later are billed; ``None`` where the price stays."""


_POSTGRES: Mapping[str, _Charges] = {
    "11": _Charges(date(2024, 4, 1), date(2026, 4, 1)),
    "12": _Charges(date(2025, 3, 1), date(2027, 3, 1)),
    "13": _Charges(date(2026, 3, 1), date(2028, 3, 1)),
    "14": _Charges(date(2027, 3, 1), date(2029, 3, 1)),
    "15": _Charges(date(2028, 3, 1), date(2030, 3, 1)),
}
_CHARGES: Mapping[str, Mapping[str, _Charges]] = {
    "postgres": _POSTGRES,
    "aurora-postgresql": _POSTGRES,
    "mysql": {
        "5.7": _Charges(date(2024, 3, 1), date(2026, 3, 1)),
        "8.0": _Charges(date(2026, 8, 1), date(2028, 8, 1)),
    },
    "aurora-mysql": {
        "5.7": _Charges(date(2024, 12, 1), None),
        "8.0": _Charges(date(2027, 5, 1), None),
    },
}
"""Engine to major version to its days, as of 2026-11; no other engine has Extended Support.

Sources: AWS's release calendars, as
https://github.com/infracost/infracost has them in ``internal/resources/aws/db_instance.go``;
https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/extended-support-viewing-support-dates.html;
that Aurora MySQL has no year 3: https://github.com/aws-samples/rds-extended-support-cost-estimator
"""

YEARS_1_2, YEAR_3 = "year_1_2", "year_3"


def price_name(engine: str, version: str, day: date) -> str:
    """Which of the two prices a database pays on a day.

    Args:
        engine: such as ``postgres``.
        version: such as ``12.19``; empty for AWS's default, which is a supported one.
        day: the day.

    Returns:
        The last part of the price's key; empty where nothing is paid.
    """
    for major, charges in _CHARGES.get(engine, {}).items():
        if version == major or version.startswith(f"{major}."):
            if charges.third is not None and day >= charges.third:
                return YEAR_3
            return YEARS_1_2 if day >= charges.first else ""
    return ""


def charged_today(subject: Subject, engine: str, version: str) -> str:
    """The same today for a resource that has ``engine_lifecycle_support``.

    Args:
        subject: an instance or a cluster.
        engine: as for ``price_name``.
        version: as for ``price_name``.
    """
    name = price_name(engine, version, date.today())
    if name and subject.get("engine_lifecycle_support", "") == DISABLED:
        return ""
    return name

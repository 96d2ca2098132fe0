"""An anomaly of Cost Anomaly Detection, as it comes from the service itself and by EventBridge.

Sources: https://docs.aws.amazon.com/cost-management/latest/userguide/manage-ad.html and
https://docs.aws.amazon.com/cost-management/latest/userguide/cad-eventbridge.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..fields import list_of, part_of, text_of
from ..message import Notice, PlainMessage
from .budget import RUNBOOK

_MOST_CAUSES = 5


def read(message: PlainMessage, body: Mapping[str, Any]) -> Notice | None:
    """The anomaly; None where the message is none."""
    found = part_of(body, "detail") if text_of(body, "source") == "aws.ce" else body
    impact = part_of(found, "impact")
    if not text_of(found, "anomalyId") or not text_of(impact, "totalImpact"):
        return None
    # The two forms differ in a letter.
    what = text_of(found, "dimensionalValue") or text_of(found, "dimensionValue") or "a monitor"
    return Notice(
        source=message.source,
        title=f"Cost anomaly of {what}: {_usd(impact, 'totalImpact')} more than expected",
        facts={
            "Expected": _usd(impact, "totalExpectedSpend"),
            "Spent": _usd(impact, "totalActualSpend"),
            "Since": text_of(found, "anomalyStartDate")[:10],
            "Account": text_of(found, "accountId"),
        },
        text="\n".join(_causes(list_of(found, "rootCauses"))),
        address=text_of(found, "anomalyDetailsLink"),
        runbook=RUNBOOK,
        time=message.time,
    )


def _causes(causes: list[Any]) -> Iterator[str]:
    """Where the money went, a line for each."""
    for cause in causes[:_MOST_CAUSES]:
        names = ("service", "usageType", "region", "linkedAccountName")
        where = " · ".join(filter(None, (text_of(cause, name) for name in names)))
        share = _usd(part_of(cause, "impact"), "contribution") if isinstance(cause, Mapping) else ""
        if where:
            yield f"{where}: {share}" if share else where


def _usd(values: Mapping[str, Any], name: str) -> str:
    value = values.get(name)
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return f"${value:,.2f}" if number else text_of(values, name)

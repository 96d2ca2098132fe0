"""A budget of AWS Budgets: text for people, in which some lines are named.

AWS documents no form of it; this is what others have received.

Source: https://github.com/cds-snc/sre-bot (tests of aws_sns_notifications)
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from .. import links
from ..message import Notice, PlainMessage

RUNBOOK = "cost-spike.md"

_BEGINNING = "AWS Budget Notification"
_LINE = re.compile(r"^([A-Za-z ]{1,40}): (.*\S)", re.MULTILINE)
_VERBS = {"ACTUAL": "spent", "FORECASTED": "forecast"}


def read(message: PlainMessage, _body: Mapping[str, Any]) -> Notice | None:
    """The budget's state; None where the message is none of a budget."""
    if not message.text.startswith(_BEGINNING):
        return None
    lines = dict(_LINE.findall(message.text))
    kind = lines.get("Alert Type", "")
    amount = lines.get(f"{kind} Amount", "")
    if not {"Budget Name", "Budgeted Amount"} <= lines.keys() or not amount:
        return None
    verb = _VERBS.get(kind, kind.lower())
    return Notice(
        source=message.source,
        title=f"Budget {lines['Budget Name']}: {amount} {verb} of {lines['Budgeted Amount']}",
        facts={"Threshold": lines.get("Alert Threshold", "")},
        address=links.runbook(message.text),
        runbook=RUNBOOK,
        time=message.time,
    )

"""An event of RDS, as RDS publishes it itself.

Source: https://docs.aws.amazon.com/lambda/latest/dg/services-rds.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..fields import text_of
from ..message import Notice, PlainMessage

RUNBOOK = "database-events.md"


def read(message: PlainMessage, body: Mapping[str, Any]) -> Notice | None:
    """The event; None where the message is none of RDS."""
    said, name = text_of(body, "Event Message"), text_of(body, "Source ID")
    if not said or not name:
        return None
    return Notice(
        source=message.source,
        title=f"RDS {name}: {said}",
        facts={
            "Of": text_of(body, "Event Source"),
            "Event": text_of(body, "Event ID").rpartition("#")[2],
        },
        runbook=RUNBOOK,
        address=text_of(body, "Identifier Link").split("\n")[0],
        time=text_of(body, "Event Time") or message.time,
    )

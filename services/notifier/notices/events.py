"""An event of EventBridge: of the services that have a form here, and of any other.

Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-events-structure.html
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from ..fields import list_of, part_of, text_of, visible
from ..message import Notice, PlainMessage
from . import database, trail

RUNBOOK = "security-alarms.md"


@dataclass(frozen=True, kw_only=True, slots=True)
class _Read:
    """What the detail of an event says; see ``Notice``."""

    title: str
    facts: Mapping[str, str] = field(default_factory=dict)
    text: str = ""
    runbook: str = ""


def read(message: PlainMessage, body: Mapping[str, Any]) -> Notice | None:
    """The event; None where the message is none of EventBridge."""
    kind, service = text_of(body, "detail-type"), text_of(body, "source")
    if not kind or not service or "detail" not in body:
        return None
    detail = part_of(body, "detail")
    found = _FORMS.get(kind, _any_other)(body, detail)
    source = message.source
    return Notice(
        source=replace(
            source,
            account=text_of(body, "account") or source.account,
            region=text_of(body, "region") or source.region,
        ),
        title=found.title,
        facts=found.facts,
        text=found.text,
        runbook=found.runbook,
        time=text_of(body, "time") or message.time,
    )


def _finding(_body: Mapping[str, Any], detail: Mapping[str, Any]) -> _Read:
    """What GuardDuty has found.

    Source: https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_findings_eventbridge.html
    """
    return _Read(
        title=f"GuardDuty: {text_of(detail, 'title') or text_of(detail, 'type')}",
        facts={
            "Severity": _severity(detail.get("severity")),
            "Finding": text_of(detail, "type"),
            "Seen": text_of(detail, "service", "count"),
            "Last": text_of(detail, "service", "eventLastSeen"),
        },
        text=text_of(detail, "description"),
        runbook=RUNBOOK,
    )


def _severity(value: object) -> str:
    """Its number and its name.

    Source: https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_findings-severity.html
    """
    if isinstance(value, bool) or not isinstance(value, int | float):
        return ""
    names = ((9, "critical"), (7, "high"), (4, "medium"), (0, "low"))
    return f"{value} ({next((name for least, name in names if value >= least), 'low')})"


def _outside_access(_body: Mapping[str, Any], detail: Mapping[str, Any]) -> _Read:
    """What somebody outside can reach.

    Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-eventbridge.html
    """
    resource = text_of(detail, "resource")
    who = "anybody" if detail.get("isPublic") is True else "others"
    principal = part_of(detail, "principal")
    return _Read(
        title=f"Access Analyzer: {who} can reach {resource}",
        facts={
            "Status": text_of(detail, "status"),
            "Kind": text_of(detail, "resourceType"),
            "Who": ", ".join(f"{kind} {text_of(principal, kind)}" for kind in principal),
            "May": ", ".join(str(each) for each in list_of(detail, "action")),
        },
        runbook=RUNBOOK,
    )


def _database(body: Mapping[str, Any], detail: Mapping[str, Any]) -> _Read:
    """What RDS did, in its own words.

    Source: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-cloud-watch-events.html
    """
    said = text_of(detail, "Message")
    if not said:
        return _any_other(body, detail)
    return _Read(
        title=f"RDS {text_of(detail, 'SourceIdentifier')}: {said}",
        facts={
            "Categories": ", ".join(str(each) for each in list_of(detail, "EventCategories")),
            "Event": text_of(detail, "EventID"),
        },
        runbook=database.RUNBOOK,
    )


def _call(_body: Mapping[str, Any], detail: Mapping[str, Any]) -> _Read:
    title, facts, text = trail.call(detail)
    return _Read(title=title, facts=facts, text=text, runbook=RUNBOOK)


def _any_other(body: Mapping[str, Any], detail: Mapping[str, Any]) -> _Read:
    """Its own name for itself, and all that it says."""
    resources = ", ".join(str(each) for each in list_of(body, "resources"))
    whole = detail or body["detail"]
    return _Read(
        title=text_of(body, "detail-type"),
        facts={"From": text_of(body, "source"), "Of": visible(resources)},
        text=visible(json.dumps(whole, ensure_ascii=False)) if whole else "",
    )


_Form = Callable[[Mapping[str, Any], Mapping[str, Any]], _Read]

_FORMS: Mapping[str, _Form] = {
    "AWS API Call via CloudTrail": _call,
    "AWS Console Sign In via CloudTrail": _call,
    "AWS Service Event via CloudTrail": _call,
    "Access Analyzer Finding": _outside_access,
    "GuardDuty Finding": _finding,
    "RDS DB Instance Event": _database,
    "RDS DB Parameter Group Event": _database,
    "RDS DB Proxy Event": _database,
    "RDS DB Snapshot Event": _database,
}
"""By an event's ``detail-type``."""

"""A call that CloudTrail saw: who did what, from where.

Sources: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
and https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-aws-console-sign-in-events.html
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from ..fields import part_of, text_of, visible

Told = tuple[str, dict[str, str], str]
"""Title, facts, and what was asked for."""


def call(detail: Mapping[str, Any]) -> Told:
    """What an event of CloudTrail says.

    Args:
        detail: the event's.
    """
    who, error = _who(part_of(detail, "userIdentity")), text_of(detail, "errorCode")
    facts = {
        "Who": who,
        "From": text_of(detail, "sourceIPAddress"),
        "Service": text_of(detail, "eventSource"),
        "Region": text_of(detail, "awsRegion"),
        "Refused": " ".join(filter(None, (error, text_of(detail, "errorMessage")))),
    }
    name = text_of(detail, "eventName") or "a call"
    if name == "ConsoleLogin":
        return _sign_in(detail, who), facts, ""
    asked = part_of(detail, "requestParameters")
    text = visible(json.dumps(asked, ensure_ascii=False)) if asked else ""
    return f"{name} by {who}{' (refused)' if error else ''}", facts, text


def _sign_in(detail: Mapping[str, Any], who: str) -> str:
    verb = "signed in to"
    if text_of(detail, "responseElements", "ConsoleLogin") == "Failure":
        verb = "failed to sign in to"
    without = text_of(detail, "additionalEventData", "MFAUsed") == "No"
    return f"{who} {verb} the console{' without MFA' if without else ''}"


def _who(identity: Mapping[str, Any]) -> str:
    """The most telling name of whoever called."""
    if text_of(identity, "type") == "Root":
        return "root"
    names = (("userName",), ("arn",), ("invokedBy",), ("principalId",), ("type",))
    return next(filter(None, (text_of(identity, *name) for name in names)), "somebody")

"""Messages in Slack's Block Kit.

Source of all limits: https://docs.slack.dev/reference/block-kit/blocks and
https://docs.slack.dev/messaging/formatting-message-text (escaping).
"""

from __future__ import annotations

import html
from datetime import datetime, timedelta
from typing import Any

from . import links
from .contract import CRITICAL, WARNING
from .message import AlarmChange, Message, Notice, PlainMessage, Source

_HEADER = 150
_SECTION = 3_000
_REASON = 700
"""Characters of a reason or a description: a longer one hides what is next to it."""
_FACT = 250
"""Characters of one fact; a block has room for eleven."""
_ADDRESS = 900
"""Characters of an address; a block has room for three. A longer one is left out."""

_ICONS = {CRITICAL: ":red_circle:", WARNING: ":large_yellow_circle:"}
_OTHER_ICON = ":information_source:"
_OK_ICON = ":large_green_circle:"
_UNKNOWN_ICON = ":white_circle:"

Block = dict[str, Any]


def payload(
    message: Message,
    *,
    environment: str,
    dashboard: str,
    runbooks: str = "",
    lasted: timedelta | None = None,
) -> dict[str, Any]:
    """What Slack's incoming webhook takes.

    Args:
        message: what is told.
        environment: how to call the environment.
        dashboard: name of the dashboard to link to; empty for none.
        runbooks: address of the folder of runbooks; empty for none.
        lasted: how long the alarm was in the state that it left, if known.
    """
    match message:
        case PlainMessage():
            title, blocks = _plain(message)
        case Notice():
            title, blocks = _notice(message, runbooks)
        case AlarmChange():
            title, blocks = _alarm(message, dashboard, lasted)
    context = _context(message.source, environment, message.time)
    # `text` is what notifications on a phone and screen readers show.
    return {
        "text": escaped(f"{environment}: {_without_icon(title)}", _SECTION),
        "blocks": [_header(title), *blocks, context],
    }


def escaped(text: str, longest: int) -> str:
    """Text in which Slack sees no link and no mention of its own, cut to a length.

    Stars and the like still make it bold: there is no way to escape them, and they do no harm.

    Args:
        text: from anywhere.
        longest: characters at most of the result, in which ``<`` takes the four of ``&lt;``.
    """
    whole = html.escape(text, quote=False)
    if len(whole) <= longest:
        return whole
    room, parts = longest - 1, []
    for character in text:
        part = html.escape(character, quote=False)
        room -= len(part)
        if room < 0:
            break
        parts.append(part)
    return f"{''.join(parts)}…"


def _alarm(alarm: AlarmChange, dashboard: str, lasted: timedelta | None) -> tuple[str, list[Block]]:
    region = alarm.source.region
    addresses = [
        (links.runbook(alarm.description), "Runbook"),
        (links.alarm(alarm.name, region=region), "Alarm"),
        (links.dashboard(dashboard, region=region) if dashboard else "", "Dashboard"),
    ]
    change = f"*{escaped(alarm.old_state or 'unknown', 50)}* → *{escaped(alarm.new_state, 50)}*"
    if lasted is not None:
        change += f" after {duration(lasted)}"
    texts = (
        escaped(alarm.description.strip(), _REASON),
        escaped(alarm.reason.strip(), _REASON),
        _links(addresses),
    )
    return _title(alarm), [_section(change), *(_section(text) for text in texts if text)]


def _title(alarm: AlarmChange) -> str:
    if alarm.new_state == "OK":
        return f"{_OK_ICON} {'OK again' if alarm.is_over else 'OK'}: {alarm.name}"
    if alarm.new_state == "ALARM":
        severity = alarm.source.severity
        return f"{_ICONS.get(severity, _OTHER_ICON)} {severity.upper() or 'ALARM'}: {alarm.name}"
    return f"{_UNKNOWN_ICON} No data: {alarm.name}"


def _notice(notice: Notice, runbooks: str) -> tuple[str, list[Block]]:
    addresses = [
        (links.page(notice.runbook, folder=runbooks), "Runbook"),
        (links.address(notice.address), "Details"),
    ]
    facts = (f"*{escaped(n, 50)}* {escaped(v, _FACT)}" for n, v in notice.facts.items() if v)
    texts = ("\n".join(facts), escaped(notice.text.strip(), _SECTION), _links(addresses))
    icon = _ICONS.get(notice.source.severity, _OTHER_ICON)
    title = " ".join(notice.title.split())
    return f"{icon} {title}", [_section(text) for text in texts if text]


def _plain(message: PlainMessage) -> tuple[str, list[Block]]:
    icon = _ICONS.get(message.source.severity, _OTHER_ICON)
    subject = " ".join(message.subject.split()) or f"Message of {message.source.topic}"
    text = message.text.strip()
    return f"{icon} {subject}", [_section(escaped(text, _SECTION))] if text else []


def duration(lasted: timedelta) -> str:
    """Such as ``2 h 5 min``; below a minute in seconds."""
    seconds = max(0, round(lasted.total_seconds()))
    minutes, days = seconds // 60, seconds // 86_400
    if minutes == 0:
        return f"{seconds} s"
    parts = ((days, "d"), (minutes // 60 % 24, "h"), (minutes % 60, "min"))
    return " ".join(f"{number} {unit}" for number, unit in parts if number)


def _without_icon(title: str) -> str:
    return title.partition(" ")[2]


def _header(title: str) -> Block:
    text = {"type": "plain_text", "text": escaped(title, _HEADER), "emoji": True}
    return {"type": "header", "text": text}


def _section(text: str) -> Block:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text, "verbatim": True}}


def _links(addresses: list[tuple[str, str]]) -> str:
    """Links and not buttons: Slack would report a button's click to an app that does not listen."""
    found = ((html.escape(address, quote=False), label) for address, label in addresses)
    return " · ".join(
        f"<{address}|{label}>" for address, label in found if 0 < len(address) <= _ADDRESS
    )


def _context(source: Source, environment: str, time: str) -> Block:
    parts = (environment, f"account {source.account}", source.region, source.topic, _readable(time))
    text = " · ".join(escaped(part, 300) for part in parts if part)
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": text, "verbatim": True}]}


def _readable(time: str) -> str:
    """``2026-03-14 09:10:00 UTC`` of both forms that AWS writes; any other text as it is."""
    try:
        moment = datetime.fromisoformat(time)
    except ValueError:
        return time
    if moment.utcoffset() != timedelta(0):
        return time
    return f"{moment:%Y-%m-%d %H:%M:%S} UTC"

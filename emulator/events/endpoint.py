"""AWS's own events over HTTP: `POST` an event, and the rules of its region and account see it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from contextlib import AbstractContextManager
from typing import Any, Final

from emulator.wsgi import Application, StartResponse, read_body, respond

EVENTS_PATH: Final = "/_emulator/events"

_LONGEST = 256 * 1024
"""Bytes of an event. Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevents.html"""
_JSON = [("Content-Type", "application/json")]


def with_events(application: Application, lock: AbstractContextManager[Any]) -> Application:
    """Answers `EVENTS_PATH`; everything else is the application's.

    Args:
        application: gets everything else.
        lock: that everybody holds who reads what moto has.
    """

    def answered(environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        if environ.get("PATH_INFO") != EVENTS_PATH:
            return application(environ, start_response)
        problem = _told(read_body(environ, _LONGEST), lock)
        body = {"message": problem} if problem else {}
        return respond(start_response, 400 if problem else 200, _JSON, json.dumps(body).encode())

    return answered


def _told(body: bytes | None, lock: AbstractContextManager[Any]) -> str | None:
    """Tells an event; gives what is wrong with it, if anything."""
    from emulator.events.bus import tell  # late: a second of imports

    try:
        event = json.loads(body or b"")
        with lock:
            tell(event)
    except json.JSONDecodeError:
        return "the body has to be an event, as JSON"
    except (AttributeError, TypeError, ValueError) as error:
        return str(error)
    return None

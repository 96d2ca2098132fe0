"""CloudWatch's clock over HTTP: `GET` shows it, `POST {"speed": 12}` lets it run faster."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, Final

from emulator.cloudwatch.runtime import CLOCK, wake
from emulator.wsgi import Application, StartResponse, read_body, respond

CLOCK_PATH: Final = "/_emulator/clock"

_LONGEST = 1024  # bytes
_JSON = [("Content-Type", "application/json")]


def with_clock(application: Application) -> Application:
    """Answers `CLOCK_PATH`; everything else is the application's."""

    def answered(environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        if environ.get("PATH_INFO") != CLOCK_PATH:
            return application(environ, start_response)
        post = environ["REQUEST_METHOD"] == "POST"
        problem = _set_speed(read_body(environ, _LONGEST)) if post else None
        body = {"message": problem} if problem else {"now": CLOCK.now(), "speed": CLOCK.speed}
        return respond(start_response, 400 if problem else 200, _JSON, json.dumps(body).encode())

    return answered


def _set_speed(body: bytes | None) -> str | None:
    """Sets the speed that a request asks for; gives what is wrong with it, if anything."""
    try:
        asked = json.loads(body or b"")
        CLOCK.set_speed(float(asked["speed"]))
    except (TypeError, KeyError, json.JSONDecodeError):
        return 'the body has to be such as {"speed": 12}'
    except ValueError as error:
        return str(error)
    wake.set()
    return None

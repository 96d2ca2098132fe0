"""Spending over HTTP, for tests and drills: the emulator itself bills nobody.

`POST {"account_id": …, "budget": …, "actual": 120, "forecast": 160}` sets what a budget's period has
cost; `POST {"account_id": …, "service": …, "expected": 5, "actual": 50}` is an anomaly.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from moto.core.exceptions import JsonRESTError

from emulator.sns.publishing import PublishError
from emulator.spending import SPENDING_PATH
from emulator.spending.anomalies import find
from emulator.spending.budgets import spend
from emulator.wsgi import Application, StartResponse, read_body, respond

_LONGEST = 4096  # bytes
_JSON = [("Content-Type", "application/json")]


def with_spending(application: Application, lock: AbstractContextManager[Any]) -> Application:
    """Answers `SPENDING_PATH`; everything else is the application's.

    Args:
        application: what answers the rest.
        lock: moto's.
    """

    def answered(environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        if environ.get("PATH_INFO") != SPENDING_PATH:
            return application(environ, start_response)
        try:
            with lock:
                body: dict[str, Any] = {"told": _spend(read_body(environ, _LONGEST))}
        except (TypeError, ValueError, KeyError, InvalidOperation):
            body = {"message": "the body has to be such as emulator/spending/endpoint.py says"}
        except (PublishError, JsonRESTError) as error:
            body = {"message": str(getattr(error, "message", None) or error)}
        status = 400 if "message" in body else 200
        return respond(start_response, status, _JSON, json.dumps(body).encode())

    return answered


def _spend(body: bytes | None) -> list[str]:
    asked = json.loads(body or b"")
    account_id, now = str(asked["account_id"]), datetime.now(UTC)
    actual = Decimal(str(asked["actual"]))
    if "budget" in asked:
        forecast = Decimal(str(asked["forecast"]))
        return spend(account_id, str(asked["budget"]), actual=actual, forecast=forecast, now=now)
    expected = Decimal(str(asked["expected"]))
    return find(
        account_id, service=str(asked["service"]), expected=expected, actual=actual, now=now
    )

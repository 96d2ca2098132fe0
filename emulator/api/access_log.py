"""What a stage's access log says of a request.

Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging-variables.html
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from emulator.api.answer import Answer
from emulator.api.deployed import Api
from emulator.api.event import STAGE
from emulator.api.request import Request

_VARIABLE: Final = re.compile(r"\$context\.([A-Za-z]+(?:\.[A-Za-z]+)*)")
_NOTHING: Final = "-"
_LOGGER = logging.getLogger("emulator.api")


@dataclass(frozen=True, kw_only=True)
class Served:
    """A request and its answer.

    Attributes:
        request: as it came.
        answer: as it went.
        request_id: as in the answer's header.
        now: when it came, with a time zone.
        seconds: until the answer was there.
    """

    request: Request
    answer: Answer
    request_id: str
    now: datetime
    seconds: float


def line(written: str, api: Api, served: Served) -> str:
    """Fills a format in; a variable without a value, or that is not here, is `-`.

    Args:
        written: the stage's format.
        api: whose stage.
        served: the request.
    """
    values = _values(api, served)
    quoted = written.lstrip().startswith("{")

    def fill(found: re.Match[str]) -> str:
        if found[1] not in _KNOWN:
            _LOGGER.warning("access logs: the emulator lacks %s", found[0])
        value = values.get(found[1], _NOTHING)
        # A quotation mark in a header must not end a text of JSON.
        return json.dumps(value, ensure_ascii=False)[1:-1] if quoted else value

    return _VARIABLE.sub(fill, written)


def _values(api: Api, served: Served) -> Mapping[str, str]:
    request, answer = served.request, served.answer
    integration = answer.integration_seconds
    took = None if integration is None else _milliseconds(integration)
    latency = {"integrationLatency": took, "integration.latency": took} if took else {}
    return {
        "accountId": api.account_id,
        "apiId": api.api_id,
        "domainName": api.domain_name,
        "domainPrefix": api.api_id,
        "httpMethod": request.method,
        "identity.sourceIp": request.source_ip,
        "identity.userAgent": request.headers.get("user-agent", _NOTHING),
        "path": request.raw_path,
        "protocol": request.protocol,
        "requestId": served.request_id,
        "requestTime": served.now.strftime("%d/%b/%Y:%H:%M:%S %z"),
        "responseLatency": _milliseconds(served.seconds),
        "responseLength": str(len(answer.body)),
        "stage": STAGE,
        "status": str(answer.status),
        **latency,
        **answer.about,
    }


def _milliseconds(seconds: float) -> str:
    return str(round(seconds * 1000))


_KNOWN: Final = frozenset(
    (
        *("accountId", "apiId", "domainName", "domainPrefix", "httpMethod", "identity.sourceIp"),
        *("identity.userAgent", "path", "protocol", "requestId", "requestTime", "responseLatency"),
        *("responseLength", "stage", "status", "integrationLatency", "integration.latency"),
        *("routeKey", "integration.status", "integrationStatus", "integrationErrorMessage"),
        *("integration.error", "authorizer.error"),
    )
)

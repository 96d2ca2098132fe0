"""Serves the HTTP APIs: does with a request all that API Gateway does."""

from __future__ import annotations

import base64
import json
import logging
import os
import re
import time
from collections.abc import Iterable
from concurrent.futures import Future
from dataclasses import replace
from datetime import UTC, datetime
from http import HTTPStatus
from threading import Thread
from typing import Any

from emulator.api import PREFIX, cors, metrics, permission
from emulator.api.access_log import Served, line
from emulator.api.answer import Answer, MalformedError, message, translate
from emulator.api.authorizer import DeniedError, Tokens
from emulator.api.deployed import Api, Apis, Integration
from emulator.api.event import STAGE, build
from emulator.api.request import Request, headers_of, raw_path_of
from emulator.api.routes import Match, Route, match
from emulator.api.throttle import Throttle
from emulator.cloudwatch.publisher import Publisher
from emulator.functions.deployed import Function, Functions
from emulator.functions.invoker import MAX_EVENT_BYTES, Invoker, Outcome
from emulator.functions.pool import Throttled
from emulator.logs.streams import Streams
from emulator.wsgi import Application, StartResponse, read_body, respond

MAX_BODY_BYTES = 10 * 1024 * 1024

_PATH = re.compile(rf"{PREFIX}([a-z0-9]+)(/.*)?", re.DOTALL)
_NO_BODY = (204, 304)
_LOGGER = logging.getLogger("emulator.api")

_NOT_FOUND = message(404, "Not Found")
_TOO_LARGE = message(413, "Request Entity Too Large")
_TOO_MANY = message(429, "Too Many Requests")
_FAILED = message(500, "Internal Server Error")
_FORBIDDEN = message(403, "Forbidden")
_NO_PERMISSION = (
    "The IAM role configured on the integration or API Gateway doesn't have permissions to call the "
    "integration. Check the permissions and try again."
)
# AWS documents 504 for a time-out but HTTP APIs are seen to answer 503: docs/emulator.md.
_UNAVAILABLE = message(503, "Service Unavailable")


class Gateway:
    """Serves the APIs."""

    def __init__(
        self,
        *,
        apis: Apis,
        functions: Functions,
        invoker: Invoker,
        publisher: Publisher,
        streams: Streams | None = None,
    ) -> None:
        """Takes what is deployed and what runs it.

        Args:
            apis: what Terraform deployed.
            functions: behind them.
            invoker: runs these.
            publisher: of the metrics of requests.
            streams: where access logs are written.
        """
        self._apis = apis
        self._functions = functions
        self._invoker = invoker
        self._publisher = publisher
        self._streams = streams
        self._tokens = Tokens()
        self._throttle = Throttle()

    def around(self, application: Application) -> Application:
        """Serves the APIs below `/_api/`; the application gets every other request."""

        def answered(environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
            if not environ.get("PATH_INFO", "").startswith(PREFIX):
                return application(environ, start_response)
            # 16 characters, as AWS's own.
            request_id = base64.b64encode(os.urandom(11)).decode()
            answer = self._serve(environ, request_id)
            headers = [*answer.headers, ("apigw-requestid", request_id)]
            silent = environ["REQUEST_METHOD"] == "HEAD" or answer.status in _NO_BODY
            body = respond(start_response, answer.status, headers, answer.body)
            return [] if silent else body

        return answered

    def _serve(self, environ: dict[str, Any], request_id: str) -> Answer:
        began, now = time.monotonic(), datetime.now(UTC)
        body = read_body(environ, MAX_BODY_BYTES)
        found = _PATH.fullmatch(raw_path_of(environ))
        api = self._apis.find(found[1]) if found else None
        if api is None or found is None:
            return _NOT_FOUND
        request = Request(
            method=environ["REQUEST_METHOD"],
            raw_path=found[2] or "/",
            query=environ.get("QUERY_STRING", ""),
            headers=headers_of(environ),
            body=body or b"",
            source_ip=environ.get("REMOTE_ADDR", ""),
            protocol=environ.get("SERVER_PROTOCOL", "HTTP/1.1"),
        )
        answer = _TOO_LARGE if body is None else self._with_cors(request, api, request_id)
        seconds = time.monotonic() - began
        served = Served(
            request=request, answer=answer, request_id=request_id, now=now, seconds=seconds
        )
        self._record(api, served)
        return answer

    def _record(self, api: Api, served: Served) -> None:
        """Publishes a request's metrics and writes its line into the access log."""
        answer = served.answer
        published = metrics.observations(
            api.api_id,
            status=answer.status,
            latency_seconds=served.seconds,
            integration_seconds=answer.integration_seconds,
            data_bytes=len(served.request.body) + len(answer.body),
        )
        self._publisher.publish(api.account_id, api.region, *published)
        if api.access_log and self._streams:
            written = line(api.access_log.written, api, served)
            place = (api.account_id, api.region, api.access_log.group, f"{api.api_id}/{STAGE}")
            self._streams.add(*place, [written])

    def _with_cors(self, request: Request, api: Api, request_id: str) -> Answer:
        if api.cors is None:
            return self._route(request, api, request_id)
        if cors.is_preflight(request.method, request.headers):
            return Answer(status=204, headers=cors.preflight_headers(api.cors, request.headers))
        answer = self._route(request, api, request_id)
        added = cors.response_headers(api.cors, request.headers)
        headers = [*cors.without_cors(answer.headers), *added]
        return replace(answer, headers=headers)

    def _route(self, request: Request, api: Api, request_id: str) -> Answer:
        found = match(api.routes, request.method, request.raw_path)
        if found is None:
            return _NOT_FOUND
        answer = self._routed(request, api, found, request_id)
        return replace(answer, about={**answer.about, "routeKey": found.route.key})

    def _routed(self, request: Request, api: Api, found: Match, request_id: str) -> Answer:
        if not self._throttle.admits(api.api_id, found.route.key, api.limit(found.route.key)):
            return _TOO_MANY
        try:
            authorizer = self._authorize(request, api, found.route)
        except DeniedError as denied:
            return replace(denied.answer, about={"authorizer.error": _reason(denied.answer)})
        event = build(
            request,
            found,
            api,
            request_id=request_id,
            now=datetime.now(UTC),
            authorizer=authorizer,
        )
        return self._integrate(request, api, found, json.dumps(event, ensure_ascii=False).encode())

    def _authorize(self, request: Request, api: Api, route: Route) -> dict[str, Any] | None:
        if route.authorization == "NONE":
            return None
        authorizer = api.authorizers.get(route.authorizer_id or "")
        if authorizer is None:
            _LOGGER.error("%s: the emulator only has JWT authorizers", route.key)
            raise DeniedError(_FORBIDDEN)
        return self._tokens.authorize(request, authorizer, route.scopes)

    def _integrate(self, request: Request, api: Api, found: Match, event: bytes) -> Answer:
        integration = api.integrations.get(found.route.target)
        function = self._function(integration) if integration else None
        if integration is None or function is None:
            _LOGGER.error(
                "%s: leads to no function whose code is here with payload format 2.0",
                found.route.key,
            )
            return _FAILED
        if not permission.allows(function, api, found.route, request.method):
            _LOGGER.error("%s: %s does not let the API in", found.route.key, function.invoked_arn)
            return _with_error(_FAILED, _NO_PERMISSION)
        if len(event) > MAX_EVENT_BYTES:
            return _TOO_LARGE
        began = time.monotonic()
        answer = self._invoke(function, event, integration.timeout_seconds)
        return replace(answer, integration_seconds=time.monotonic() - began)

    def _function(self, integration: Integration) -> Function | None:
        function = self._functions.find(
            integration.account_id, integration.region, integration.function, integration.qualifier
        )
        return function if function and self._invoker.runs(function) else None

    def _invoke(self, function: Function, event: bytes, seconds: float) -> Answer:
        try:
            answer = translate(self._started(function, event).result(seconds))
        except TimeoutError:
            return _with_error(_UNAVAILABLE, "Endpoint request timed out")
        except Throttled:
            return replace(_TOO_MANY, about={"integrationStatus": "429"})
        except MalformedError as error:
            _LOGGER.error("%s: %s", function.invoked_arn, error)
            return _with_error(_FAILED, str(error), integrationStatus="200")
        about = {"integrationStatus": "200", "integration.status": str(answer.status)}
        return replace(answer, about=about)

    def _started(self, function: Function, event: bytes) -> Future[Outcome]:
        """Invokes in a thread of its own: the function goes on when the API stops waiting."""
        future: Future[Outcome] = Future()

        def run() -> None:
            try:
                future.set_result(self._invoker.invoke(function, event))
            except BaseException as error:  # noqa: BLE001 - the waiting thread gets it
                future.set_exception(error)

        Thread(target=run, daemon=True).start()
        return future


def _with_error(answer: Answer, text: str, **more: str) -> Answer:
    """What the access log says of an integration that failed."""
    told = {"integrationErrorMessage": text, "integration.error": text}
    return replace(answer, about={**told, **more})


def _reason(answer: Answer) -> str:
    """Why an authorizer refused: its challenge's description, else the answer's phrase."""
    challenge = dict(answer.headers).get("www-authenticate", "")
    described = re.search(r'error(?:_description)?="([^"]+)"$', challenge)
    return described[1] if described else HTTPStatus(answer.status).phrase

"""Lambda's Invoke: runs a function's code with the limits that Lambda has."""

from __future__ import annotations

import json
import re
import threading
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from emulator.cloudwatch.publisher import Publisher
from emulator.functions import platform_lines
from emulator.functions.dead_letters import Target
from emulator.functions.deployed import Function
from emulator.functions.environment import environment
from emulator.functions.log import Streams, WorkerLog
from emulator.functions.metrics import Invocation, Meter
from emulator.functions.pool import Pool, Throttled
from emulator.functions.process import Worker, WorkerExit, WorkerTimeout
from emulator.functions.source import Source

MAX_EVENT_BYTES = 6_291_456
MAX_ASYNCHRONOUS_EVENT_BYTES = 1_048_576
MAX_ANSWER_BYTES = 6_291_556
"""Source: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html (6 MB, 1 MB);
the bytes are those that Lambda's own messages name."""

_THROTTLED_SECONDS = 1.0
"""Wait before an asynchronous event is tried again that exceeded the function's concurrency."""
_RETRY_SECONDS = (1.0, 2.0)
"""Waits before the second and the third attempt of an asynchronous event; Lambda's are one minute
and two. Source: https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html"""
_MOST_SECONDS = 6 * 60 * 60.0
"""How long an asynchronous event is kept, Lambda's default."""
_MOST_ERROR_CHARACTERS = 1024


class Databases(Protocol):
    """The databases behind the RDS hosts."""

    def environment(self, account_id: str, region: str, host: str) -> dict[str, str]:
        """Gives the variables by which a function reaches a host; none for an unknown one.

        Raises:
            OSError: if the database does not start.
        """

    def behind(self, account_id: str, region: str, host: str) -> str:
        """Gives the instance to which a host leads, or led last; nothing for an unknown one."""


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What an invocation gave.

    Attributes:
        payload: JSON.
        failed: whether it describes an error of the function.
    """

    payload: bytes
    failed: bool


def _of_the_account(_: Function) -> Mapping[str, str]:
    return {}


class Invoker:
    """Runs functions whose handler is in the services' folder."""

    def __init__(
        self,
        *,
        source: Source,
        url: str,
        logs: Path,
        publisher: Publisher,
        credentials: Callable[[Function], Mapping[str, str]] = _of_the_account,
        databases: Databases | None = None,
        dead_letters: Target | None = None,
        streams: Streams | None = None,
    ) -> None:
        """Makes an invoker without a process yet.

        Args:
            source: the services.
            url: of the emulator, for the code's own calls.
            logs: folder of the log files, one a function; made when needed.
            publisher: of the metrics of invocations.
            credentials: variables that sign a function in; by default it is its account.
            databases: where functions with a `DATABASE_HOST` find it.
            dead_letters: takes asynchronous events that failed.
            streams: where what functions write becomes events of their log groups.
        """
        self._source = source
        self._url = url
        self._logs = logs
        self._credentials = credentials
        self._databases = databases
        self._dead_letters = dead_letters
        self._streams = streams
        self._pool = Pool(self._start)
        self._meter = Meter(publisher)

    def runs(self, function: Function) -> bool:
        """Whether the function's code is here."""
        return self._source.has(function.handler)

    def invoke(self, function: Function, event: bytes, request_id: str | None = None) -> Outcome:
        """Runs a function and waits for its answer.

        Args:
            function: which.
            event: JSON.
            request_id: of the invocation; a new one unless it is tried again.

        Raises:
            emulator.functions.pool.Throttled: if the function's concurrency is used up.
        """
        request_id = request_id or str(uuid.uuid4())
        with self._meter.invocation(function) as invocation:
            outcome = self._invoke(function, event, request_id, invocation)
            invocation.failed = outcome.failed
        return outcome

    def _invoke(
        self, function: Function, event: bytes, request_id: str, invocation: Invocation
    ) -> Outcome:
        try:
            code, database = self._source.fingerprint(), self._behind(function)
            with self._pool.worker(function, code, database) as worker:
                invocation.handler_begins()
                return _run(worker, function, request_id, event)
        except _EndedError as ended:
            return ended.outcome
        except _LoadError as error:
            outcome = error.outcome(request_id)
            error.log.add(outcome.payload)
            return outcome

    def invoke_later(self, function: Function, event: bytes) -> None:
        """Runs a function in the background, up to three times.

        An event that fails each time goes to the function's dead letters; without any it is lost.
        One that exceeds the function's concurrency waits, for six hours at most.
        """
        threading.Thread(target=self._insist, args=(function, event), daemon=True).start()

    def _insist(self, function: Function, event: bytes) -> None:
        request_id = str(uuid.uuid4())
        expires = time.monotonic() + _MOST_SECONDS
        for wait in (0.0, *_RETRY_SECONDS):
            time.sleep(wait)
            outcome = self._in_turn(function, event, request_id, expires)
            if not outcome.failed:
                return
        self._to_dead_letters(function, event, request_id, outcome)

    def _in_turn(
        self, function: Function, event: bytes, request_id: str, expires: float
    ) -> Outcome:
        """Runs a function as soon as its concurrency admits it."""
        while time.monotonic() < expires:
            try:
                return self.invoke(function, event, request_id)
            except Throttled:
                time.sleep(_THROTTLED_SECONDS)
        return _failure("TooManyRequestsException", "Rate Exceeded.")

    def _to_dead_letters(
        self, function: Function, event: bytes, request_id: str, outcome: Outcome
    ) -> None:
        if self._dead_letters is None or function.dead_letter_arn is None:
            return
        message = str(json.loads(outcome.payload).get("errorMessage"))
        attributes = {
            "RequestID": ("String", request_id),
            # The status that a synchronous caller would have got: a function's error is a 200.
            "ErrorCode": ("Number", "200"),
            "ErrorMessage": ("String", message[:_MOST_ERROR_CHARACTERS]),
        }
        self._dead_letters.send(function.dead_letter_arn, event.decode(), attributes)

    def _start(self, function: Function) -> Worker:
        root = self._source.folder
        log = WorkerLog(function, file=self._log(function), streams=self._streams)
        worker = Worker(
            function.handler,
            environment=environment(
                function,
                url=self._url,
                root=root,
                credentials=self._credentials(function),
                database=self._database(function, log),
                log_stream=log.stream,
            ),
            folder=root,
            log=log,
        )
        try:
            error = worker.loaded()
        except WorkerTimeout:
            worker.close()
            raise _exit_at_load(log, "Runtime did not load the handler in time") from None
        except WorkerExit as end:
            worker.close()
            raise _exit_at_load(log, end) from None
        if error:
            worker.close()
            raise _LoadError(log, lambda _request_id: Outcome(payload=error, failed=True))
        log.loaded()
        return worker

    def _behind(self, function: Function) -> str:
        """The instance behind the function's host: a worker knows the port of one only."""
        host = function.environment.get("DATABASE_HOST")
        if not host or not self._databases:
            return ""
        return self._databases.behind(function.account_id, function.region, host)

    def _database(self, function: Function, log: WorkerLog) -> dict[str, str]:
        host = function.environment.get("DATABASE_HOST")
        if not host or not self._databases:
            return {}
        try:
            return self._databases.environment(function.account_id, function.region, host)
        except OSError as error:
            log.output.follow()  # no worker will
            text = f"the emulator can't start the database behind {host}: {error}"
            raise _LoadError(log, lambda _id: _failure("Emulator.DatabaseError", text)) from None

    def _log(self, function: Function) -> Path:
        self._logs.mkdir(parents=True, exist_ok=True)
        return self._logs / f"{re.sub(r'[^A-Za-z0-9_-]', '_', function.name)}.log"


class _LoadError(Exception):
    """The handler can't be loaded; `outcome` says why, for a request's id."""

    def __init__(self, log: WorkerLog, outcome: Callable[[str], Outcome]) -> None:
        super().__init__()
        self.log = log
        self.outcome = outcome


class _EndedError(Exception):
    """The worker is of no use any more; `outcome` is what the invocation gave."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__()
        self.outcome = outcome


def _run(worker: Worker, function: Function, request_id: str, event: bytes) -> Outcome:
    """Runs the handler and logs its invocation; a worker that it ends raises `_EndedError`."""
    seconds = function.timeout_seconds
    worker.log.begin(request_id)
    request: dict[str, Any] = {
        "request_id": request_id,
        "invoked_arn": function.invoked_arn,
        # The monotonic clock is the same in the worker, which runs on this machine.
        "deadline": time.monotonic() + seconds,
    }
    try:
        failed, payload = worker.run(request, event, seconds)
    except WorkerTimeout:
        text = f"RequestId: {request_id} Error: Task timed out after {seconds:.2f} seconds"
        raise _ended(worker, request_id, "timeout", "Sandbox.Timedout", text) from None
    except WorkerExit as end:
        text = f"RequestId: {request_id} Error: {end}"
        raise _ended(worker, request_id, "failure", "Runtime.ExitError", text) from None
    status = "error" if failed else platform_lines.SUCCESS
    worker.log.end(request_id, memory_mib=worker.memory_mib, status=status)
    if len(payload) > MAX_ANSWER_BYTES:
        text = (
            f"Response payload size ({len(payload)} bytes) exceeded maximum allowed payload size "
            f"({MAX_ANSWER_BYTES} bytes)."
        )
        return _failure("Function.ResponseSizeTooLarge", text)
    return Outcome(payload=payload, failed=failed)


def _ended(worker: Worker, request_id: str, status: str, kind: str, message: str) -> _EndedError:
    outcome = _failure(kind, message)
    # The function itself could not log it.
    worker.log.add(outcome.payload)
    worker.log.end(request_id, memory_mib=worker.memory_mib, status=status)
    return _EndedError(outcome)


def _exit_at_load(log: WorkerLog, reason: object) -> _LoadError:
    return _LoadError(
        log,
        lambda request_id: _failure(
            "Runtime.ExitError", f"RequestId: {request_id} Error: {reason}"
        ),
    )


def _failure(kind: str, message: str) -> Outcome:
    payload = json.dumps({"errorType": kind, "errorMessage": message}).encode()
    return Outcome(payload=payload, failed=True)

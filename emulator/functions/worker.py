"""What runs in a worker process: loads a handler once and calls it for every request.

Started as a file, with nothing but the standard library: the project's own packages must not be
importable here, as they are not in Lambda. The parent talks over an inherited socket; see
`emulator.functions.process`.
"""

from __future__ import annotations

import importlib
import json
import os
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable
from decimal import Decimal
from multiprocessing.connection import Connection
from queue import SimpleQueue
from types import TracebackType
from typing import Any

Handler = Callable[[Any, "Context"], Any]
Requests = SimpleQueue[tuple[dict[str, Any], bytes]]


class Context:
    """What Lambda tells a handler about its invocation."""

    def __init__(self, request: dict[str, Any]) -> None:
        """Takes the parent's description of the invocation."""
        self.aws_request_id: str = request["request_id"]
        self.invoked_function_arn: str = request["invoked_arn"]
        self.function_name = os.environ["AWS_LAMBDA_FUNCTION_NAME"]
        self.function_version = os.environ["AWS_LAMBDA_FUNCTION_VERSION"]
        self.memory_limit_in_mb = os.environ["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"]
        self.log_group_name = os.environ["AWS_LAMBDA_LOG_GROUP_NAME"]
        self.log_stream_name = os.environ["AWS_LAMBDA_LOG_STREAM_NAME"]
        self.identity = None
        self.client_context = None
        self._deadline: float = request["deadline"]

    def get_remaining_time_in_millis(self) -> int:
        """Milliseconds until Lambda stops the invocation."""
        return max(0, int((self._deadline - time.monotonic()) * 1000))


class _Failure(Exception):
    """An answer that says what failed."""

    def __init__(self, kind: str, message: str, stack: list[str] | None = None) -> None:
        super().__init__(message)
        self.answer = {"errorMessage": message, "errorType": kind, "stackTrace": stack or []}


def main(fd: int, handler_name: str) -> None:
    """Serves one request after the other until the parent is gone.

    Args:
        fd: of the inherited socket.
        handler_name: such as `rag.app.handler`.
    """
    os.set_inheritable(fd, False)
    connection = Connection(fd)
    requests: Requests = SimpleQueue()
    threading.Thread(target=_receive, args=(connection, requests), daemon=True).start()
    try:
        handler = _load(handler_name)
    except _Failure as failure:
        connection.send_bytes(json.dumps(failure.answer).encode())
        sys.exit(1)
    connection.send_bytes(b"")
    while True:
        request, event = requests.get()
        error, payload = _answer(handler, request, event)
        sys.stdout.flush()
        connection.send_bytes(b"error" if error else b"")
        connection.send_bytes(payload)


def _receive(connection: Connection, requests: Requests) -> None:
    """Takes requests; when the parent is gone, whatever ended it, so is this process.

    In a thread of its own: the handler may be busy for as long as it likes.
    """
    try:
        while True:
            requests.put((json.loads(connection.recv_bytes()), connection.recv_bytes()))
    except (EOFError, OSError):
        # Ends this process and every process that the handler may have started.
        os.killpg(os.getpgrp(), signal.SIGKILL)


def _load(handler_name: str) -> Handler:
    module_name, _, name = handler_name.replace("/", ".").rpartition(".")
    sys.path.insert(0, os.environ["LAMBDA_TASK_ROOT"])
    try:
        module = importlib.import_module(module_name)
    except ImportError as error:
        traceback.print_exc()
        message = f"Unable to import module '{module_name}': {error}"
        raise _Failure("Runtime.ImportModuleError", message) from None
    except SyntaxError as error:
        traceback.print_exc()
        message = f"Syntax error in module '{module_name}': {error}"
        raise _Failure("Runtime.UserCodeSyntaxError", message) from None
    except Exception as error:  # noqa: BLE001 - the module may raise anything
        raise _failure(error) from None
    try:
        handler: Handler = getattr(module, name)
    except AttributeError:
        message = f"Handler '{name}' missing on module '{module_name}'"
        raise _Failure("Runtime.HandlerNotFound", message) from None
    return handler


def _answer(handler: Handler, request: dict[str, Any], event: bytes) -> tuple[bool, bytes]:
    try:
        return False, _encode(_call(handler, request, event))
    except _Failure as failure:
        answer = failure.answer | {"requestId": request["request_id"]}
        return True, json.dumps(answer).encode()


def _call(handler: Handler, request: dict[str, Any], event: bytes) -> Any:
    try:
        return handler(json.loads(event), Context(request))
    except Exception as error:  # noqa: BLE001 - the handler may raise anything
        raise _failure(error) from None


def _failure(error: Exception) -> _Failure:
    traceback.print_exc()
    return _Failure(type(error).__name__, str(error), _frames(error.__traceback__))


def _frames(trace: TracebackType | None) -> list[str]:
    """The stack without this file and the import machinery."""
    frames = traceback.extract_tb(trace)
    own = [f for f in frames if f.filename != __file__ and not f.filename.startswith("<frozen")]
    return traceback.format_list(own)


def _encode(answer: Any) -> bytes:
    try:
        # Lambda's runtime of Python 3.12 and later writes characters, not their escapes.
        return json.dumps(answer, ensure_ascii=False, default=_decimal).encode()
    except (TypeError, ValueError, RecursionError) as error:
        message = f"Unable to marshal response: {error}"
        raise _Failure("Runtime.MarshalError", message) from None


def _decimal(value: Any) -> float:
    if isinstance(value, Decimal):
        return float(value)
    raise TypeError(f"Object of type {type(value).__name__} is not JSON serializable")


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])

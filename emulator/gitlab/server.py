"""The stand-in as a server: GitLab's API, and `/_control` to set it up.

- `GET` and `PUT /_control/state`: everything it knows, as `emulator.gitlab.state` describes it;
- `POST /_control/faults`: a list of `emulator.gitlab.faults.Fault`; `DELETE` forgets them;
- `GET /_control/requests`: what was asked for, as a list of `GET /api/v4/…`.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import msgspec
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server
from werkzeug.wrappers import Request, Response

from emulator.gitlab import api
from emulator.gitlab.answers import encoded
from emulator.gitlab.faults import Fault, Queue, inject
from emulator.gitlab.state import State, Store, decode, encode
from emulator.wsgi import StartResponse

_HOST = "127.0.0.1"
_CONTROL = "/_control/"


class GitLab:
    """The WSGI application.

    Attributes:
        store: what it knows.
        faults: what it will do wrong.
        requests: what was asked for, in order.
    """

    def __init__(self, store: Store) -> None:
        self.store = store
        self.faults = Queue()
        self.requests: list[str] = []

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Any:
        """Answers a request."""
        request = Request(environ)
        if request.path.startswith(_CONTROL):
            return self._control(request)(environ, start_response)
        self.requests.append(f"{request.method} {environ['REQUEST_URI']}")
        request.get_data()  # read whatever happens, or a client that sends sees no answer

        def handle() -> Response:
            with self.store.use() as state:
                return api.answer(request, state)

        fault = self.faults.next_for(request)
        answer = inject(fault, environ, handle) if fault else handle()
        return answer(environ, start_response)

    def _control(self, request: Request) -> Response:
        match request.method, request.path.removeprefix(_CONTROL):
            case "GET", "state":
                with self.store.use() as state:
                    return Response(encode(state), content_type="application/json")
            case "PUT", "state":
                return self._ordered(lambda: self.store.replace(decode(request.get_data())))
            case "POST", "faults":
                faults = request.get_data()
                return self._ordered(
                    lambda: self.faults.order(*msgspec.json.decode(faults, type=list[Fault]))
                )
            case "DELETE", "faults":
                return self._ordered(self.faults.clear)
            case "GET", "requests":
                return encoded(self.requests)
        return encoded({"error": "404 Not Found"}, 404)

    @staticmethod
    def _ordered(do: Any) -> Response:
        try:
            do()
        except msgspec.DecodeError as error:
            return encoded({"error": str(error)}, 400)
        return Response(status=204)


class _Quiet(WSGIRequestHandler):
    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Says nothing: the control endpoint tells what was asked for."""


def make(port: int, application: GitLab) -> BaseWSGIServer:
    """Opens the port; serving is up to the caller.

    Args:
        port: on loopback; 0 for a free one.
        application: to serve.
    """
    return make_server(_HOST, port, application, threaded=True, request_handler=_Quiet)


@contextmanager
def serving(state: State) -> Iterator[tuple[str, GitLab]]:
    """Serves in this process until the block ends.

    Args:
        state: what it knows at first.

    Yields:
        Its URL, and the application.
    """
    application = GitLab(Store(state))
    server = make(0, application)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://{_HOST}:{server.server_port}", application
    finally:
        server.shutdown()
        server.server_close()
        thread.join()

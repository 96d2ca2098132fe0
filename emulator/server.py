"""The emulator's own process: `python -m emulator.server --fd N --state FOLDER`.

Started by `emulator.control`, which opens the listening socket itself: the port is then known and
taken before this process has imported anything.
"""

from __future__ import annotations

import argparse
import os
import signal
import socket
import threading
from pathlib import Path
from types import FrameType

from emulator.application import SERVICES


def main(arguments: list[str] | None = None) -> None:
    """Serves until the process gets SIGTERM or, with `--tied`, its standard input ends.

    Args:
        arguments: of the command line, without the program's name.
    """
    parser = argparse.ArgumentParser(prog="emulator.server", description=__doc__)
    parser.add_argument("--fd", type=int, required=True, help="an inherited listening socket")
    parser.add_argument(
        "--tied", action="store_true", help="end when standard input does: with the parent"
    )
    parser.add_argument("--state", type=Path, required=True, help="folder of the functions' logs")
    parser.add_argument(
        "--services", type=Path, default=SERVICES, help="folder of the functions' code"
    )
    options = parser.parse_args(arguments)
    signal.signal(signal.SIGTERM, _exit)
    if options.tied:
        threading.Thread(target=_exit_at_end_of_input, daemon=True).start()
    _serve(options.fd, options.state.resolve(), options.services.resolve())


def _serve(fd: int, state: Path, services: Path) -> None:
    from moto.moto_server.werkzeug_app import MotoRequestHandler
    from werkzeug.serving import make_server

    from emulator.application import build

    with socket.socket(fileno=fd) as listener:
        host, port = listener.getsockname()
        # moto would prefer it to the account that the access key id names.
        os.environ.pop("MOTO_ACCOUNT_ID", None)
        # moto sends some requests to itself.
        os.environ["MOTO_PORT"] = str(port)
        application = build(url=f"http://{host}:{port}", state=state, services=services)
        make_server(
            host, port, application, threaded=True, request_handler=MotoRequestHandler, fd=fd
        ).serve_forever()


def _exit(_signal: int, _frame: FrameType | None) -> None:
    # Exits at once, even while threads answer: nothing is kept that would have to be saved.
    os._exit(0)


def _exit_at_end_of_input() -> None:
    # Not sys.stdin: a thread that waits in it holds its lock, and Python would abort at exit.
    while os.read(0, 1):
        pass
    os._exit(0)


if __name__ == "__main__":
    main()

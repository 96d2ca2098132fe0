"""`python -m emulator.gitlab`: a stand-in for GitLab's API on loopback; prints its URL."""

from __future__ import annotations

import argparse
import signal
import sys
from pathlib import Path

import msgspec

from emulator.gitlab import server
from emulator.gitlab.state import Store


def main(arguments: list[str] | None = None) -> int:
    """Serves until the process gets SIGTERM or SIGINT.

    Args:
        arguments: of the command line, without the program's name.

    Returns:
        The exit code.
    """
    parser = argparse.ArgumentParser(prog="python -m emulator.gitlab", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="a free one by default")
    parser.add_argument(
        "--state", type=Path, metavar="FILE", help="JSON to begin with; every change is kept there"
    )
    options = parser.parse_args(arguments)
    try:
        made = server.make(options.port, server.GitLab(Store(file=options.state)))
    except (msgspec.DecodeError, OSError) as error:
        print(f"emulator.gitlab: {options.state}: {error}", file=sys.stderr)
        return 1
    print(f"http://127.0.0.1:{made.server_port}", flush=True)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        made.serve_forever()
    except KeyboardInterrupt:
        made.server_close()
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""The toolchain's two commands: ``install`` and ``doctor``."""

from __future__ import annotations

import argparse
import os
import sys

from toolchain.doctor import MISSING, examine, table
from toolchain.errors import ToolchainError
from toolchain.install import install
from toolchain.layout import Layout


def main(arguments: list[str] | None = None, layout: Layout | None = None) -> int:
    """Run one command; a failure is one clear line and a non-zero code."""
    parser = argparse.ArgumentParser(prog="python -m toolchain", description=__doc__)
    parser.add_argument("command", choices=("install", "doctor"))
    command = parser.parse_args(arguments).command
    layout = layout or Layout()
    if command == "doctor":
        return _doctor(layout)
    try:
        install(layout, os.environ)
    except (ToolchainError, OSError) as error:
        print(f"toolchain: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("toolchain: interrupted; run it again to go on", file=sys.stderr)
        return 130
    return 0


def _doctor(layout: Layout) -> int:
    rows = examine(layout, os.environ)
    print(table(rows))
    missing = [tool for tool, version, _ in rows if version == MISSING]
    if missing:
        print(f"Missing: {', '.join(missing)}. Remedy: make setup", file=sys.stderr)
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())

"""The toolchain's commands: ``install``, ``need``, ``doctor``, ``synth``, ``rehearse-cdktn``."""

from __future__ import annotations

import argparse
import os
import sys

from toolchain.cdktn.rehearse import rehearse
from toolchain.cdktn.report import markdown
from toolchain.doctor import MISSING, Row, examine_machine, examine_tools, table
from toolchain.errors import ToolchainError
from toolchain.install import install
from toolchain.layout import Layout
from toolchain.needs import NEEDS, remedy, require
from toolchain.synth import synthesise


def main(arguments: list[str] | None = None, layout: Layout | None = None) -> int:
    """Run one command; a failure is one clear line and a non-zero code."""
    options = _parser().parse_args(arguments)
    layout = layout or Layout()
    name = options.command if options.command in ("synth", "rehearse-cdktn") else "setup"
    try:
        if options.command == "doctor":
            return _doctor(layout)
        if options.command == "rehearse-cdktn":
            return _rehearse(layout)
        if options.command == "synth":
            synthesise(layout.root)
        elif options.command == "need":
            require(options.target, layout, os.environ)
        else:
            install(layout, os.environ)
    except (ToolchainError, OSError) as error:
        # A failed synthesis has lines of its own, one for each mistake.
        print(error if name == "synth" else f"{name}: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(f"{name}: interrupted; run it again to go on", file=sys.stderr)
        return 130
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m toolchain", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("install", help="install what is missing")
    need = commands.add_parser("need", help="check what a command of make needs of the machine")
    need.add_argument("target", choices=sorted(NEEDS))
    commands.add_parser("doctor", help="show the tools, their versions and where they come from")
    commands.add_parser("synth", help="run cdktf synth quietly; its words only when it fails")
    commands.add_parser("rehearse-cdktn", help="rehearse the move to cdktn; 0 when both are equal")
    return parser


def _rehearse(layout: Layout) -> int:
    rehearsal = rehearse(layout)
    path = layout.root / "reports" / "cdktn.md"
    path.parent.mkdir(exist_ok=True)
    path.write_text(markdown(rehearsal), encoding="utf-8")
    for finding in rehearsal.findings:
        print(finding)
    print(rehearsal.result)
    print(f"The whole report: {path}")
    return 1 if rehearsal.findings else 0


def _doctor(layout: Layout) -> int:
    machine, tools = examine_machine(os.environ), examine_tools(layout, os.environ)
    print(table([*machine, *tools]))
    if lacking := _missing(machine):
        print(f"Missing: {', '.join(lacking)}. {remedy(lacking)}", file=sys.stderr)
    if missing := _missing(tools):
        print(f"Missing: {', '.join(missing)}. Remedy: make setup", file=sys.stderr)
    return 1 if lacking or missing else 0


def _missing(rows: list[Row]) -> list[str]:
    return [tool for tool, version, _ in rows if version == MISSING]


if __name__ == "__main__":
    sys.exit(main())

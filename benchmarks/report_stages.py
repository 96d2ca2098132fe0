"""Runs ``python -m pipeline report`` in this process and measures its stages from outside.

``python -m benchmarks.report_stages time|memory RESULT report ARGUMENTS``
"""

from __future__ import annotations

import json
import re
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from unittest.mock import patch

from pipeline.__main__ import main
from pipeline.commands import assemble, report

STAGES: dict[str, tuple[Any, str]] = {
    "read": (report, "read_plan"),
    "views and fingerprint": (assemble, "summarise"),
    "warnings": (assemble, "find_warnings"),
    "price": (assemble, "estimate"),
    "Markdown": (report, "render"),
    "JSON": (report, "encode"),
    "widget": (report, "widget"),
}
"""A stage to the module that calls it, and the name by which it does."""

WHOLE = "whole"


def times(arguments: list[str]) -> dict[str, float]:
    """Seconds of each stage, and of all that the command does once it is imported."""
    found = dict.fromkeys(STAGES, 0.0)

    def timed(stage: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*positional: Any, **named: Any) -> Any:
            started = time.perf_counter()
            try:
                return function(*positional, **named)
            finally:
                found[stage] += time.perf_counter() - started

        return call

    with ExitStack() as patches:
        for stage, (module, name) in STAGES.items():
            patches.enter_context(patch.object(module, name, timed(stage, getattr(module, name))))
        started = time.perf_counter()
        _run(arguments)
        return {**found, WHOLE: time.perf_counter() - started}


def memory(arguments: list[str]) -> dict[str, float]:
    """Bytes that the process had at its peak, Python and its imports among them."""
    _run(arguments)
    # What getrusage tells begins with the size of the process that started this one.
    status = Path("/proc/self/status").read_text()
    (peak,) = re.findall(r"^VmHWM:\s*(\d+) kB$", status, re.MULTILINE)
    return {"memory": int(peak) * 1024.0}


def _run(arguments: list[str]) -> None:
    if status := main(arguments):
        raise SystemExit(status)


if __name__ == "__main__":
    what, result, *rest = sys.argv[1:]
    Path(result).write_text(json.dumps({"time": times, "memory": memory}[what](rest)))

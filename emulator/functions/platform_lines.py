"""What Lambda itself writes about an invocation, as text or JSON.

Sources: https://docs.aws.amazon.com/lambda/latest/dg/telemetry-schema-reference.html and, for the
levels, https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-log-level.html
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from emulator.functions.deployed import Function

SUCCESS: Final = "success"
_WARNING: Final = "WARN"


@dataclass(frozen=True, kw_only=True)
class Report:
    """What an invocation took.

    Attributes:
        request_id: of the invocation.
        seconds: how long the handler ran.
        memory_mib: the most that the process has used; None if that is not known.
        start_seconds: how long the worker took to start, if it started for this invocation.
        status: `success`, `error`, `failure` or `timeout`.
    """

    request_id: str
    seconds: float
    memory_mib: int | None
    start_seconds: float | None
    status: str


def start(function: Function, request_id: str) -> list[str]:
    """The line at the beginning of an invocation; none if the system's level hides it."""
    if function.log_format != "JSON":
        return [f"START RequestId: {request_id} Version: {function.version}"]
    record = {"requestId": request_id, "version": function.version}
    return [] if _quiet(function) else [_json("platform.start", record)]


def report(function: Function, told: Report) -> list[str]:
    """The lines at the end of an invocation; none if the system's level hides them."""
    if function.log_format != "JSON":
        return [f"END RequestId: {told.request_id}", _text_report(function, told)]
    if _quiet(function) and told.status == SUCCESS:
        return []
    metrics = {
        "durationMs": round(told.seconds * 1000, 3),
        "billedDurationMs": math.ceil(told.seconds * 1000),
        "memorySizeMB": function.memory_mib,
    }
    if told.memory_mib is not None:
        metrics["maxMemoryUsedMB"] = told.memory_mib
    if told.start_seconds is not None:
        metrics["initDurationMs"] = round(told.start_seconds * 1000, 3)
    record = {"requestId": told.request_id, "metrics": metrics, "status": told.status}
    return [_json("platform.report", record)]


def _quiet(function: Function) -> bool:
    """Whether only what failed is told."""
    return function.system_log_level == _WARNING


def _json(kind: str, record: dict[str, Any]) -> str:
    now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return json.dumps({"time": now, "type": kind, "record": record}, separators=(",", ":"))


def _text_report(function: Function, told: Report) -> str:
    milliseconds = told.seconds * 1000
    parts = [
        f"REPORT RequestId: {told.request_id}",
        f"Duration: {milliseconds:.2f} ms",
        f"Billed Duration: {math.ceil(milliseconds)} ms",
        f"Memory Size: {function.memory_mib} MB",
    ]
    if told.memory_mib is not None:
        parts.append(f"Max Memory Used: {told.memory_mib} MB")
    if told.start_seconds is not None:
        parts.append(f"Init Duration: {told.start_seconds * 1000:.2f} ms")
    if told.status != SUCCESS:
        parts.append(f"Status: {told.status}")
    return "\t".join(parts) + "\t"

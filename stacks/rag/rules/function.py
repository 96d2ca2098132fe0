"""Rules of the function: its time, its concurrency, and the connections that it may need."""

from __future__ import annotations

from collections.abc import Iterator

from stacks.rag.postgresql import max_connections
from stacks.rag.settings import RagSettings
from stacks.settings import EnvironmentSettings

RESERVED_BESIDE = 3
"""Invocations that the system's other functions reserve: migrations one, the notifier two."""

MOST_CONCURRENCY = 900 - RESERVED_BESIDE
"""An account has 1,000 invocations at once unless AWS raised it; AWS keeps 100 of them unreserved.

Source: https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html
"""


def _time_outs(rag: RagSettings, _: EnvironmentSettings) -> Iterator[str]:
    function_ms = rag.function.timeout_seconds * 1000
    if rag.api.timeout_ms >= function_ms:
        return
    mend = "raise api.timeout_ms (at most 30000)"
    if seconds := rag.api.timeout_ms // 1000:
        mend = f"lower function.timeout_seconds to {seconds} or {mend}"
    yield (
        f"api.timeout_ms={rag.api.timeout_ms}: below function.timeout_seconds="
        f"{rag.function.timeout_seconds}, so that callers would see a time-out while the "
        f"function still works; {mend}"
    )


def _connections(rag: RagSettings, _: EnvironmentSettings) -> Iterator[str]:
    database = rag.database
    accepted = max_connections(database.instance_class)
    percent = database.proxy.max_connections_percent if database.proxy else 100
    available = accepted * percent // 100
    # An invocation keeps one connection.
    if rag.function.reserved_concurrency <= available:
        return
    mend = "choose a larger database.instance_class"
    if database.proxy and percent < 100:
        mend = f"raise database.proxy.max_connections_percent, or {mend}"
    if available:
        mend = f"lower it to {available}, or {mend}"
    through = f"{percent} % of " if database.proxy else ""
    yield (
        f"function.reserved_concurrency={rag.function.reserved_concurrency}: above the "
        f"{available} connections that {through}{database.instance_class} accepts; {mend}"
    )


def _account(rag: RagSettings, _: EnvironmentSettings) -> Iterator[str]:
    reserved = rag.function.reserved_concurrency
    if reserved > MOST_CONCURRENCY:
        yield (
            f"function.reserved_concurrency={reserved}: above the {MOST_CONCURRENCY} that Lambda's "
            f"quota of 1,000 leaves; lower it to {MOST_CONCURRENCY}, or have AWS raise the quota "
            "and change MOST_CONCURRENCY in stacks/rag/rules/function.py"
        )


def _provisioned(rag: RagSettings, _: EnvironmentSettings) -> Iterator[str]:
    function = rag.function
    if function.provisioned_concurrency > function.reserved_concurrency:
        yield (
            f"function.provisioned_concurrency={function.provisioned_concurrency}: above "
            f"function.reserved_concurrency={function.reserved_concurrency}; lower it to "
            f"{function.reserved_concurrency}"
        )


RULES = (_time_outs, _connections, _account, _provisioned)

"""Clients of Amazon Bedrock, kept because making one takes milliseconds, and the first 50."""

from __future__ import annotations

import threading
from typing import Any

MIN_SECONDS = 0.5
"""With less time left no call is begun."""

_READ_SECONDS = (MIN_SECONDS, 1.0, 2.0, 3.0, 5.0, 8.0, 13.0, 21.0)
"""The read time-out of a client can't be changed, so there is one client for each of these."""

_CONNECT_SECONDS = 1.0
"""Bedrock is in the same region."""

_CONNECTIONS = 8
"""Kept open by each client; one request never uses as many at once."""

_lock = threading.Lock()
_session: Any = None
_clients: dict[tuple[str, float], Any] = {}


def client(region: str, seconds: float) -> Any:
    """Return a client that waits for an answer no longer than that.

    It does not retry: botocore's own retries know no deadline.

    Args:
        region: where the model is called.
        seconds: the time that is left, at least ``MIN_SECONDS``.

    Returns:
        botocore's client of ``bedrock-runtime``, shared by all threads.
    """
    read_seconds = max(step for step in _READ_SECONDS if step <= seconds)
    # Making a client is not thread-safe; using one is.
    with _lock:
        made = _clients.get((region, read_seconds))
        if made is None:
            made = _clients[region, read_seconds] = _make(region, read_seconds)
        return made


def _make(region: str, read_seconds: float) -> Any:
    global _session
    # Imported here because it takes 100 ms, which requests without a model call need not wait for.
    import botocore.session
    from botocore.config import Config

    _session = _session or botocore.session.get_session()
    config = Config(
        connect_timeout=min(_CONNECT_SECONDS, read_seconds),
        read_timeout=read_seconds,
        retries={"mode": "standard", "total_max_attempts": 1},
        max_pool_connections=_CONNECTIONS,
        tcp_keepalive=True,
    )
    return _session.create_client("bedrock-runtime", region_name=region, config=config)

"""What AWS publishes each minute whether or not anybody asks: how full, how busy, how many.

A source reads moto under its lock, for a moment, and starts nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

from emulator.cloudwatch.publisher import Publisher
from emulator.databases import Databases
from emulator.every_minute.databases import DatabaseReadings
from emulator.every_minute.network import NatReadings
from emulator.every_minute.proxies import ProxyReadings
from emulator.every_minute.queues import QueueReadings
from emulator.every_minute.ticker import Ticker


def start(
    databases: Databases,
    lock: AbstractContextManager[Any],
    *,
    publisher: Publisher,
    now: Callable[[], float],
) -> Ticker:
    """Publishes each minute from now on, until it is stopped or the process ends.

    Args:
        databases: the servers of the RDS instances.
        lock: that everybody holds who reads what moto has.
        publisher: of the metrics.
        now: tells the emulator's time, seconds.
    """
    ticker = Ticker(
        publisher,
        DatabaseReadings(databases, lock),
        ProxyReadings(databases, lock),
        QueueReadings(lock, now),
        NatReadings(lock),
        now=now,
    )
    ticker.start()
    return ticker

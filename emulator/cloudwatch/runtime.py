"""The process's one CloudWatch; like moto's own backends it is there once."""

from __future__ import annotations

import threading

from emulator.cloudwatch.clock import Clock
from emulator.cloudwatch.store import Store

CLOCK = Clock()
STORE = Store(CLOCK)
wake = threading.Event()
"""Set when alarms or the clock's speed changed: what evaluates alarms looks again at once."""

"""The process's one CloudWatch; like moto's own backends it is there once."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from emulator.cloudwatch.clock import Clock
from emulator.cloudwatch.store import Store

if TYPE_CHECKING:  # imports moto, which takes a second
    from emulator.cloudwatch.alarms import Alarms

CLOCK = Clock()
STORE = Store(CLOCK)
wake = threading.Event()
"""Set when alarms or the clock's speed changed: what evaluates alarms looks again at once."""


def alarms_of(backend: Any) -> Alarms:
    """Gives the alarms of an account in a region, which live and die with moto's backend.

    Args:
        backend: of moto's CloudWatch.
    """
    from emulator.cloudwatch.alarms import Alarms

    found = getattr(backend, "emulator_alarms", None)
    if found is None:
        found = backend.emulator_alarms = Alarms(store=STORE, by_name=backend.alarms)
    return found

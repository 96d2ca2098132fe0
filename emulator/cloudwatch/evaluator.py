"""The thread that evaluates alarms, every ten seconds of CloudWatch's clock."""

from __future__ import annotations

import logging
import threading
from contextlib import AbstractContextManager
from typing import Any

from emulator.cloudwatch.alarms import Alarms
from emulator.cloudwatch.runtime import CLOCK, alarms_of, wake

PERIOD = 10.0
"""Seconds of CloudWatch's clock between two evaluations."""
FASTEST = 0.4
"""Real seconds between two evaluations, however fast the clock runs."""

_LOGGER = logging.getLogger("emulator.cloudwatch")


def start(lock: AbstractContextManager[Any]) -> None:
    """Starts the thread, which ends with the process and sleeps while there are no alarms.

    Args:
        lock: of moto; it is taken for one alarm at a time.
    """
    threading.Thread(target=_run, args=(lock,), name="alarms", daemon=True).start()


def _run(lock: AbstractContextManager[Any]) -> None:
    while True:
        there = False
        try:
            there = evaluate_all(lock)
        except Exception:  # one wrong alarm must not end the evaluation of the others for ever
            _LOGGER.exception("alarms were not evaluated")
        wake.wait(rest(there=there))
        wake.clear()


def rest(*, there: bool) -> float | None:
    """Gives the real seconds until the next evaluation, unless `wake` is set before.

    Args:
        there: whether there are alarms; if not, only `wake` ends the rest.
    """
    return max(PERIOD / CLOCK.speed, FASTEST) if there else None


def evaluate_all(lock: AbstractContextManager[Any]) -> bool:
    """Evaluates the alarms of all accounts and regions once.

    Args:
        lock: of moto.

    Returns:
        Whether there are any.
    """
    with lock:
        places = [alarms for alarms in _places() if alarms.by_name]
    for alarms in places:
        evaluation = alarms.evaluate_metric_alarms()
        more = True
        while more:
            with lock:
                more = next(evaluation, True) is None
        with lock:
            alarms.evaluate_composite_alarms()
    return bool(places)


def _places() -> list[Alarms]:
    from moto.cloudwatch.models import cloudwatch_backends

    return [alarms_of(backend) for _, _, backend in cloudwatch_backends.iter_backends()]

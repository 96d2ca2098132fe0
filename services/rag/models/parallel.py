"""Runs model calls in threads, so that the caller can stop waiting at the deadline."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from typing import TypeVar

from ..deadline import Deadline
from .interface import ModelTimeout

Result = TypeVar("Result")
Task = Callable[[threading.Event], Result]
"""Gets an event. Once that is set nobody waits for the result, and the task must begin no call: the
pool may start a queued task before it is cancelled."""


def run_all(tasks: Sequence[Task[Result]], *, deadline: Deadline, at_most: int = 1) -> list[Result]:
    """Run tasks until all are done, one failed or the deadline has passed.

    The time-outs of a call are not enough: a socket's starts anew with each byte, and resolving a
    name has none. A thread that was abandoned ends with its call.

    Args:
        tasks: what to do.
        deadline: when the caller stops waiting.
        at_most: how many may run at once.

    Returns:
        The results, in the order of the tasks.

    Raises:
        ModelTimeout: if the deadline passed.
        Exception: what the first task that failed raised. The others are cancelled then.
    """
    cancelled = threading.Event()
    failures: list[Exception] = []

    def run(task: Task[Result]) -> Result:
        try:
            return task(cancelled)
        except Exception as error:
            failures.append(error)
            cancelled.set()
            raise

    pool = ThreadPoolExecutor(max_workers=at_most, thread_name_prefix="model-call")
    try:
        futures: list[Future[Result]] = [pool.submit(run, task) for task in tasks]
        _, pending = wait(futures, timeout=max(0, deadline.remaining), return_when=FIRST_EXCEPTION)
        if failures:
            raise failures[0]
        if pending:
            raise ModelTimeout("the model did not answer in time")
        return [future.result() for future in futures]
    finally:
        cancelled.set()
        pool.shutdown(wait=False, cancel_futures=True)

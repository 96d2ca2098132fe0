"""Model calls in threads of their own, so that whoever waits for them can stop at the deadline."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from typing import TypeVar

from ..deadline import Deadline
from .interface import ModelTimeout

Result = TypeVar("Result")
Task = Callable[[threading.Event], Result]
"""Gets an event. Once that is set nobody waits for the result, and it must begin no call: the pool
may start what is queued before it is cancelled."""


def run_all(tasks: Sequence[Task[Result]], *, deadline: Deadline, at_most: int = 1) -> list[Result]:
    """Run tasks until all are done, one failed or the deadline has passed.

    A socket's time-out starts anew with each byte, and looking up a name has none, so a call alone
    can't be trusted to end in time. A thread that was given up ends with its call.

    Args:
        tasks: what to do.
        deadline: when the caller stops waiting.
        at_most: how many may run at once.

    Returns:
        The results, in the order of the tasks.

    Raises:
        ModelTimeout: if the deadline passed.
        Exception: what the first task that failed raised. The others are told to stop then.
    """
    over = threading.Event()
    failures: list[Exception] = []

    def run(task: Task[Result]) -> Result:
        try:
            return task(over)
        except Exception as error:
            failures.append(error)
            over.set()
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
        over.set()
        pool.shutdown(wait=False, cancel_futures=True)

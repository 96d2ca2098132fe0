"""Puts what functions and APIs write into their log groups."""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Any

from moto.logs.models import logs_backends

from emulator.functions.deployed import Function


class Streams:
    """The log streams of every account and region."""

    def __init__(self, lock: AbstractContextManager[Any]) -> None:
        """Writes into moto under the lock that every request holds while it is inside."""
        self._lock = lock

    def put(self, function: Function, stream: str, messages: Sequence[str], *, new: bool) -> None:
        """See `emulator.functions.log.Streams`.

        Lambda makes a group that is missing when a worker begins to write. If the group is deleted
        later, what the worker writes is lost: a group that Terraform destroyed stays away.
        """
        place = (function.account_id, function.region, function.log_group)
        if new:
            self.create(*place, stream)
        self.add(*place, stream, messages)

    def create(self, account_id: str, region: str, group: str, stream: str) -> None:
        """Makes a stream, and its group, unless they are there.

        Args:
            account_id: twelve digits.
            region: such as `eu-west-1`.
            group: name of the log group.
            stream: name of the stream.
        """
        with self._lock:
            backend = logs_backends[account_id][region]
            backend.ensure_log_group(group)
            backend.ensure_log_stream(group, stream)

    def add(
        self, account_id: str, region: str, group: str, stream: str, messages: Sequence[str]
    ) -> None:
        """Adds events of now to a group that is there; a stream is made anew if it made room.

        Args:
            account_id: twelve digits.
            region: such as `eu-west-1`.
            group: name of the log group.
            stream: name of the stream.
            messages: of the events, in order.
        """
        now = int(time.time() * 1000)
        with self._lock:
            backend = logs_backends[account_id][region]
            if group in backend.groups:
                backend.ensure_log_stream(group, stream)
                events = [{"timestamp": now, "message": message} for message in messages]
                backend.put_log_events(group, stream, events)

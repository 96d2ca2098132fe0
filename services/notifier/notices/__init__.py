"""What services say that is no alarm: each file reads the messages of one."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from ..message import Notice, PlainMessage
from . import anomaly, budget, database, events

LOGGER = logging.getLogger(__name__)

_READERS = (budget.read, anomaly.read, database.read, events.read)


def read_notice(message: PlainMessage, body: Mapping[str, Any]) -> Notice | None:
    """What a message says; None for one that nobody here can read, which is told as it is.

    Args:
        message: as it came.
        body: its JSON; empty where it is none.
    """
    for read in _READERS:
        try:
            notice = read(message, body)
        except Exception:  # no form of a message may keep it from the channel
            LOGGER.exception("a message was not understood, and is told as it is")
            return None
        if notice:
            return notice
    return None

"""Log lines as JSON on standard output, where Lambda collects them."""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime
from typing import Any


class JsonFormatter(logging.Formatter):
    """One JSON object a line.

    With JSON logging Lambda filters lines by ``level``, but only if they have a ``timestamp`` too.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Write one record.

        Args:
            record: the record; ``extra={"fields": {...}}`` adds members.

        Returns:
            A line without its end.
        """
        time = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        fields: dict[str, Any] = {
            "timestamp": time.replace("+00:00", "Z"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            **getattr(record, "fields", {}),
        }
        if record.exc_info:
            fields["exception"] = self.formatException(record.exc_info)
        return json.dumps(fields, default=str)


def _logger() -> logging.Logger:
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(JsonFormatter())
    logger = logging.getLogger("rag")
    logger.setLevel(logging.INFO)
    logger.handlers = [handler]
    # Lambda's own handler at the root would write each line a second time.
    logger.propagate = False
    return logger


LOGGER = _logger()

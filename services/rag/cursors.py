"""The cursor of a list: where a page ended, in a form that callers only hand back."""

from __future__ import annotations

import base64
import binascii
import json
from datetime import datetime
from http import HTTPStatus

from .problems import Fault, Problem


def encode(created_at: datetime, document_id: str) -> str:
    """Return the cursor after a document.

    Args:
        created_at: when the last document of the page was created.
        document_id: its id.
    """
    text = json.dumps([created_at.isoformat(), document_id])
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def decode(cursor: str) -> tuple[datetime, str]:
    """Read a cursor.

    Args:
        cursor: what a page gave as ``next``.

    Returns:
        Time of creation and id.

    Raises:
        Problem: 422 if this service made no such cursor.
    """
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        match json.loads(base64.b64decode(padded.encode("ascii"), altchars=b"-_", validate=True)):
            case [str(created_at), str(document_id)] if "\0" not in document_id:
                moment = datetime.fromisoformat(created_at)
                if moment.tzinfo is not None:
                    return moment, document_id
    except (ValueError, binascii.Error, RecursionError):
        pass
    detail = "hand back what the last page gave as next"
    raise Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY, f"?cursor: {detail}", faults=[Fault("?cursor", detail)]
    )

"""Whether AWS still bills by the unit that the catalogue counts on.

AWS writes one unit in many ways (``Hrs``, ``hours``, ``vCPU-Hours``), and the catalogue's unit may
be a multiple of it (``1M requests``). What must hold: both measure the same kind of thing, and
their sizes differ by the row's ``per``. A list that turns from ``1K tokens`` to ``1M tokens``
is caught so.
"""

from __future__ import annotations

import re
from decimal import Decimal

_COUNT = re.compile(r"^(?P<number>[\d,]+)\s*(?P<scale>[kKmMbB]?)(?:\s+|$)")
_SCALES = {"": 1, "k": 10**3, "m": 10**6, "b": 10**9}

_BYTES = {"mb": 1, "mib": 1, "gb": 1024, "gib": 1024, "tb": 1024**2, "tib": 1024**2}
_DATA = re.compile(r"^(?P<size>[mgt]i?b)(?P<rate>ps)?(?=$|[^a-z])", re.IGNORECASE)

# Told from the end of the unit. What ends in a month, or in none of these, counts things:
# AWS lists a key a month as "Keys" or "Months" alike.
_TIMES = (
    ("hour", re.compile(r"(?:hrs?|hours?|hourly)$", re.IGNORECASE)),
    ("minute", re.compile(r"(?:mins?|minutes?)$", re.IGNORECASE)),
    ("second", re.compile(r"(?:secs?|seconds?)$", re.IGNORECASE)),
    ("day", re.compile(r"(?:days?)$", re.IGNORECASE)),
    ("month", re.compile(r"(?:mo|months?|monthly)$", re.IGNORECASE)),
)


def units_agree(ours: str, theirs: str, per: Decimal) -> bool:
    """Whether ``per`` of AWS's units make one of ours.

    Args:
        ours: the catalogue's unit.
        theirs: AWS's unit.
        per: how many of AWS's units ours is.
    """
    our_kind, our_size = _measure(ours)
    their_kind, their_size = _measure(theirs)
    return our_kind == their_kind and our_size == their_size * per


def _measure(unit: str) -> tuple[str, Decimal]:
    """What kind of thing a unit measures, and how much of it."""
    size, rest = Decimal(1), unit.strip()
    if count := _COUNT.match(rest):
        size = Decimal(count["number"].replace(",", "")) * _SCALES[count["scale"].lower()]
        rest = rest[count.end() :]
    time = next((name for name, pattern in _TIMES if pattern.search(rest)), "")
    # An hour of a gigabyte is listed as "hours" or "GB-Hours" alike, and a second too.
    if time in ("hour", "minute", "second", "day"):
        return time, size
    if data := _DATA.match(rest):
        kind = ("throughput" if data["rate"] else "data") + ("-month" if time else "")
        return kind, size * _BYTES[data["size"].lower()]
    return "count", size

"""What the project knows of PostgreSQL on RDS: versions, connections, words of its own."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from stacks.instance_classes import INSTANCE_MEMORY_GIB


@dataclass(frozen=True, kw_only=True, slots=True)
class Major:
    """A major version.

    Attributes:
        minors: those that RDS offers and has not announced the end of.
        standard_support_ends: after this day AWS bills extended support, for which the estimate
            has no price.
    """

    minors: range
    standard_support_ends: dt.date


MajorVersion = Literal["16", "17", "18"]

MAJORS: dict[str, Major] = {
    "16": Major(minors=range(9, 15 + 1), standard_support_ends=dt.date(2029, 2, 28)),
    "17": Major(minors=range(5, 11 + 1), standard_support_ends=dt.date(2030, 2, 28)),
    "18": Major(minors=range(1, 6 + 1), standard_support_ends=dt.date(2031, 2, 28)),
}
"""Read in November 2026; AWS adds minor versions every quarter.

All of them bring pgvector 0.8, which the service asks for.

Sources: https://docs.aws.amazon.com/AmazonRDS/latest/PostgreSQLReleaseNotes/postgresql-versions.html and
https://docs.aws.amazon.com/AmazonRDS/latest/PostgreSQLReleaseNotes/postgresql-release-calendar.html
"""

_BYTES_PER_CONNECTION = 9_531_392
_MOST_CONNECTIONS = 5_000
_MEMORY_LEFT_FOR_THE_DATABASE = 0.75


def max_connections(instance_class: str) -> int:
    """Connections that an instance class is sure to accept.

    RDS sets ``max_connections`` to ``LEAST(DBInstanceClassMemory / 9531392, 5000)``, and its
    ``DBInstanceClassMemory`` is what the operating system and RDS itself leave: a quarter is
    held back here.

    Source: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Limits.html
    """
    memory = INSTANCE_MEMORY_GIB[instance_class] * 1024**3 * _MEMORY_LEFT_FOR_THE_DATABASE
    return min(int(memory // _BYTES_PER_CONNECTION), _MOST_CONNECTIONS)


_WORDS = """
    all analyse analyze and any array as asc asymmetric authorization binary both case cast
    check collate collation column concurrently constraint create cross current_catalog
    current_date current_role current_schema current_time current_timestamp current_user default
    deferrable desc distinct do else end except false fetch for foreign freeze from full grant
    group having ilike in initially inner intersect into is isnull join lateral leading left
    like limit localtime localtimestamp natural not notnull null offset on only or order outer
    overlaps placing primary references returning right select session_user similar some
    symmetric system_user table tablesample then to trailing true union unique user using
    variadic verbose when where window with
"""

RESERVED_WORDS = frozenset(_WORDS.split())
"""Words that PostgreSQL does not take as a name.

Source: https://www.postgresql.org/docs/current/sql-keywords-appendix.html
"""

NOT_FOR_A_DATABASE = RESERVED_WORDS | {"postgres", "rdsadmin", "template0", "template1"}
"""Also those of the databases that every instance has."""

"""How a vector travels to PostgreSQL: pgvector's binary form of ``halfvec``, 2 bytes a number."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass

import psycopg
from psycopg.adapt import Buffer, Dumper
from psycopg.pq import Format


@dataclass(frozen=True, slots=True)
class HalfVector:
    """Numbers that become a ``halfvec``.

    The package pgvector could do this, but needs numpy, which is larger than all that we ship.

    Attributes:
        numbers: between -65504 and 65504.
    """

    numbers: Sequence[float]


class _HalfVectorDumper(Dumper):
    """Writes what ``halfvec_recv`` reads: length, a reserved zero, half-precision numbers.

    Source: https://github.com/pgvector/pgvector, src/halfvec.c
    """

    format = Format.BINARY
    # Without a type: its OID differs from database to database, and the server takes the type that
    # the statement casts to.

    def dump(self, obj: HalfVector) -> Buffer:
        numbers = obj.numbers
        return struct.pack(f">HH{len(numbers)}e", len(numbers), 0, *numbers)


# For all connections: those of tests and benchmarks too.
psycopg.adapters.register_dumper(HalfVector, _HalfVectorDumper)

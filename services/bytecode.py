"""Bytecode for a zip. Without it Python compiles every module at every cold start.

Python can't keep what it compiled there: Lambda's folder of code is read-only.
"""

from __future__ import annotations

import importlib.util
import marshal
import sys
import warnings
from collections.abc import Mapping
from pathlib import PurePosixPath
from types import CodeType

from services.errors import PackageError

FOLDER = "/var/task"
"""Where Lambda unpacks a zip. Code objects hold the path of their file, for tracebacks."""

_UNCHECKED_HASH = 0b01
"""PEP 552: the file holds the source's hash, which is not compared when the code is loaded.

The other kinds are compared with the source's time, which a zip does not keep, or with its content,
which takes time to read.
"""


def with_bytecode(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Add the bytecode of every Python source, as the running interpreter compiles it.

    Args:
        files: contents by name, with ``/`` between folders.

    Returns:
        The same files, and a file in ``__pycache__`` for each that ends in ``.py``.

    Raises:
        PackageError: if a source can't be compiled.
    """
    compiled = dict(files)
    # In a fixed order, so that the result is the same even if one compilation influences another.
    for name in sorted(files):
        if name.endswith(".py"):
            compiled[_cached(name)] = _pyc(name, files[name])
    return compiled


def _cached(name: str) -> str:
    source = PurePosixPath(name)
    return str(source.parent / "__pycache__" / f"{source.stem}.{sys.implementation.cache_tag}.pyc")


def _pyc(name: str, source: bytes) -> bytes:
    flags = _UNCHECKED_HASH.to_bytes(4, "little")
    head = importlib.util.MAGIC_NUMBER + flags + importlib.util.source_hash(source)
    return head + marshal.dumps(_compile(name, source))


def _compile(name: str, source: bytes) -> CodeType:
    try:
        with warnings.catch_warnings(
            action="ignore"
        ):  # warnings of dependencies can't be mended here
            # Optimisation would remove asserts, on which dependencies rely.
            return compile(source, f"{FOLDER}/{name}", "exec", dont_inherit=True, optimize=0)
    except (SyntaxError, ValueError) as error:  # ValueError: a NUL
        line = f", line {error.lineno}" if isinstance(error, SyntaxError) and error.lineno else ""
        reason = error.msg if isinstance(error, SyntaxError) else error
        raise PackageError(f"{name}{line}: {reason}") from error

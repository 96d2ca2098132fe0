"""Bytecode for a zip: what Python would otherwise compile anew at every cold start.

Lambda's folder of code can't be written to, so Python would compile every module each time.
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
"""Where Lambda unpacks a zip; the code then holds the paths it is loaded from."""

_UNCHECKED_HASH = 0b01
"""PEP 552: named after the source's hash, which nobody compares when the code is loaded.

The other kinds would be compared with the source's time, which a zip does not keep, or with its
content, which costs reading it.
"""


def with_bytecode(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Add the bytecode of every Python source, as the running interpreter compiles it.

    Args:
        files: contents by name, with ``/`` between folders.

    Returns:
        The same files, and a file in ``__pycache__`` for each that ends in ``.py``.

    Raises:
        PackageError: if a source is no Python.
    """
    compiled = dict(files)
    # In order, so that nothing that one compilation leaves behind can change another's result.
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
        with warnings.catch_warnings(action="ignore"):  # a dependency's are not ours to mend
            # Optimised code would lose the asserts that dependencies rely on.
            return compile(source, f"{FOLDER}/{name}", "exec", dont_inherit=True, optimize=0)
    except (SyntaxError, ValueError) as error:  # ValueError: a NUL
        line = f", line {error.lineno}" if isinstance(error, SyntaxError) and error.lineno else ""
        reason = error.msg if isinstance(error, SyntaxError) else error
        raise PackageError(f"{name}{line}: {reason}") from error

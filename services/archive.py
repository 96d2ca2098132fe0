"""A zip whose bytes depend on nothing but its files and the interpreter that writes it."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from pathlib import Path

from services.bytecode import with_bytecode
from services.errors import PackageError

_EPOCH = (1980, 1, 1, 0, 0, 0)
"""The earliest date a zip can hold."""

_UNIX = 3
_REGULAR_FILE_0644 = 0o100644 << 16
"""Lambda's user must be able to read every file; shared libraries need no execute bit."""

_BEST = 9


def write_zip(target: Path, files: Mapping[str, bytes], *, deflated: bool = True) -> None:
    """Write the files, sorted by name, with fixed dates, modes and maker.

    Args:
        target: where the zip goes.
        files: contents by name, with ``/`` between folders.
        deflated: whether to compress them. Builds of zlib (zlib-ng, Intel's, a newer release)
            give other bytes for the same input.
    """
    method = zipfile.ZIP_DEFLATED if deflated else zipfile.ZIP_STORED
    with zipfile.ZipFile(target, "w") as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.create_system = _UNIX
            entry.external_attr = _REGULAR_FILE_0644
            archive.writestr(entry, files[name], compress_type=method, compresslevel=_BEST)


def finish(unfinished: str, target: str) -> str:
    """Write the files of one zip into another, compiled and compressed.

    ``pinned.cjs`` calls it inside the pinned interpreter.

    Args:
        unfinished: a zip of the files.
        target: where the finished zip goes.

    Returns:
        What is wrong with the files, or an empty text.
    """
    with zipfile.ZipFile(unfinished) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    try:
        write_zip(Path(target), with_bytecode(files))
    except PackageError as error:
        return str(error)
    return ""

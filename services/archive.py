"""A zip whose bytes depend on nothing but the names and contents of its files."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from pathlib import Path

_EPOCH = (1980, 1, 1, 0, 0, 0)
"""The earliest date a zip can hold."""

_UNIX = 3
_REGULAR_FILE_0644 = 0o100644 << 16
"""Lambda's user must be able to read every file; shared libraries need no execute bit."""


def write_zip(target: Path, files: Mapping[str, bytes]) -> None:
    """Write the files, sorted by name, with fixed dates, modes and maker.

    Entries are stored, not deflated: builds of zlib (zlib-ng, Intel's, a newer release) give
    other bytes for the same input, and the hash of the zip decides whether Lambda is deployed.
    For the RAG service that means 14.2 MB instead of 4.3, where Lambda takes uploads of 50 MiB.

    Args:
        target: where the zip goes.
        files: contents by name, with ``/`` between folders.
    """
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.create_system = _UNIX
            entry.external_attr = _REGULAR_FILE_0644
            archive.writestr(entry, files[name])

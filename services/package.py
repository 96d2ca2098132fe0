"""Builds the zip of a service, and only when what it is made of has changed."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from pathlib import Path

from services import pinned
from services.cache import CacheEntry, Package
from services.dependencies import PLATFORM, PYTHON_VERSION, install
from services.errors import PackageError
from services.sources import read_service

__all__ = ["Package", "PackageError", "build"]

FORMAT = "2"
"""Raise it when the packager changes so that the same inputs give another zip."""

_UPLOAD_LIMIT = 50 * 1024 * 1024
"""Lambda's limit for a direct upload."""


def build(service: str, *, root: Path, output: Path) -> Package:
    """Return the zip of a service, building it if its inputs are new or the zip is damaged.

    Args:
        service: name of a package in ``services/``.
        root: the repository.
        output: folder for zips, created if missing.

    Returns:
        The zip, its hashes and its size.

    Raises:
        PackageError: if there is no such service or its dependencies can't be installed.
    """
    folder = root / "services" / service
    if not re.fullmatch(r"[a-z][a-z0-9_]*", service) or not (folder / "__init__.py").is_file():
        raise PackageError(f"there is no service {service!r}")
    try:
        return _build(folder, output)
    except OSError as error:
        where = error.filename or output  # a full disk names no file
        raise PackageError(f"{where}: {error.strerror}") from error


def _build(folder: Path, output: Path) -> Package:
    # Read once, so that the zip and its hash are of the same content even if a file changes.
    sources = read_service(folder)
    lock = (folder / "requirements.txt").read_bytes()
    entry = CacheEntry(folder=output, service=folder.name, input_hash=_input_hash(sources, lock))
    return _checked(entry.load() or entry.save(_merge(sources, install(lock))))


def _input_hash(sources: Mapping[str, bytes], lock: bytes) -> str:
    digest = hashlib.sha256()
    for text in (FORMAT, PYTHON_VERSION, PLATFORM, pinned.VERSION):
        _feed(digest, text.encode())
    _feed(digest, lock)
    for name in sorted(sources):
        _feed(digest, name.encode())
        _feed(digest, sources[name])
    return digest.hexdigest()


def _feed(digest: hashlib._Hash, part: bytes) -> None:
    # With its length in front, so that moving bytes from one part to the next changes the hash.
    digest.update(len(part).to_bytes(8, "big"))
    digest.update(part)


def _merge(sources: Mapping[str, bytes], dependencies: Mapping[str, bytes]) -> dict[str, bytes]:
    if clashes := sources.keys() & dependencies.keys():
        raise PackageError(f"a dependency brings files of the service too: {min(clashes)}")
    return {**dependencies, **sources}


def _checked(package: Package) -> Package:
    if package.size > _UPLOAD_LIMIT:
        raise PackageError(f"{package.path.name} has {package.size} bytes, Lambda takes 50 MiB")
    return package

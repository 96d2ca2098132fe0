"""Finished zips on disk, each beside a manifest with its hashes and size."""

from __future__ import annotations

import base64
import hashlib
import json
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from services.pinned import make_zip


@dataclass(frozen=True, kw_only=True, slots=True)
class Package:
    """A finished zip.

    Attributes:
        path: where the zip lies.
        sha256_hex: SHA-256 of its bytes, hexadecimal.
        sha256_base64: the same in base64, as Terraform's ``source_code_hash`` wants it.
        size: its length in bytes.
        input_hash: SHA-256 of everything it was built from.
    """

    path: Path
    sha256_hex: str
    sha256_base64: str
    size: int
    input_hash: str


@dataclass(frozen=True, kw_only=True, slots=True)
class CacheEntry:
    """The zip of one service and one set of inputs.

    The file's name holds the inputs' hash, so that a zip of other inputs is never mistaken for this
    one, and builds of two branches don't overwrite each other.

    Attributes:
        folder: the folder of all zips.
        service: the service's name.
        input_hash: SHA-256 of everything the zip is built from.
    """

    folder: Path
    service: str
    input_hash: str

    def load(self) -> Package | None:
        """Return the zip if it is there and fits its manifest."""
        try:
            package = self._measure(self._zip.read_bytes())
            manifest = self._manifest.read_bytes()
        except OSError:
            return None
        return package if manifest == _manifest_of(package) else None

    def save(self, files: Mapping[str, bytes]) -> Package:
        """Write the zip, then its manifest, each in one step.

        Two processes that build the same inputs write the same bytes, so neither needs a lock.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=self.folder, prefix=".build-") as scratch:
            new_zip, new_manifest = Path(scratch, "zip"), Path(scratch, "manifest")
            make_zip(new_zip, files)
            package = self._measure(new_zip.read_bytes())
            new_manifest.write_bytes(_manifest_of(package))
            new_zip.replace(self._zip)
            new_manifest.replace(self._manifest)
        return package

    @property
    def _zip(self) -> Path:
        return self.folder / f"{self.service}-{self.input_hash[:32]}.zip"

    @property
    def _manifest(self) -> Path:
        return self._zip.with_suffix(".json")

    def _measure(self, content: bytes) -> Package:
        digest = hashlib.sha256(content)
        return Package(
            path=self._zip,
            sha256_hex=digest.hexdigest(),
            sha256_base64=base64.b64encode(digest.digest()).decode("ascii"),
            size=len(content),
            input_hash=self.input_hash,
        )


def _manifest_of(package: Package) -> bytes:
    facts = {**asdict(package), "path": package.path.name}
    return json.dumps(facts, indent=2, sort_keys=True).encode("ascii") + b"\n"

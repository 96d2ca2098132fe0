"""The pinned Terraform release: where it is, and what its archives must hash to."""

from __future__ import annotations

import hashlib
import shutil
import urllib.error
import urllib.request
import zipfile
from pathlib import Path

from toolchain.mirror import platform_name

VERSION = "1.11.4"

BASE_URL = "https://releases.hashicorp.com/terraform"

ARCHIVES = {
    "linux_amd64": "1ce994251c00281d6845f0f268637ba50c0005657eb3cf096b92f753b42ef4dc",
    "linux_arm64": "a43d1d0da9b9bab214a8305a39db0e40869572594ccf50c416a7756499143633",
    "darwin_amd64": "a56d5002b9f7647291faccc3dd1a70350e60fb61e4c45037629508b8fdc2575b",
    "darwin_arm64": "867e0808fa971217043e25b7a792b10720c79b1546f8a68479b74f138be73e18",
}
"""SHA-256 of each platform's zip, as HashiCorp publishes them in SHA256SUMS."""

_TIMEOUT_SECONDS = 15


class ReleaseUnavailableError(Exception):
    """The release can't be had here; the message says why."""


def fetch(folder: Path) -> Path:
    """Download the release into a folder, unless it is there, and return the program.

    Raises:
        ReleaseUnavailableError: no release for this platform, no network, or a wrong checksum.
    """
    program = folder / "terraform"
    if program.is_file():
        return program
    name = platform_name()
    expected = ARCHIVES.get(name)
    if expected is None:
        raise ReleaseUnavailableError(f"no pinned release for {name}")
    folder.mkdir(parents=True, exist_ok=True)
    archive = folder / "terraform.zip"
    _download(f"{BASE_URL}/{VERSION}/terraform_{VERSION}_{name}.zip", archive)
    actual = hashlib.sha256(archive.read_bytes()).hexdigest()
    if actual != expected:
        archive.unlink()
        raise ReleaseUnavailableError(f"the download has SHA-256 {actual}, not {expected}")
    with zipfile.ZipFile(archive) as contents:
        unpacked = Path(contents.extract("terraform", folder / "unpacked"))
    unpacked.chmod(0o755)
    unpacked.replace(program)
    archive.unlink()
    return program


def _download(url: str, target: Path) -> None:
    try:
        with (
            urllib.request.urlopen(url, timeout=_TIMEOUT_SECONDS) as response,  # noqa: S310 - https
            target.open("wb") as file,
        ):
            shutil.copyfileobj(response, file)
    except (urllib.error.URLError, OSError) as error:
        target.unlink(missing_ok=True)
        raise ReleaseUnavailableError(f"{url}: {error}") from error

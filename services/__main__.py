"""``python -m services rag``: builds the zip of a service and prints what it is."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from services.package import PackageError, build

_ROOT = Path(__file__).resolve().parents[1]


def main() -> int:
    """Build one service's zip.

    Returns:
        The exit code: 0, or 1 after one line on standard error.
    """
    parser = argparse.ArgumentParser(prog="python -m services", description=__doc__)
    parser.add_argument("service", help="name of a package in services/")
    parser.add_argument("--output", type=Path, default=_ROOT / "build", help="folder for zips")
    arguments = parser.parse_args()
    try:
        package = build(arguments.service, root=_ROOT, output=arguments.output)
    except PackageError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"path    {package.path}")
    print(f"size    {package.size}")
    print(f"sha256  {package.sha256_hex}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

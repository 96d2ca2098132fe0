"""``python -m benchmarks [NAME …]``: measure the promises and print them as a table."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable

from rich.console import Console

from benchmarks import (
    deploy,
    estimate,
    ingestion,
    overhead,
    package,
    quality,
    report,
    retrieval,
    secrets,
    synth,
    usage,
)
from benchmarks.table import Measurement
from toolchain.errors import ToolchainError

BENCHMARKS: dict[str, Callable[[], Measurement]] = {
    "synth": synth.measure,
    "deploy": deploy.measure,
    "package": package.measure,
    "report": report.measure,
    "estimate": estimate.measure,
    "usage": usage.measure,
    "secrets": secrets.measure,
    "overhead": overhead.measure,
    "ingestion": ingestion.measure,
    "retrieval": retrieval.measure,
    "quality": quality.measure,
}


def main(arguments: list[str] | None = None) -> int:
    """Exit status 0 when every promise is kept, 1 when one is broken."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(BENCHMARKS)}")
    options = parser.parse_args(arguments)
    unknown = sorted(set(options.names) - set(BENCHMARKS))
    if unknown:
        parser.error(f"{unknown[0]}: no such benchmark; there are {', '.join(BENCHMARKS)}")
    console = Console()
    kept = True
    for name in options.names or BENCHMARKS:
        try:
            measurement = BENCHMARKS[name]()
        except ToolchainError as error:
            print(f"{name}: {error}", file=sys.stderr)
            return 1
        measurement.show(console)
        kept = kept and all(promise.kept for promise in measurement.promises)
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())

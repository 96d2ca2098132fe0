"""``python -m environments [--markdown]``: what differs between the environments, in one screen."""

from __future__ import annotations

import argparse
import sys

from rich.console import Console
from rich.table import Table

from environments.compare import as_markdown, differences
from environments.load import load_environments
from stacks.errors import ConfigurationError


def main(arguments: list[str] | None = None) -> int:
    """Exit status 0, or 1 when the settings hold a mistake."""
    parser = argparse.ArgumentParser(prog="python -m environments", description=__doc__)
    parser.add_argument("--markdown", action="store_true", help="a table for a document")
    options = parser.parse_args(arguments)
    try:
        environments = load_environments()
    except ConfigurationError as error:
        print(error, file=sys.stderr)
        return 1
    names = [environment.name for environment in environments]
    rows = differences(environments)
    if options.markdown:
        print(as_markdown(rows, names), end="")
        return 0
    table = Table(box=None, header_style="bold")
    table.add_column("setting", no_wrap=True)
    for name in names:
        table.add_column(name)
    for row in rows:
        table.add_row(*row)
    Console().print(table)
    return 0


if __name__ == "__main__":
    sys.exit(main())

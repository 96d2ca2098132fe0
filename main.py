"""Synthesises every stack of every environment; ``cdktf`` runs it."""

from __future__ import annotations

import bindings as bindings  # isort: skip - chooses jsii's Node before cdktf starts it

import sys
from pathlib import Path

from cdktf import App

from environments.app import build, write_listing
from environments.load import load_environments
from stacks.errors import ConfigurationError
from stacks.rag.code import code, migrations_hash


def main() -> int:
    """Synthesise into ``cdktf.out``; a mistake in the settings is one line, not a traceback."""
    try:
        environments, app = load_environments(), App()
        build(app, environments, code=code, migrations_hash=migrations_hash())
    except ConfigurationError as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 1
    app.synth()
    write_listing(Path(app.outdir), environments)
    return 0


if __name__ == "__main__":
    sys.exit(main())

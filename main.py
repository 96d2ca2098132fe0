"""Builds the app: for each environment its stack, its remote state's, and its pipeline's."""

from __future__ import annotations

import bindings as bindings  # isort: skip - chooses jsii's Node before cdktf starts it

import sys

from cdktf import App

from backend.stack import BackendStack
from environments.code import migrations_hash, rag_code
from environments.delivery import DeliveryStack
from environments.errors import ConfigurationError
from environments.load import load_environments
from environments.stack import EnvironmentStack


def build(app: App) -> App:
    """Add all stacks to the app.

    Raises:
        ConfigurationError: a mistake in the settings.
    """
    environments = load_environments()
    code = rag_code()
    for settings in environments:
        BackendStack(
            app,
            naming=settings.naming,
            tags=settings.tags,
            lockfile=settings.state_lockfile,
        )
        if settings.delivery:
            DeliveryStack(app, settings, delivery=settings.delivery)
        EnvironmentStack(app, settings, code=code, migrations_hash=migrations_hash())
    return app


def main() -> int:
    """Synthesise into ``cdktf.out``; a mistake in the settings is one line, not a traceback."""
    try:
        build(App()).synth()
    except ConfigurationError as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

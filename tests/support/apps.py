"""Apps of tests: each writes to a folder of its own, whatever runs beside it."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

from cdktf import App

from tests.support.stacks import Stack


def new_app() -> App:
    """An empty app. ``App()`` would write to the folder that everybody's ``cdktf synth`` uses."""
    return App(outdir=tempfile.mkdtemp(prefix="app-"))


def synthesised(app: App, stack: str) -> Stack:
    """Synthesise an app, and read one of its stacks.

    Args:
        app: the app.
        stack: the stack's id.
    """
    app.synth()
    return Stack(json.loads((Path(app.outdir) / "stacks" / stack / "cdk.tf.json").read_text()))

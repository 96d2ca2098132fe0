"""The lazy bindings: one module a class, the same JSON, nothing left in the environment."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.support.interrupted import interrupted
from tests.support.long_form import scheduled

ROOT = Path(__file__).resolve().parents[1]

STACK = """
import json, os, sys
import bindings
from cdktf import App, TerraformStack
from cdktf_cdktf_provider_aws.vpc import Vpc
from cdktf_cdktf_provider_aws.provider import AwsProvider
app = App(outdir=sys.argv[1])
stack = TerraformStack(app, "s")
vpc = Vpc(stack, "vpc", cidr_block="10.0.0.0/16", tags={"Name": "x"})
AwsProvider(stack, "aws", region="ap-southeast-1")
app.synth()
loaded = [m for m in sys.modules if m.startswith("cdktf_cdktf_provider_aws.")]
print(json.dumps({"loaded": len(loaded), "node_options": os.environ.get("NODE_OPTIONS")}))
"""

INTERRUPTED = """
import signal, sys
import bindings
from cdktf import App
try:
    print("ready", flush=True)
    signal.pause()
except KeyboardInterrupt:
    App(outdir=sys.argv[1])
    sys.exit("interrupted")
"""


def synthesise(out: Path, **variables: str) -> tuple[dict[str, Any], str, str]:
    done = subprocess.run(
        [sys.executable, "-c", STACK, str(out)],
        cwd=ROOT,
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        check=True,
    )
    text = (out / "stacks" / "s" / "cdk.tf.json").read_text()
    return json.loads(done.stdout), text, done.stderr


@pytest.fixture(scope="module")
def lazy(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], str, str]:
    return synthesise(tmp_path_factory.mktemp("lazy"), NODE_OPTIONS="--max-old-space-size=512")


def test_only_what_is_used_is_loaded(lazy: tuple[dict[str, Any], str, str]) -> None:
    assert lazy[0]["loaded"] < 10  # of about 2,100


def test_the_environment_is_put_back(lazy: tuple[dict[str, Any], str, str]) -> None:
    assert lazy[0]["node_options"] == "--max-old-space-size=512"


def test_nothing_is_printed(lazy: tuple[dict[str, Any], str, str]) -> None:
    """No banner of an old Node, no deprecation warning of jsii's."""
    assert lazy[2] == ""


@scheduled
def test_the_packages_own_import_gives_the_same_json(
    lazy: tuple[dict[str, Any], str, str], tmp_path: Path
) -> None:
    """Slow (the package's own import takes 10 seconds and more), and the whole point."""
    facts, text, _ = synthesise(tmp_path, MAPVIBE_EAGER_BINDINGS="1")
    assert facts["loaded"] > 1000
    assert text == lazy[1]


def test_ctrl_c_is_for_python_not_for_jsii(tmp_path: Path) -> None:
    """A terminal tells the whole group; what jsii still has to do, and Python's end, go well."""
    command = [sys.executable, "-c", INTERRUPTED, str(tmp_path)]
    assert interrupted(command, ready="ready").stderr == "interrupted\n"

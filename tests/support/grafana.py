"""A stack with Grafana's machine and the little that it needs around it."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
from typing import Any

from cdktf import TerraformStack

from backend import aws_provider
from modules.encryption import EncryptionKey
from modules.grafana import Alert, Dashboard, Grafana, Panel, Series
from modules.metrics import metric
from modules.naming import Naming
from modules.vpc import Vpc
from tests.support.apps import new_app
from tests.support.apps import synthesised as app_stack
from tests.support.stacks import Stack
from tests.support.twins import NAMING, ZONES

Files = dict[str, str]
"""Path on the machine to text."""


def machine(naming: Naming = NAMING, *, version: str = "11.6.16", panels: int = 1) -> Stack:
    """The synthesised stack; its metrics are of a function whose name AWS would choose."""
    app = new_app()
    stack = TerraformStack(app, "machine")
    aws_provider(stack, naming=naming, tags={"Environment": naming.environment})
    key = EncryptionKey(
        stack, "key", naming=naming, role="data", description="t", deletion_window_days=7
    )
    network = Vpc(
        stack, "network", naming=naming, cidr="10.0.0.0/16", zones=ZONES[:1], nat="single"
    )
    dimensions = {"FunctionName": key.key.key_id}
    errors = metric("AWS/Lambda", "Errors", "Sum", dimensions)
    Grafana(
        stack,
        "grafana",
        naming=naming,
        network=network,
        key=key,
        version=version,
        dashboard=Dashboard(
            title="Machine",
            panels=[
                Panel(
                    title=f"Errors {number}",
                    unit="short",
                    queries=[Series(id="m1", metric=errors, label=_noise(number))],
                )
                for number in range(panels)
            ],
        ),
        alert=Alert(
            title="Errors",
            failed=errors,
            all=metric("AWS/Lambda", "Invocations", "Sum", dimensions),
            percent=5,
            minutes=5,
            least=20,
            panel="Errors 0",
        ),
        log_groups=["/aws/lambda/answers"],
        recovery_window_days=7,
    )
    return app_stack(app, "machine")


def _noise(number: int) -> str:
    """Text that packing makes no shorter."""
    return hashlib.sha256(str(number).encode()).hexdigest()


def cloud_config(stack: Stack) -> dict[str, Any]:
    """What the machine's cloud-init is told."""
    head, _, text = stack.one("aws_instance")["user_data"].partition("\n")
    assert head == "#cloud-config"
    document: dict[str, Any] = json.loads(text)
    return document


def files(stack: Stack) -> Files:
    """What cloud-init writes, unpacked."""
    return {each["path"]: _unpacked(each) for each in cloud_config(stack)["write_files"]}


def _unpacked(file: dict[str, str]) -> str:
    if file.get("encoding") != "gz+b64":
        return file["content"]
    return gzip.decompress(base64.b64decode(file["content"])).decode()

"""Small stacks of ``terraform_data``, which is built into Terraform and needs no provider."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pipeline.release import terraform
from pipeline.release.seal import Header, Key

COMMIT = "4f1c9a7e2b6d8035c1e4a9f7b3d26058e1c7a4f9"
OTHER_COMMIT = "90aa6c3b1e5f4d7280b9c6e3f1a8d5047c2b9e61"
PIPELINE = 7001
NOW = datetime(2026, 3, 14, 9, 30, tzinfo=UTC)

KEY_TEXT = base64.b64encode(bytes(range(32))).decode()
OTHER_KEY_TEXT = base64.b64encode(bytes(range(32, 64))).decode()
KEY = Key.from_text(KEY_TEXT)
OTHER_KEY = Key.from_text(OTHER_KEY_TEXT)

SECRET = "correct-horse-battery-staple"
"""Stands in the stack's variables, so that it is in the plan file."""

ZIP = "assets/code/rag.zip"


def header(**changes: Any) -> Header:
    """A header with some fields changed."""
    values: dict[str, Any] = {
        "stack": "prod",
        "commit": COMMIT,
        "pipeline_id": PIPELINE,
        "created_at": NOW,
        "fingerprint": "a1b2c3",
        "files": {},
    }
    return Header(**{**values, **changes})


class Stack:
    """A stack's folder as CDKTF writes it, with a local state."""

    def __init__(self, folder: Path) -> None:
        """Args: folder: where it is made; it must not exist."""
        self.folder = folder
        (folder / ZIP).parent.mkdir(parents=True)
        (folder / ZIP).write_bytes(b"the code as it was planned")
        (folder / ".terraform.lock.hcl").write_text("# no providers\n")
        self.write(store="one")

    def write(self, *, provisioner: str = "", **inputs: str) -> None:
        """Describe one ``terraform_data`` for each input.

        Args:
            provisioner: a shell command that each runs when it is created.
            inputs: name to what it holds; another value replaces it.
        """
        resources: dict[str, dict[str, Any]] = {
            name: {"input": value, "triggers_replace": value} for name, value in inputs.items()
        }
        if provisioner:
            for body in resources.values():
                body["provisioner"] = {"local-exec": {"command": provisioner}}
        body = {
            "resource": {"terraform_data": resources},
            "output": {
                "stored": {"value": "".join(sorted(inputs))},
                "password": {"value": SECRET, "sensitive": True},
            },
        }
        (self.folder / "cdk.tf.json").write_text(json.dumps(body))

    def plan(self, out: Path) -> Path:
        """Plan into a file."""
        terraform.init(self.folder)
        terraform.plan(self.folder, out)
        return out

    def apply(self) -> None:
        """Plan and apply at once, as somebody else might."""
        plan_file = self.plan(self.folder.parent / "aside.tfplan")
        terraform.apply(self.folder, plan_file)
        plan_file.unlink()

    def inputs(self) -> dict[str, str]:
        """What exists: name to what it holds, from the state."""
        path = self.folder / "terraform.tfstate"
        if not path.exists():
            return {}
        return {
            resource["name"]: resource["instances"][0]["attributes"]["input"]["value"]
            for resource in json.loads(path.read_text())["resources"]
        }

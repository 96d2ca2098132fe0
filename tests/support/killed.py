"""An apply that dies at some moment, with all that it started; and what exists afterwards."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3

import toolchain
from emulator import control
from emulator.inventory import inventory
from environments.dev import DEV
from modules.naming import Naming
from tests.backend.support import make_remote_state
from tests.deploy.conftest import LEFT_OUT, LINKED, ROOT

STACK = Path("cdktf.out/stacks/dev")
SLOW = ("aws_db_", "aws_lambda_", "aws_sqs_", "aws_s3_bucket_lifecycle_configuration")
"""Types for which the provider waits a minute and more, whatever the emulator answers."""

_MADE = ": Creation complete after"
_PARTS = ("resource", "ephemeral", "data")


def copy_of_project(root: Path, *, slow: bool) -> None:
    """Copy the project, and synthesise its dev for the emulator.

    Args:
        root: the copy, which is made.
        slow: with everything; otherwise without what takes long, and what mentions it.
    """
    shutil.copytree(ROOT, root, ignore=shutil.ignore_patterns(*LEFT_OUT))
    for linked in LINKED:
        (root / linked).symlink_to(ROOT / linked)
    process = toolchain.environment(
        {**os.environ, "AWS_ENDPOINT_URL": "http://127.0.0.1:1", "AWS_MAX_ATTEMPTS": "2"}
    )
    subprocess.run(
        [sys.executable, "main.py"],
        cwd=root,
        env={**process, "PYTHONPATH": str(root)},
        check=True,
        capture_output=True,
    )
    if not slow:
        path = root / STACK / "cdk.tf.json"
        path.write_text(json.dumps(without(json.loads(path.read_text()), SLOW)))


def without(body: Mapping[str, Any], types: tuple[str, ...]) -> dict[str, Any]:
    """A stack without resources of some types, and without all that mentions them.

    Args:
        body: the parsed ``cdk.tf.json``.
        types: what the types begin with.
    """
    parts = {
        (section, kind, name): json.dumps({k: v for k, v in each.items() if k != "//"})
        for section in _PARTS
        for kind, named in body.get(section, {}).items()
        for name, each in named.items()
    }
    parts |= {
        ("locals", "local", name): json.dumps(each) for name, each in body.get("locals", {}).items()
    }
    gone = {part for part in parts if part[0] == "resource" and part[1].startswith(types)}
    while more := {
        part
        for part, text in parts.items()
        if part not in gone and any(f"{kind}.{name}" in text for _, kind, name in gone)
    }:
        gone |= more
    left = {
        name: json.loads(json.dumps(body[name]))
        for name in ("terraform", "provider", *_PARTS)
        if name in body
    }
    left["locals"] = dict(body.get("locals", {}))
    for section, kind, name in gone:
        named = left["locals"] if section == "locals" else left[section][kind]
        del named[name]
    for section in _PARTS:  # Terraform takes no type without a resource, and no empty section.
        left[section] = {kind: named for kind, named in left.get(section, {}).items() if named}
    return {name: part for name, part in left.items() if part}


@dataclass(frozen=True, kw_only=True)
class Drill:
    """Dev on an emulator of its own, whose applies die.

    Attributes:
        root: a copy of the project.
        emulator: where it is deployed to.
    """

    root: Path
    emulator: control.Emulator

    @property
    def process(self) -> dict[str, str]:
        """The environment of every command."""
        base = toolchain.environment()
        process = control.process_environment(self.emulator, DEV.account_id, DEV.region, base)
        return {**process, "PYTHONPATH": str(self.root)}

    def prepare(self) -> None:
        """Make the remote state, and let Terraform know it."""
        naming = Naming(
            project=DEV.project,
            environment=DEV.name,
            account_id=DEV.account_id,
            region=DEV.region,
        )
        make_remote_state(naming, s3=self.client("s3"), table=self.client("dynamodb"))
        status, said = self.terraform("init", "-input=false")
        assert status == 0, said

    def client(self, service: str) -> Any:
        """A client of the account."""
        return boto3.client(
            service,
            endpoint_url=self.emulator.url,
            region_name=DEV.region,
            aws_access_key_id=self.process["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key="local",
        )

    def terraform(self, *words: str) -> tuple[int, str]:
        """Run Terraform in the stack's folder; gives status and output."""
        return self.run(str(toolchain.terraform()), f"-chdir={STACK}", *words, "-no-color")

    def type(self, words: str) -> str:
        """Run a command of the project, which must succeed; gives what it printed."""
        status, said = self.run(sys.executable, "-m", *words.split())
        assert status == 0, said
        return said

    def run(self, *command: str) -> tuple[int, str]:
        """Run a command; gives status and output."""
        done = subprocess.run(
            command,
            cwd=self.root,
            env=self.process,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        return done.returncode, done.stdout

    def apply_killed_after(self, made: int, seconds: float) -> None:
        """Apply, and kill Terraform with its providers, as a machine that is lost would.

        Args:
            made: how many resources are made before.
            seconds: how long it goes on then. Terraform writes its state every 20 seconds at most.
        """
        command = [toolchain.terraform(), f"-chdir={STACK}", "apply", "-auto-approve"]
        with subprocess.Popen(
            [*map(str, command), "-input=false", "-no-color"],
            cwd=self.root,
            env=self.process,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        ) as apply:
            assert apply.stdout is not None
            said = ""
            while said.count(_MADE) < made and (line := apply.stdout.readline()):
                said += line
            with contextlib.suppress(subprocess.TimeoutExpired):
                apply.wait(seconds)
            with contextlib.suppress(ProcessLookupError):
                os.killpg(apply.pid, signal.SIGKILL)
            said += apply.stdout.read()
        # It may have been done already, but it must not have failed by itself.
        assert apply.returncode in (0, -signal.SIGKILL), said

    def state(self) -> dict[str, Any]:
        """The state as it is in the bucket; an empty one before there is one."""
        s3 = self.client("s3")
        bucket = f"{DEV.project}-{DEV.name}-state-{DEV.account_id}"
        try:
            answer = s3.get_object(Bucket=bucket, Key=f"{DEV.project}/dev/terraform.tfstate")
        except s3.exceptions.NoSuchKey:
            return {"resources": []}
        state: dict[str, Any] = json.load(answer["Body"])
        return state

    def unknown(self) -> list[str]:
        """What exists in the account and is in no attribute of the state: left behind, or twice."""
        attributes = "\n".join(_texts(self.state()["resources"]))
        found = inventory(self.emulator.url, DEV.account_id, DEV.region)
        return [
            f"{kind} {name}"
            for kind, names in found.items()
            for name in names
            if name not in attributes and not _made_by_aws(kind, name)
        ]


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)
    elif isinstance(value, str):
        yield value


def _made_by_aws(kind: str, name: str) -> bool:
    """The remote state itself, the secret that RDS keeps, interfaces that AWS makes for others."""
    return (
        "-state" in name
        or name.startswith(("rds!", "/aws/lambda/"))
        or kind == "ec2:network-interface"
    )

"""A copy of the project that the real command line deploys to an emulator of its own."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import pytest

import toolchain
from emulator import control
from emulator.inventory import inventory
from environments.settings import Environment
from local.deploy import local_api, process_environment
from tests.support.stacks import BY_NAME

_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))
ROOT = Path(__file__).resolve().parents[2]
LINKED = (".venv", "node_modules")
LEFT_OUT = (".git", ".local", "cdktf.out", "__pycache__", ".*_cache", ".hypothesis", *LINKED)


@dataclass(frozen=True, kw_only=True)
class Project:
    """A deployed copy of the project and what a person would do with it.

    Attributes:
        root: the copy's folder.
        environment: what was deployed.
        emulator: where to.
        log: what the deploy printed.
    """

    root: Path
    environment: Environment
    emulator: control.Emulator
    log: str

    @property
    def stack(self) -> Path:
        """The stack's folder of the last synthesis."""
        return self.root / "cdktf.out" / "stacks" / self.environment.name

    @property
    def process(self) -> dict[str, str]:
        """The environment of a person's shell in the copy's folder."""
        tools = (ROOT / ".venv").resolve()
        return {
            **process_environment(self.environment, self.emulator),
            "MAPVIBE_TOOLS": str(tools.parent),
            "PYTHONPATH": str(self.root),
            "PATH": f"{tools / 'bin'}{os.pathsep}{os.environ['PATH']}",
        }

    def run(self, *command: str, account: str | None = None, **variables: str) -> tuple[int, str]:
        """Run a command of the project as a person would; returns its status and all output."""
        environment = self.environment
        if account:
            environment = environment.model_copy(update={"account_id": account})
        process = {**process_environment(environment, self.emulator), **variables}
        return run(list(command), self.root, process)

    def client(self, service: str) -> Any:
        """A boto3 client of the environment's account."""
        process = process_environment(self.environment, self.emulator)
        return boto3.client(
            service,
            endpoint_url=self.emulator.url,
            region_name=self.environment.region,
            aws_access_key_id=process["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=process["AWS_SECRET_ACCESS_KEY"],
        )

    def api(self, method: str, path: str, body: object = None) -> tuple[int, Any]:
        """Ask the deployed API over HTTP; returns status and parsed body."""
        url = local_api(self.emulator, self.environment, root=self.root)
        request = urllib.request.Request(  # noqa: S310 - a URL of the emulator
            url + path,
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"content-type": "application/json"},
        )
        try:
            with _OPENER.open(request, timeout=60) as response:
                return response.status, json.load(response)
        except urllib.error.HTTPError as error:
            return error.code, json.load(error)

    def inventory(self, account: str | None = None) -> dict[str, list[str]]:
        """Everything that exists in the account."""
        environment = self.environment
        return inventory(self.emulator.url, account or environment.account_id, environment.region)

    def change(self, old: str, new: str) -> None:
        """Edit a value in the environment's file."""
        path = self.root / "environments" / f"{self.environment.name}.py"
        text = path.read_text()
        assert text.count(old) == 1, f"{old!r} must stand once in {path.name}"
        path.write_text(text.replace(old, new))


def run(command: list[str], folder: Path, process: dict[str, str]) -> tuple[int, str]:
    done = subprocess.run(
        command,
        cwd=folder,
        env=process,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return done.returncode, re.sub(r"\x1b\[[0-9;]*[A-Za-z]", "", done.stdout)


def deployed(name: str, folder: Path) -> Iterator[Project]:
    """Copy the project, deploy one environment as ``make deploy-local`` does, clean up."""
    root = folder / "project"
    shutil.copytree(ROOT, root, ignore=shutil.ignore_patterns(*LEFT_OUT))
    for linked in LINKED:
        (root / linked).symlink_to(ROOT / linked)
    process = {**toolchain.environment(), "PYTHONPATH": str(root)}
    process.pop("AWS_ENDPOINT_URL", None)
    try:
        status, log = run([python(), "-m", "local", "deploy", name], root, process)
        assert status == 0, log
        emulator = control.running(root)
        assert emulator is not None
        yield Project(root=root, environment=BY_NAME[name], emulator=emulator, log=log)
    finally:
        control.stop(root)


def python() -> str:
    return str(ROOT / ".venv" / "bin" / "python")


@pytest.fixture(scope="session")
def dev(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    yield from deployed("dev", tmp_path_factory.mktemp("dev"))


@pytest.fixture(scope="module")
def prod(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    yield from deployed("prod", tmp_path_factory.mktemp("prod"))


def planned(project: Project, *options: str) -> dict[str, list[str]]:
    """Address to actions of everything that a plan would change."""
    terraform = str(toolchain.terraform())
    chdir = f"-chdir={project.stack}"
    status, log = project.run(
        terraform, chdir, "plan", "-input=false", "-out=test.tfplan", *options
    )
    assert status == 0, log
    status, text = project.run(terraform, chdir, "show", "-json", "test.tfplan")
    assert status == 0, text
    (project.stack / "test.tfplan").unlink()
    plan = json.loads(text[text.index("{") :])
    return {
        change["address"]: change["change"]["actions"]
        for change in plan["resource_changes"]
        if change["change"]["actions"] != ["no-op"]
    }

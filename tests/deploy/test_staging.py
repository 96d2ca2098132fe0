"""A further environment is one new file of values and one line; everything else follows."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import boto3
import pytest

import toolchain
from emulator import control
from environments.dev import DEV
from modules.naming import Naming
from tests.backend.support import make_remote_state
from tests.deploy.conftest import LEFT_OUT, LINKED, ROOT, python, run
from tests.support.long_form import scheduled

pytestmark = [pytest.mark.deploy, pytest.mark.xdist_group("staging"), scheduled]

ACCOUNT = "222233334444"
CHANGES = {
    'name="dev"': 'name="staging"',
    "DEV = ": "STAGING = ",
    f'account_id="{DEV.account_id}"': f'account_id="{ACCOUNT}"',
    "mapvibe-dev": "mapvibe-staging",
    "10.20.0.0/16": "10.30.0.0/16",
    '"development"': '"staging"',
}
LINE = 'NAMES = ("dev", "prod")'


@dataclass(frozen=True, kw_only=True)
class Project:
    """A copy of the project that has a staging environment, and an emulator."""

    root: Path
    process: dict[str, str]

    def run(self, *command: str) -> str:
        """What a command prints; it must succeed."""
        status, said = run(list(command), self.root, self.process)
        assert status == 0, said
        return said

    def python(self, *words: str) -> str:
        """The same for a module of the project."""
        return self.run(python(), "-m", *words)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """The two edits that docs/contributing.md asks for, and what ``make docs`` makes of them."""
    root = tmp_path_factory.mktemp("staging") / "project"
    shutil.copytree(ROOT, root, ignore=shutil.ignore_patterns(*LEFT_OUT))
    for linked in LINKED:
        (root / linked).symlink_to(ROOT / linked)
    values = (root / "environments" / "dev.py").read_text()
    for old, new in CHANGES.items():
        assert old in values
        values = values.replace(old, new)
    (root / "environments" / "staging.py").write_text(values)
    load = root / "environments" / "load.py"
    assert load.read_text().count(LINE) == 1
    load.write_text(load.read_text().replace(LINE, 'NAMES = ("dev", "staging", "prod")'))
    with control.ephemeral() as emulator:
        process = control.process_environment(
            emulator, ACCOUNT, DEV.region, {**toolchain.environment(), "PYTHONPATH": str(root)}
        )
        made = Project(root=root, process=process)
        made.run(python(), "-m", "docs")
        made.run(python(), "-m", "toolchain", "synth")
        yield made


def test_its_stacks_are_synthesised_and_listed(project: Project) -> None:
    out = project.root / "cdktf.out"
    stacks = {path.parent.name for path in out.glob("stacks/*/cdk.tf.json")}
    assert {"staging", "backend-staging", "delivery-staging"} <= stacks
    listed = json.loads((out / "environments.json").read_text())["environments"]
    assert [each["name"] for each in listed] == ["dev", "staging", "prod"]
    for name in ("dev", "staging"):
        delivery = json.loads((out / "stacks" / f"delivery-{name}" / "cdk.tf.json").read_text())
        (provider,) = delivery["resource"]["aws_iam_openid_connect_provider"].values()
        assert "mapvibe-staging-pipeline-apply" in provider["client_id_list"]


def test_the_generated_files_have_it(project: Project) -> None:
    project.python("docs", "--check")
    assert (
        "| setting | dev | staging | prod |"
        in (project.root / "docs" / "environments.md").read_text()
    )
    assert "## staging\n" in (project.root / "docs" / "architecture.md").read_text()
    assert "staging" in project.python("environments")


def test_its_stacks_are_valid_and_obey_the_policies(project: Project) -> None:
    for stack in ("staging", "backend-staging", "delivery-staging"):
        folder = f"-chdir=cdktf.out/stacks/{stack}"
        terraform = str(toolchain.terraform())
        project.run(terraform, folder, "init", "-backend=false", "-input=false")
        assert "valid" in project.run(terraform, folder, "validate", "-no-color")
    project.python("policies", "staging", "backend-staging", "delivery-staging")


def test_it_is_planned_priced_and_reported(project: Project) -> None:
    naming = Naming(project="mapvibe", environment="staging", account_id=ACCOUNT, region=DEV.region)
    s3, table = (
        boto3.client(
            service,
            endpoint_url=project.process["AWS_ENDPOINT_URL"],
            region_name=DEV.region,
            aws_access_key_id=project.process["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key="local",
        )
        for service in ("s3", "dynamodb")
    )
    make_remote_state(naming, s3=s3, table=table)
    said = " ".join(project.python("pipeline", "plan", "staging").split())
    assert "the limits of 'default' are taken" in said
    report = json.loads((project.root / "reports" / "staging.json").read_text())
    (environment,) = report["environments"]
    (stack,) = environment["stacks"]
    assert (environment["name"], stack["name"]) == ("staging", "staging")
    assert stack["counts"]["create"] > 100
    comment = (project.root / "reports" / "staging.md").read_text()
    assert comment.splitlines()[2].startswith("## 🟠 Plan: staging `+")
    assert "as pipeline/usage/default.yml assumes it" in comment


def test_the_local_pipeline_has_its_jobs(project: Project) -> None:
    for command in (["git", "init", "-q"], ["git", "add", "-A"]):
        project.run(*command)
    jobs = project.run(str(ROOT / ".venv/bin/gitlab-ci-local"), "--list-csv-all")
    names = {line.split(";")[0] for line in jobs.splitlines()}
    assert {"plan:staging", "apply:staging", "replan:staging", "drift:staging"} <= names

"""A folder, a command line and a GitLab for each test."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

# Checkov keeps its parser's grammar in the temporary folder, which the fixture below wants empty.
import policies.checkov  # noqa: F401
from emulator.gitlab.server import serving
from tests.pipeline.commands.support import (
    AWS_VARIABLES,
    GITLAB_VARIABLES,
    OPERATORS,
    TERMINAL,
    VARIABLES,
    CommandLine,
    Merged,
    merged_state,
)
from tests.pipeline.gitlab import world


@pytest.fixture
def pipeline(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Iterator[CommandLine]:
    """On a developer's machine: no variable of a job is set."""
    for name in (*VARIABLES, *GITLAB_VARIABLES, *OPERATORS, *AWS_VARIABLES, *TERMINAL):
        monkeypatch.delenv(name, raising=False)
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.setenv(name, "*")
    root, temporary = tmp_path / "project", tmp_path / "tmp"
    root.mkdir()
    temporary.mkdir()
    monkeypatch.chdir(root)
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    # On a busy machine Terraform may take long enough to tell what it is doing.
    monkeypatch.setattr("toolchain.progress._SILENCE_SECONDS", 600.0)
    made = CommandLine(root=root, capture=capfd, patch=monkeypatch)
    made.environments(dev=["dev"], prod=["prod"])
    yield made
    assert list(temporary.iterdir()) == []


@pytest.fixture
def job(pipeline: CommandLine) -> CommandLine:
    """In a job of the default branch's pipeline."""
    pipeline.set(**VARIABLES)
    return pipeline


@pytest.fixture
def merged(job: CommandLine) -> Iterator[Merged]:
    """GitLab knows the merge request that brought the job's commit."""
    with serving(merged_state()) as (url, gitlab):
        job.set(CI_API_V4_URL=f"{url}/api/v4")
        # Shorter pauses than a real pipeline's.
        job.patch.setattr("pipeline.gitlab.client.Limits", lambda: world.LIMITS)
        yield Merged(gitlab=gitlab, url=url)


@pytest.fixture
def several(job: CommandLine) -> CommandLine:
    """Dev with two stacks, staging with one, and prod with three."""
    job.environments(
        dev=["dev", "web-dev"], staging=["staging"], prod=["account-prod", "prod", "web-prod"]
    )
    for name in ("dev", "web-dev", "staging", "account-prod", "prod", "web-prod"):
        job.stack(name, store="one", outputs={"api_url": f"https://{name}.example.com"})
    return job

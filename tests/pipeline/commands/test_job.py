"""The job's variables, and its files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.commands.job import Job, make_folder, raise_together, remove, stack_folder, write
from pipeline.errors import PipelineError, Status
from tests.pipeline.commands.support import VARIABLES
from tests.pipeline.release.support import COMMIT, PIPELINE

NEEDED = ("CI_COMMIT_SHA", "CI_PIPELINE_ID", "CI_JOB_ID", "CI_JOB_NAME")


def test_a_job_is_read_from_gitlabs_variables() -> None:
    page = "https://gitlab.example.com/group/infra"
    assert Job.of_pipeline({**VARIABLES, "CI_MERGE_REQUEST_IID": "7"}) == Job(
        commit=COMMIT,
        pipeline_id=PIPELINE,
        pipeline_url=f"{page}/-/pipelines/{PIPELINE}",
        id=90,
        name="apply:dev",
        url=f"{page}/-/jobs/90",
        default_branch="main",
        merge_request=7,
    )


def test_on_a_developers_machine_it_is_empty() -> None:
    assert Job.current({}) == Job(
        commit="",
        pipeline_id=0,
        pipeline_url="",
        id=0,
        name="",
        url="",
        default_branch="",
        merge_request=0,
    )


@pytest.mark.parametrize("name", NEEDED)
def test_what_a_pipeline_needs_must_be_set(name: str) -> None:
    with pytest.raises(PipelineError, match=f"^{name} not set: ") as caught:
        Job.of_pipeline({**VARIABLES, name: ""})
    assert caught.value.status == Status.USAGE


@pytest.mark.parametrize("text", ["x", "-1", "1.0", "٣", "²", " 7"])
def test_a_number_is_ascii_digits(text: str) -> None:
    with pytest.raises(PipelineError, match=r"^CI_JOB_ID='.*': is no number") as caught:
        Job.current({"CI_JOB_ID": text})
    assert caught.value.status == Status.USAGE


def test_several_errors_are_one_with_the_lowest_status() -> None:
    raise_together([])
    errors = [PipelineError("b is new", Status.UNREVIEWED), PipelineError("a", Status.BUDGET)]
    with pytest.raises(PipelineError, match=r"^b is new; also a$") as caught:
        raise_together(errors)
    assert caught.value.status == Status.BUDGET


def test_files_are_written_with_their_folder_and_removed(tmp_path: Path) -> None:
    path = tmp_path / "new" / "file"
    write(path, "ü")
    assert path.read_bytes() == b"\xc3\xbc"
    write(path, b"x")
    assert path.read_bytes() == b"x"
    remove(path)
    remove(path)
    assert not path.exists()


@pytest.mark.parametrize(
    "action",
    [
        pytest.param(lambda root: write(root / "file" / "x", ""), id="below a file"),
        pytest.param(lambda root: write(root / "folder", ""), id="onto a folder"),
        pytest.param(lambda root: make_folder(root / "file"), id="a folder onto a file"),
        pytest.param(lambda root: remove(root / "folder"), id="remove a folder"),
    ],
)
def test_what_cannot_be_written_or_removed_is_one_line(
    tmp_path: Path, action: Callable[[Path], None]
) -> None:
    (tmp_path / "file").write_text("in the way")
    (tmp_path / "folder").mkdir()
    with pytest.raises(PipelineError, match=rf"^{tmp_path}/(file|folder): cannot be "):
        action(tmp_path)


def test_a_stack_that_was_not_synthesised_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(PipelineError, match=r"run 'cdktf synth' first$"):
        stack_folder("dev")
    for name in ("dev", "prod"):
        write(Path(f"cdktf.out/stacks/{name}/cdk.tf.json"), "{}")
    assert stack_folder("prod") == Path("cdktf.out/stacks/prod")
    with pytest.raises(PipelineError, match=r"no synthesised stack 'test'; there are dev, prod$"):
        stack_folder("test")

"""The rehearsal as a command, with stand-ins for the packages, pip and Terraform."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import toolchain
from tests.toolchain.conftest import python_that, write_program
from toolchain.__main__ import main
from toolchain.cdktn import packages, rehearse, validate
from toolchain.cdktn.validate import Validation
from toolchain.errors import ToolchainError
from toolchain.layout import Layout

MAIN = """\
import json
from pathlib import Path
from cdktf import VERSION, CIDR
stack = {
    "resource": {"aws_vpc": {"vpc": {"cidr_block": CIDR}}},
    "terraform": {"required_providers": {"aws": {"source": "hashicorp/aws", "version": VERSION}}},
}
path = Path("cdktf.out/stacks/dev/cdk.tf.json")
path.parent.mkdir(parents=True, exist_ok=True)
path.write_text(json.dumps(stack))
"""


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository whose two libraries are two small modules of it."""
    root = tmp_path / "a clone"
    files = {
        "main.py": MAIN,
        "cdktf.py": "VERSION, CIDR = '5.100.0', '10.0.0.0/16'\n",
        "cdktn.py": "VERSION, CIDR = '6.69.1', '10.0.0.0/16'\n",
        "requirements/dev.txt": "cdktf==0.21.0 \\\ncdktf-cdktf-provider-aws==20.1.0 \\\n",
        "requirements/cdktn.txt": "cdktn==0.24.0 \\\ncdktn-provider-aws==25.8.1 \\\n",
        ".gitignore": ".local/\nreports/\nbuild/\n",
    }
    for name, content in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(content)
    (root / "node_modules").mkdir()
    subprocess.run(["git", "init", "--quiet", root], check=True)
    monkeypatch.setattr(rehearse, "install", lambda layout: Path(sys.executable))
    monkeypatch.setattr(rehearse, "validate", lambda *_: Validation(unavailable="offline."))
    monkeypatch.setattr(toolchain, "environment", lambda: dict(os.environ))
    return root


def test_equal_apps_are_equal_but_for_the_provider(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = {path: path.read_bytes() for path in repository.glob("*.py")}
    assert main(["rehearse-cdktn"], Layout(repository)) == 0
    out = capsys.readouterr().out
    result = (
        "Equal: 1 stacks with 1 addresses, every body the same but for the required provider,"
        " hashicorp/aws 5.100.0 → hashicorp/aws 6.69.1. Terraform did not validate them: neither a"
        " mirror on this machine nor the registry gives that provider."
    )
    assert result in out
    assert "1 lines in 1 files" in out
    report = (repository / "reports" / "cdktn.md").read_text("utf-8")
    assert result in report
    assert "| main.py | 1 |" in report
    assert "- Terraform: offline." in report
    assert {path: path.read_bytes() for path in repository.glob("*.py")} == before
    assert not (repository / "cdktf.out").exists()


def test_another_body_is_said_and_fails(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (repository / "cdktn.py").write_text("VERSION, CIDR = '6.69.1', '10.9.0.0/16'\n")
    assert main(["rehearse-cdktn"], Layout(repository)) == 1
    line = 'dev: aws_vpc.vpc: cidr_block was "10.0.0.0/16", is "10.9.0.0/16"'
    out = capsys.readouterr().out
    assert line in out.splitlines()
    assert "NOT equal: 1 findings" in out
    assert f"- {line}" in (repository / "reports" / "cdktn.md").read_text("utf-8")


def test_a_stack_that_is_not_valid_fails(
    repository: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    found = Validation(errors=["dev: aws_vpc.vpc: no such argument"], warnings=["old argument"])
    monkeypatch.setattr(rehearse, "validate", lambda *_: found)
    assert main(["rehearse-cdktn"], Layout(repository)) == 1
    assert "Terraform validated them: 1 errors, 1 warnings." in capsys.readouterr().out
    report = (repository / "reports" / "cdktn.md").read_text("utf-8")
    assert "- dev: aws_vpc.vpc: no such argument" in report
    assert "- old argument" in report


def test_a_library_that_can_not_synthesise_is_said(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (repository / "cdktn.py").write_text("VERSION = '6.69.1'\n")
    assert main(["rehearse-cdktn"], Layout(repository)) == 1
    errors = capsys.readouterr().err
    assert errors.startswith("rehearse-cdktn: cdktn 0.24.0 can't synthesise the stacks: ")
    assert "ImportError: cannot import name 'CIDR'" in errors


def test_outside_git_one_line_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    folder = tmp_path / "requirements"
    folder.mkdir()
    (folder / "dev.txt").write_text("cdktf==0.21.0\n")
    (folder / "cdktn.txt").write_text("cdktn==0.24.0\n")
    assert main(["rehearse-cdktn"], Layout(tmp_path)) == 1
    errors = capsys.readouterr().err.splitlines()
    assert len(errors) == 1
    assert "git can't list the files of" in errors[0]


def test_new_files_count_and_deleted_ones_do_not(repository: Path) -> None:
    subprocess.run(["git", "add", "--all"], cwd=repository, check=True)
    (repository / "cdktf.py").unlink()
    (repository / "staging.py").write_text("")
    (repository / "reports").mkdir()
    (repository / "reports" / "x.py").write_text("")
    names = {str(name) for name in rehearse.tracked_files(repository)}
    assert {"main.py", "staging.py"} <= names
    assert not names & {"cdktf.py", "reports/x.py"}


def test_packages_are_installed_once_by_hash(
    layout: Layout, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = python_that(monkeypatch, layout, "cdktn", pip="true")
    python = packages.install(layout)
    assert python == layout.local / "cdktn" / "bin" / "python"
    calls = log.read_text()
    assert "--require-hashes" in calls
    assert packages.install(layout) == python
    assert log.read_text() == calls
    (layout.root / "requirements" / "cdktn.txt").write_text("cdktn==0.25.0\n")
    packages.install(layout)
    assert log.read_text() == calls * 2


def test_without_an_index_one_line_says_what_is_needed(
    layout: Layout, monkeypatch: pytest.MonkeyPatch
) -> None:
    python_that(monkeypatch, layout, "cdktn", pip="echo trying >&2; echo 'no index' >&2; exit 1")
    with pytest.raises(ToolchainError, match=r"\Athe successor can't be .* once: no index\Z"):
        packages.install(layout)
    # Half an installation is not taken for a whole one.
    with pytest.raises(ToolchainError):
        packages.install(layout)


def test_pinned_versions_are_read_from_the_locked_files() -> None:
    locked = packages.requirements(Layout())
    assert packages.pinned(locked, "cdktn")[0].isdigit()
    with pytest.raises(LookupError, match=r"cdktn\.txt pins no nosuch"):
        packages.pinned(locked, "nosuch")


TERRAFORM = """\
case $2 in
init) %s ;;
validate) cat <<'END'
{"valid": false, "diagnostics": [
  {"severity": "error", "summary": "Unsupported", "detail": "No argument\\nis named x.",
   "snippet": {"context": "resource.aws_vpc.vpc"}},
  {"severity": "warning", "summary": "Deprecated", "detail": "Use y."}]}
END
exit 1 ;;
esac
"""


def terraform_that(monkeypatch: pytest.MonkeyPatch, folder: Path, initialises: str) -> Path:
    """Let a shell script stand for Terraform; return an output folder with one stack."""
    program = write_program(folder / "terraform", TERRAFORM % initialises)
    monkeypatch.setattr(toolchain, "terraform", lambda: program)
    monkeypatch.setattr(toolchain, "environment", lambda base: dict(base))
    stack = folder / "cdktf.out" / "stacks" / "dev"
    stack.mkdir(parents=True)
    (stack / "cdk.tf.json").write_text("{}")
    return folder / "cdktf.out"


def test_errors_and_warnings_of_terraform_are_kept(
    layout: Layout, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = terraform_that(monkeypatch, tmp_path, "grep -q direct $TF_CLI_CONFIG_FILE")
    monkeypatch.setenv("HOME", str(tmp_path))
    found = validate.validate(out, "6.0.0", layout, tmp_path / "work")
    assert found.unavailable == ""
    assert found.errors == ["dev: resource.aws_vpc.vpc: Unsupported: No argument is named x."]
    assert found.warnings == ["dev: the stack: Deprecated: Use y."]


def test_a_provider_that_can_not_be_had_is_no_verdict(
    layout: Layout, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = "printf '\\nError: No provider\\n\\nno such\\nhost\\n\\nTo see which\\n' >&2; exit 1"
    out = terraform_that(monkeypatch, tmp_path, said)
    found = validate.validate(out, "6.0.0", layout, tmp_path / "work")
    assert found == Validation(unavailable="No provider no such host")

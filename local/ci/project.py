"""The repository that the runner sees: a copy with a main and a branch, and a remote of GitLab's form."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from local.ci.errors import CiError

PATH = "mapvibe/infrastructure"
"""Group and project on GitLab."""

_LINKED = (".venv", "node_modules")
_LEFT_OUT = (
    ".git",
    ".gitlab-ci-local",
    ".local",
    ".cache",
    ".*_cache",
    ".hypothesis",
    "__pycache__",
    "build",
    "cdktf.out",
    "reports",
)


def copy(root: Path, project: Path, url: str) -> None:
    """A repository with what is not committed yet; main is before the branch ``change``.

    Args:
        root: the repository, set up.
        project: the copy's folder.
        url: of GitLab, from which the runner takes the API's address.
    """
    shutil.copytree(root, project, ignore=shutil.ignore_patterns(*_LEFT_OUT, *_LINKED))
    for name in _LINKED:
        (project / name).symlink_to(root / name)
    git(project, "init", "--quiet", "--initial-branch=main")
    git(project, "config", "user.name", "Local")
    git(project, "config", "user.email", "local@example.com")
    git(project, "commit", "--quiet", "--allow-empty", "--message", "Before")
    git(project, "remote", "add", "origin", f"{url}/{PATH}.git")
    track(project)
    git(project, "symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/main")
    git(project, "switch", "--quiet", "--create", "change")
    git(project, "add", "--all")
    git(project, "commit", "--quiet", "--message", "The change")


def track(project: Path) -> None:
    """Let the remote branch be where main is, without a remote."""
    git(project, "update-ref", "refs/remotes/origin/main", "main")


def git(folder: Path, *arguments: str) -> str:
    """Run git; gives what it prints.

    Raises:
        CiError: it failed.
    """
    done = subprocess.run(
        ["git", *arguments], cwd=folder, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise CiError(f"git {' '.join(arguments)} in {folder}: {done.stderr.strip()}")
    return done.stdout.strip()

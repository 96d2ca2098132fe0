"""The rehearsal: copy, rename, install, synthesise with both, compare, validate."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import time
from pathlib import Path

import toolchain
from toolchain.cdktn.compare import compare
from toolchain.cdktn.packages import install, pinned, requirements, size_in_mb
from toolchain.cdktn.rename import rename_files
from toolchain.cdktn.report import Rehearsal
from toolchain.cdktn.validate import validate
from toolchain.layout import Layout
from toolchain.process import run_quietly
from toolchain.report import step

_ROUNDS = 2
"""The first run with new packages also unpacks them into jsii's cache: the best counts."""

_SHARED = ("node_modules", "build")
"""What synthesis reads or caches that is not tracked."""


def rehearse(layout: Layout) -> Rehearsal:
    """Do it all in temporary copies; the repository stays as it is.

    Raises:
        ToolchainError: a step can't be done, or the stacks can't be synthesised.
    """
    old = layout.root / "requirements" / "dev.txt"
    before = f"cdktf {pinned(old, 'cdktf')}"
    after = f"cdktn {pinned(requirements(layout), 'cdktn')}"
    with tempfile.TemporaryDirectory(prefix="cdktn-") as name:
        work = Path(name)
        with step("Copies of the repository, one renamed") as current:
            names = tracked_files(layout.root)
            for copy in ("before", "after"):
                copy_files(layout.root, work / copy, names)
            renamed = rename_files(work / "after", names)
            lines = sum(number for _, number in renamed)
            current.result = f"{lines} lines in {len(renamed)} files"
        with step(f"{after} in .local/cdktn (half a minute the first time)"):
            python = install(layout)
        seconds: dict[str, list[float]] = {before: [], after: []}
        for _ in range(_ROUNDS):
            seconds[before].append(_synthesise(work / "before", Path(sys.executable), before))
            seconds[after].append(_synthesise(work / "after", python, after))
        comparison = compare(work / "before" / "cdktf.out", work / "after" / "cdktf.out")
        version = comparison.providers[1][0].split()[-1]
        validation = validate(work / "after" / "cdktf.out", version, layout, work)
    provider, successor = "cdktf-cdktf-provider-aws", "cdktn-provider-aws"
    return Rehearsal(
        before=f"{before}, {provider} {pinned(old, provider)}",
        after=f"{after}, {successor} {pinned(requirements(layout), successor)}",
        renamed=renamed,
        seconds=(min(seconds[before]), min(seconds[after])),
        install_mb=size_in_mb(layout),
        comparison=comparison,
        validation=validation,
    )


def tracked_files(root: Path) -> list[Path]:
    """Return the repository's files: tracked ones and new ones that git doesn't ignore.

    Raises:
        ToolchainError: git can't tell.
    """
    listed = run_quietly(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        env=os.environ,
        folder=root,
        failure=f"git can't list the files of {root}",
    )
    names = sorted({Path(name) for name in listed.split("\0") if name})
    # A file that somebody deleted and did not commit yet is still listed; .venv may be a link.
    return [name for name in names if (root / name).is_file()]


def copy_files(root: Path, target: Path, names: list[Path]) -> None:
    """Copy files of the repository, and link what is shared."""
    for name in names:
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(root / name, target / name)
    (root / "build").mkdir(exist_ok=True)
    for shared in _SHARED:
        (target / shared).symlink_to(root / shared)


def _synthesise(copy: Path, python: Path, library: str) -> float:
    env = toolchain.environment()
    # The copies' own cdktf.out, and the bindings as every synthesis loads them.
    for name in ("CDKTF_OUTDIR", "MAPVIBE_EAGER_BINDINGS", "PYTHONPATH"):
        env.pop(name, None)
    with step(f"Synthesis with {library}"):
        start = time.monotonic()
        failure = f"{library} can't synthesise the stacks"
        run_quietly([python, "main.py"], env=env, folder=copy, failure=failure)
        return time.monotonic() - start

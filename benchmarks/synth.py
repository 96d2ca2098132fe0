"""Synthesis of all stacks: our lazy bindings, the package's own import, and the JavaScript floor.

Each figure is a process of its own, as a developer or a pipeline pays it; the three run in turns,
so that a noisy machine disturbs them alike. The jsii cache is warm for all.
"""

from __future__ import annotations

import filecmp
import importlib.resources
import os
import resource
import subprocess
import sys
import tarfile
import tempfile
import time
from pathlib import Path

import bindings
from benchmarks.table import Measurement, Promise

ROOT = Path(__file__).resolve().parent.parent
_ROUNDS = 3
_TARBALLS = {
    "constructs": "constructs",
    "cdktf": "cdktf",
    "cdktf_cdktf_provider_aws": "@cdktf/provider-aws",
}


def measure() -> Measurement:
    """Run the three, compare their output, and report times as ratios of ours."""
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        packages = _extract(work / "packages")
        lazy, eager, floor = work / "lazy", work / "eager", work / "floor"
        synthesise(lazy)  # warms the caches
        stacks = sorted(map(str, lazy.glob("stacks/*/cdk.tf.json")))
        node = [os.environ.get("JSII_NODE", "node"), str(ROOT / "benchmarks" / "floor.js")]
        times: dict[str, list[float]] = {"lazy": [], "eager": [], "floor": []}
        for _ in range(_ROUNDS):
            times["lazy"].append(synthesise(lazy))
            times["eager"].append(synthesise(eager, eager=True))
            times["floor"].append(_time([*node, str(packages), str(floor), *stacks]))
        best = {name: min(values) for name, values in times.items()}
        same = _same(lazy, eager)
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    return Measurement(
        name="synth of all stacks",
        rows=[
            ("lazy bindings (ours)", f"{best['lazy']:.2f} s", 1.0),
            ("package's own import", f"{best['eager']:.2f} s", best["eager"] / best["lazy"]),
            ("native JavaScript floor", f"{best['floor']:.2f} s", best["floor"] / best["lazy"]),
        ],
        notes=[
            f"same JSON byte for byte: {'yes' if same else 'NO'}",
            f"largest process of the run: {memory:.0f} MiB",
        ],
        promises=[
            Promise("own import / ours", best["eager"] / best["lazy"], at_least=8.0),
            Promise("same JSON", float(same), at_least=1.0),
        ],
    )


def synthesise(out: Path, *, eager: bool = False) -> float:
    """Synthesise all stacks as ``cdktf`` does; return the seconds that took.

    Args:
        out: the folder that the stacks go into.
        eager: with the package's own import.
    """
    chosen = {bindings.EAGER_VARIABLE: "1" if eager else "0", "CDKTF_OUTDIR": str(out)}
    return _time([sys.executable, "main.py"], {**os.environ, **chosen})


def _time(command: list[str], environment: dict[str, str] | None = None) -> float:
    started = time.perf_counter()
    subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True)
    return time.perf_counter() - started


def _extract(target: Path) -> Path:
    """Unpack the JavaScript that the Python packages carry, as Node expects it."""
    modules = target / "node_modules"
    for package, name in _TARBALLS.items():
        folder = Path(str(importlib.resources.files(package)))
        (tarball,) = folder.glob("_jsii/*.tgz")
        with tempfile.TemporaryDirectory() as scratch:
            with tarfile.open(tarball) as archive:
                archive.extractall(scratch, filter="data")
            (modules / name).parent.mkdir(parents=True, exist_ok=True)
            Path(scratch, "package").rename(modules / name)
    return modules


def _same(first: Path, second: Path) -> bool:
    files = sorted(path.relative_to(first) for path in first.glob("stacks/*/cdk.tf.json"))
    return bool(files) and all(
        filecmp.cmp(first / file, second / file, shallow=False) for file in files
    )

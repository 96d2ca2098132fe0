"""What the zip of the RAG service costs: its size, and the import at a cold start."""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import tempfile
import time
import zipfile
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from benchmarks import interpreter
from benchmarks.table import Measurement, Promise
from services.dependencies import PYTHON_VERSION, install
from services.package import build
from services.pinned import make_zip
from services.sources import read_service

_ROOT = Path(__file__).resolve().parents[1]
_RUNS = 9
_RUNTIME = ("boto3", "botocore", "s3transfer", "jmespath", "dateutil", "six", "urllib3")
"""What Lambda's Python brings, which is compiled there too."""

_IMPORT = """
import sys, time
sys.path[:0] = sys.argv[1:]
started = time.perf_counter()
import rag.app
print((time.perf_counter() - started) * 1000)
"""


def measure() -> Measurement:
    """Build the zip, and import the handler from the same files made for this machine.

    Raises:
        SystemExit: this machine has no Python of Lambda's version.
    """
    python = interpreter.find()
    if python is None:
        raise SystemExit(f"the benchmark 'package' needs Python {PYTHON_VERSION} on PATH")
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        built, megabytes = _build(folder / "build")
        found = min(_build(folder / "build")[0] for _ in range(_RUNS))
        compiled, plain, runtime = _unpack(folder), folder / "plain", folder / "runtime"
        shutil.copytree(compiled, plain, ignore=shutil.ignore_patterns("__pycache__"))
        _copy_runtime(python, runtime)
        warm: list[float] = []
        without: list[float] = []
        from_disk: list[float] = []
        for _ in range(_RUNS):  # in turn, so that a busy moment is not one variant's alone
            warm.append(_milliseconds(python, compiled, runtime))
            without.append(_milliseconds(python, plain, runtime))
            from_disk.extend(_from_disk(python, compiled, runtime))
    ours = statistics.median(warm)
    variants = {"with bytecode": warm, "without": without, "with bytecode, from disk": from_disk}
    times = {name: statistics.median(runs) for name, runs in variants.items() if runs}
    return Measurement(
        name="cold import of rag.app",
        rows=[(name, f"{time:.0f} ms", time / ours) for name, time in times.items()],
        notes=[
            f"median of {_RUNS} new processes of Python {PYTHON_VERSION}, with Lambda's variables",
            "they write no bytecode; the files are in memory, except where it says from disk",
        ],
        promises=[
            Promise("zip, MB", megabytes, at_most=10),
            Promise("cold import of rag.app, ms", ours, at_most=300),
            Promise("zip found again / built", found / built, at_most=0.1),
        ],
    )


def _build(output: Path) -> tuple[float, float]:
    """Seconds it took, and megabytes it gave."""
    started = time.perf_counter()
    size = build("rag", root=_ROOT, output=output).size
    return time.perf_counter() - started, size / 1e6


def _unpack(folder: Path) -> Path:
    """Unpack the zip as it would be for this machine: Lambda's libraries don't run here."""
    service = _ROOT / "services" / "rag"
    lock = (service / "requirements.txt").read_bytes()
    make_zip(folder / "zip", {**install(lock, platform=None), **read_service(service)})
    with zipfile.ZipFile(folder / "zip") as archive:
        archive.extractall(folder / "compiled")
    return folder / "compiled"


def _copy_runtime(python: Path, target: Path) -> None:
    target.mkdir()
    for name in _RUNTIME:
        spec = find_spec(name)
        if spec is None or spec.origin is None:
            raise SystemExit(f"{name} is not installed: run 'make setup'")
        origin = Path(spec.origin)
        if origin.name == "__init__.py":
            ignored = shutil.ignore_patterns("__pycache__")
            shutil.copytree(origin.parent, target / name, ignore=ignored)
        else:
            shutil.copy(origin, target)
    subprocess.run([python, "-m", "compileall", "-q", target], check=True)


def _milliseconds(python: Path, *folders: Path) -> float:
    lambdas = {
        "AWS_REGION": "ap-southeast-1",
        "AWS_LAMBDA_FUNCTION_NAME": "rag",
        "LAMBDA_TASK_ROOT": str(folders[0]),
    }
    # -I: no variable and no package of this user changes what is imported. -B: write no bytecode.
    command: list[str | Path] = [python, "-I", "-B", "-c", _IMPORT, *folders]
    done = subprocess.run(
        command, env={**os.environ, **lambdas}, capture_output=True, text=True, check=True
    )
    return float(done.stdout)


def _from_disk(python: Path, *folders: Path) -> Iterator[float]:
    """Measure once without the files in memory, where the system lets them be dropped."""
    if not hasattr(os, "posix_fadvise"):
        return
    os.sync()
    for folder in folders:
        for path in folder.rglob("*.*"):
            if path.is_file():
                descriptor = os.open(path, os.O_RDONLY)
                os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
                os.close(descriptor)
    yield _milliseconds(python, *folders)

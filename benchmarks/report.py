"""``python -m pipeline report``: time and memory by the number of resources in a plan.

Each figure is of a process of its own. Sizes run in turns, so that a noisy machine disturbs them
alike, and the best round counts. The yardstick is what Python's ``json`` takes to read the same
file and to write it again. The terminal's view is left out, as in a job that only writes files.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks import report_plan
from benchmarks.report_stages import STAGES, WHOLE
from benchmarks.synth import synthesise
from benchmarks.table import Measurement, Promise

ROOT = Path(__file__).resolve().parent.parent
SIZES = (100, 1_000, 10_000, 20_000)
_ROUNDS = 3
_SMALLER, _LARGE, _LARGEST = SIZES[-3:]

_LIMITS = "dev:\n  monthly: { fail: 1000000000 }\n"
_YARDSTICK, _COMMAND, _MEMORY = "json", "command", "memory"

Figures = dict[int, dict[str, float]]
"""Size to what was measured, to seconds; memory in bytes."""


def measure() -> Measurement:
    """Run all sizes, and report what a resource costs in the largest plan and in a smaller one."""
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        _prepare(work)
        found: Figures = {size: {} for size in SIZES}
        for _ in range(_ROUNDS):
            for size, figures in found.items():
                for name, seconds in _round(work, size).items():
                    figures[name] = min(seconds, figures.get(name, seconds))
        for size, figures in found.items():
            figures[_MEMORY] = _inside("memory", work, size)[_MEMORY]
        megabytes = _plan(work, _LARGEST).stat().st_size / 1e6
    return _report(found, megabytes)


def _prepare(work: Path) -> None:
    """Write the plans, and settings under which no report is refused."""
    synthesise(work)
    stack = work / "stacks" / "dev" / "cdk.tf.json"
    for size in SIZES:
        report_plan.write(stack, _plan(work, size), resources=size)
    (work / "budgets.yml").write_text(_LIMITS)
    (work / "usage.yml").write_text("version: 0.1\n")


def _plan(work: Path, size: int) -> Path:
    return work / f"{size}.json"


def _arguments(work: Path, size: int) -> list[str]:
    return [
        "report",
        *("--plan", f"dev={_plan(work, size)}"),
        *("--markdown", str(work / "report.md")),
        *("--json", str(work / "report.json")),
        *("--widget", str(work / "widget.json")),
        *("--budgets", str(work / "budgets.yml")),
        *("--usage", f"dev={work / 'usage.yml'}"),
        "--quiet",
    ]


def _round(work: Path, size: int) -> dict[str, float]:
    """Seconds of the command as a user starts it, of its stages, and of the yardstick."""
    started = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "pipeline", *_arguments(work, size)], cwd=ROOT, check=True
    )
    command = time.perf_counter() - started
    return {
        _COMMAND: command,
        **_inside("time", work, size),
        _YARDSTICK: _yardstick(_plan(work, size)),
    }


def _inside(what: str, work: Path, size: int) -> dict[str, float]:
    """What ``benchmarks.report_stages`` finds in a process of its own."""
    result = work / "result.json"
    subprocess.run(
        [
            *(sys.executable, "-m", "benchmarks.report_stages", what, str(result)),
            *_arguments(work, size),
        ],
        cwd=ROOT,
        check=True,
    )
    figures: dict[str, float] = json.loads(result.read_text())
    return figures


def _yardstick(plan: Path) -> float:
    program = (
        "import json, sys, time; s = time.perf_counter(); "
        "json.dumps(json.loads(open(sys.argv[1]).read())); print(time.perf_counter() - s)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(plan)], check=True, capture_output=True, text=True
    )
    return float(done.stdout)


def _report(found: Figures, megabytes: float) -> Measurement:
    largest = found[_LARGEST]
    work = {size: figures[WHOLE] for size, figures in found.items()}
    return Measurement(
        name="report of a plan",
        rows=[
            *(
                (f"{size:,} resources", f"{seconds:.3f} s", seconds / largest[WHOLE])
                for size, seconds in work.items()
            ),
            (
                f"json.loads + json.dumps of {_LARGEST:,}",
                f"{largest[_YARDSTICK]:.3f} s",
                largest[_YARDSTICK] / largest[WHOLE],
            ),
        ],
        notes=[
            *(_line(size, figures) for size, figures in found.items()),
            f"best of {_ROUNDS} rounds; {_LARGEST:,} resources are {megabytes:.0f} MB of JSON",
            "the command adds the start of Python and its imports to its stages",
        ],
        promises=[
            Promise(f"seconds of the command, {_LARGE:,}", found[_LARGE][_COMMAND], at_most=2),
            Promise(f"seconds of the command, {_LARGEST:,}", largest[_COMMAND], at_most=4),
            Promise(f"MB at the peak, {_LARGEST:,}", largest[_MEMORY] / 1e6, at_most=400),
            Promise(f"time a resource, {_LARGEST:,} / {_SMALLER:,}", _growth(found), at_most=1.5),
            Promise("report / json", largest[WHOLE] / largest[_YARDSTICK], at_most=4),
        ],
    )


def _line(size: int, figures: dict[str, float]) -> str:
    stages = ", ".join(f"{name} {figures[name]:.3f}" for name in STAGES)
    memory = figures[_MEMORY] / 1e6
    return f"{size:>6,}: command {figures[_COMMAND]:.2f} s; {stages}; memory {memory:.0f} MB"


def _growth(found: Figures) -> float:
    smaller, largest = found[_SMALLER][WHOLE] / _SMALLER, found[_LARGEST][WHOLE] / _LARGEST
    return largest / smaller

"""The dashboard against Grafana's own types: what it would not understand does not compile."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.support.grafana import files
from tests.support.stacks import rag_stack

ROOT = Path(__file__).resolve().parents[2]

CHECK = """
import type { Dashboard, GraphFieldConfig, Panel } from '@grafana/schema';
import type { CloudWatchMetricsQuery } from
  '@grafana/schema/dist/esm/raw/composable/cloudwatch/dataquery/x/CloudWatchDataQuery_types.gen.js';

// Values of enums, as JSON has them. Unknown keys are refused wherever a literal stands.
type Json<T> = T extends string ? `${T}` : T extends number | boolean ? T
  : T extends object ? { [K in keyof T]: Json<T[K]> } : T;
"""
"""What the SDK's types are generated from, in the words of Grafana's own package."""

OPTIONS = (
    *("--noEmit", "--strict", "--skipLibCheck", "--target", "es2022"),
    *("--module", "esnext", "--moduleResolution", "bundler"),
)

Change = Callable[[dict[str, Any]], None]


def problems(dashboard: dict[str, Any], folder: Path) -> str:
    """What TypeScript says to the dashboard; empty if it compiles."""
    lines = [CHECK, _constant("dashboard", "Dashboard", dashboard)]
    for panel in dashboard["panels"]:
        number = panel["id"]
        custom = panel["fieldConfig"]["defaults"].get("custom", {})
        lines += [
            _constant(f"panel{number}", "Panel", panel),
            _constant(f"custom{number}", "GraphFieldConfig", custom),
            _constant(f"queries{number}", "CloudWatchMetricsQuery[]", panel["targets"]),
        ]
    (folder / "node_modules").symlink_to(ROOT / "node_modules")
    (folder / "check.ts").write_text("\n".join(lines))
    compiler = ROOT / "node_modules/typescript/bin/tsc"
    done = subprocess.run(
        [Path(sys.executable).with_name("node"), compiler, *OPTIONS, "check.ts"],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert (done.returncode == 0) is (done.stdout == "")
    return done.stdout


def _constant(name: str, kind: str, value: object) -> str:
    return f"export const {name}: Json<{kind}> = {json.dumps(value, indent=1)};"


@pytest.fixture
def dashboard() -> dict[str, Any]:
    stack = rag_stack("prod", rag__grafana={})
    made: dict[str, Any] = json.loads(files(stack)["/etc/grafana/dashboards/overview.json"])
    return made


def test_grafana_understands_the_dashboard(dashboard: dict[str, Any], tmp_path: Path) -> None:
    assert problems(dashboard, tmp_path) == ""


def _misspelt_query(dashboard: dict[str, Any]) -> None:
    dashboard["panels"][0]["targets"][0]["metricname"] = "Latency"


def _unknown_style(dashboard: dict[str, Any]) -> None:
    dashboard["panels"][1]["fieldConfig"]["defaults"]["custom"]["thresholdsStyle"]["mode"] = "bold"


def _text_for_a_number(dashboard: dict[str, Any]) -> None:
    dashboard["panels"][0]["gridPos"]["w"] = "12"


def _unknown_key(dashboard: dict[str, Any]) -> None:
    dashboard["titel"] = "MapVibe"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (_misspelt_query, '"metricname"\' does not exist'),
        (_unknown_style, "'\"bold\"' is not assignable"),
        (_text_for_a_number, "'string' is not assignable to type 'number'"),
        (_unknown_key, '"titel"\' does not exist'),
    ],
)
def test_what_grafana_would_not_understand_is_told(
    dashboard: dict[str, Any], tmp_path: Path, change: Change, said: str
) -> None:
    change(dashboard)
    assert said in problems(dashboard, tmp_path)

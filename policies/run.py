"""Runs Checkov on a stack's JSON and honours the skips that the stack itself carries."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

METADATA_KEY = "checkov_skip"
"""Where ``modules.checkov.skip`` writes; this room reads JSON and imports no module."""


class PolicyError(Exception):
    """Checkov could not be run on a stack; its text is one line."""


@dataclass(frozen=True, kw_only=True, slots=True, order=True)
class Finding:
    """One check on one resource.

    Attributes:
        stack: id of the stack.
        resource: the resource's name in the stack's JSON, without its type.
        check: Checkov's id.
        text: the check's title for a failure, the reason for a skip.
    """

    stack: str
    resource: str
    check: str
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    """What Checkov says of one stack.

    Attributes:
        stack: id of the stack.
        passed: number of checks that passed.
        failed: checks that failed and are not skipped.
        skipped: checks that failed and are skipped with a reason.
        stale: skips of checks that no longer fail: to be removed.
    """

    stack: str
    passed: int
    failed: tuple[Finding, ...]
    skipped: tuple[Finding, ...]
    stale: tuple[Finding, ...]

    @property
    def ok(self) -> bool:
        """Whether nothing fails and no skip is left over."""
        return not self.failed and not self.stale


def check_stacks(out: Path, stacks: Sequence[str] = ()) -> list[Verdict]:
    """Run Checkov on synthesised stacks.

    Args:
        out: CDKTF's output folder.
        stacks: ids of the stacks; all of them by default.

    Raises:
        PolicyError: there is no such stack, or Checkov could not read it.
    """
    found = sorted(path.parent.name for path in out.glob("stacks/*/cdk.tf.json"))
    if not found:
        raise PolicyError(f"{out}: no synthesised stacks; run 'cdktf synth' first")
    unknown = sorted(set(stacks) - set(found))
    if unknown:
        raise PolicyError(f"{unknown[0]}: no such stack in {out}; there are {', '.join(found)}")
    return [check_stack(out / "stacks" / stack / "cdk.tf.json") for stack in stacks or found]


def check_stack(path: Path) -> Verdict:
    """Run Checkov on one stack's JSON.

    Args:
        path: ``…/stacks/<id>/cdk.tf.json``.

    Raises:
        PolicyError: Checkov failed, or could not parse the file.
    """
    stack = path.parent.name
    report = _checkov(path)
    failing = {
        (_name(record["resource"]), record["check_id"]): record["check_name"]
        for record in report["results"]["failed_checks"]
    }
    skips = _skips(json.loads(path.read_text()))

    def findings(texts: Mapping[tuple[str, str], str]) -> tuple[Finding, ...]:
        return tuple(
            sorted(
                Finding(stack=stack, resource=resource, check=check, text=text)
                for (resource, check), text in texts.items()
            )
        )

    return Verdict(
        stack=stack,
        passed=report["summary"]["passed"],
        failed=findings({key: text for key, text in failing.items() if key not in skips}),
        skipped=findings({key: text for key, text in skips.items() if key in failing}),
        stale=findings({key: text for key, text in skips.items() if key not in failing}),
    )


def _skips(stack: Mapping[str, Any]) -> dict[tuple[str, str], str]:
    """Resource name and check to reason, from the resources' own metadata."""
    return {
        (name, check): reason
        for resources in stack.get("resource", {}).values()
        for name, body in resources.items()
        for check, reason in body.get("//", {}).get(METADATA_KEY, {}).items()
    }


def _name(resource: str) -> str:
    """Checkov writes ``resource.<name>`` or ``<type>.<name>``; names are unique in a stack."""
    return resource.rsplit(".", 1)[-1]


def _checkov(path: Path) -> dict[str, Any]:
    command = [
        sys.executable,
        "-m",
        "checkov.main",
        "--framework",
        "terraform_json",
        "--output",
        "json",
        "--quiet",
        "--compact",
        "--soft-fail",
        "--file",
        str(path),
    ]
    # Checkov would ask its maker's service for severities and a newer version.
    environment = {**os.environ, "BC_SKIP_MAPPING": "TRUE", "LOG_LEVEL": "ERROR"}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    try:
        report = json.loads(done.stdout)
    except ValueError:
        last = (done.stderr or done.stdout).strip().splitlines()[-1:] or ["no output"]
        raise PolicyError(f"{path}: Checkov failed: {last[0]}") from None
    # With nothing to check, Checkov prints a summary without results.
    if "results" not in report or report["summary"]["parsing_errors"]:
        raise PolicyError(f"{path}: Checkov could not parse it; run 'cdktf synth' again")
    return dict(report)

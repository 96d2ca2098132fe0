"""``python -m policies [STACK …]``: check the synthesised stacks, or the plan of one of them."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from policies.errors import PolicyError
from policies.findings import Finding, Verdict
from policies.machine import as_json, code_quality
from policies.run import SYNTHESISED, check_plan, check_stacks


def main(arguments: list[str] | None = None) -> int:
    """Print the verdicts; exit status 0 when all hold, 1 when one does not, 2 when none was had."""
    parser = argparse.ArgumentParser(prog="python -m policies", description=__doc__)
    parser.add_argument("stacks", nargs="*", metavar="STACK", help="all of them by default")
    parser.add_argument("--out", type=Path, default=Path("cdktf.out"), help="CDKTF's output folder")
    parser.add_argument(
        "--plan",
        type=Path,
        metavar="FILE",
        help="run our own checks on what 'terraform show -json' wrote of the one STACK",
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="failures and skips as JSON")
    parser.add_argument(
        "--code-quality", type=Path, metavar="FILE", help="failures as GitLab's Code Quality report"
    )
    options = parser.parse_args(arguments)
    if options.plan and len(options.stacks) != 1:
        parser.error("--plan is the plan of one stack: name it")
    try:
        verdicts = _verdicts(options)
    except PolicyError as error:
        print(error, file=sys.stderr)
        return 2
    planned = options.plan is not None
    for verdict in verdicts:
        _print(verdict, planned=planned)
    forms = (
        (options.json, partial(as_json, planned=planned)),
        (options.code_quality, code_quality),
    )
    for path, render in forms:
        if path:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(render(verdicts))
    return 0 if all(verdict.ok for verdict in verdicts) else 1


def _verdicts(options: argparse.Namespace) -> list[Verdict]:
    if options.plan is None:
        return check_stacks(options.out, options.stacks)
    return [check_plan(options.out / "stacks" / options.stacks[0] / SYNTHESISED, options.plan)]


def _print(verdict: Verdict, *, planned: bool) -> None:
    print(
        f"{verdict.stack}: {verdict.passed} passed, {len(verdict.failed)} failed, "
        f"{len(verdict.skipped)} skipped with a reason"
    )
    for finding in verdict.failed:
        print(f"  FAILED  {finding.severity} {_what(finding)}")
    for remedy in _remedies(verdict.failed):
        print(f"          {remedy}")
    for finding in verdict.stale:
        print(f"  STALE   {finding.check} {finding.resource}: passes now, remove the skip")
    for finding in verdict.undecided:
        print(f"  {'UNKNOWN before the apply' if planned else 'the plan decides'} {_what(finding)}")
    for finding in verdict.skipped:
        print(f"  skipped {_what(finding)}")


def _what(finding: Finding) -> str:
    return f"{finding.check} {finding.resource}: {finding.text}"


def _remedies(findings: Sequence[Finding]) -> list[str]:
    """How to mend what fails, once for each check."""
    found = {each.check: each.remedy for each in findings if each.remedy}
    return [f"{check}: {remedy}" for check, remedy in found.items()]


if __name__ == "__main__":
    sys.exit(main())

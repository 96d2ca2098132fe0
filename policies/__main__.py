"""``python -m policies [STACK …]``: run Checkov on the synthesised stacks."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from policies.machine import as_json, code_quality
from policies.run import PolicyError, Verdict, check_stacks


def main(arguments: list[str] | None = None) -> int:
    """Print the verdicts; exit status 0 when all hold, 1 when one does not, 2 when none was had."""
    parser = argparse.ArgumentParser(prog="python -m policies", description=__doc__)
    parser.add_argument("stacks", nargs="*", metavar="STACK", help="all of them by default")
    parser.add_argument("--out", type=Path, default=Path("cdktf.out"), help="CDKTF's output folder")
    parser.add_argument("--json", type=Path, metavar="FILE", help="failures and skips as JSON")
    parser.add_argument(
        "--code-quality", type=Path, metavar="FILE", help="failures as GitLab's Code Quality report"
    )
    options = parser.parse_args(arguments)
    try:
        verdicts = check_stacks(options.out, options.stacks)
    except PolicyError as error:
        print(error, file=sys.stderr)
        return 2
    for verdict in verdicts:
        _print(verdict)
    for path, render in ((options.json, as_json), (options.code_quality, code_quality)):
        if path:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(render(verdicts))
    return 0 if all(verdict.ok for verdict in verdicts) else 1


def _print(verdict: Verdict) -> None:
    print(
        f"{verdict.stack}: {verdict.passed} passed, {len(verdict.failed)} failed, "
        f"{len(verdict.skipped)} skipped with a reason"
    )
    for finding in verdict.failed:
        print(f"  FAILED  {finding.check} {finding.resource}: {finding.text}")
    for finding in verdict.stale:
        print(f"  STALE   {finding.check} {finding.resource}: passes now, remove the skip")
    for finding in verdict.skipped:
        print(f"  skipped {finding.check} {finding.resource}: {finding.text}")


if __name__ == "__main__":
    sys.exit(main())

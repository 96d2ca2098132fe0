"""``python -m toolchain.cdktn``: rehearse the move to cdktn; exit status 0 when both are equal."""

from __future__ import annotations

import sys

from toolchain.cdktn.rehearse import rehearse
from toolchain.cdktn.report import markdown
from toolchain.errors import ToolchainError
from toolchain.layout import Layout


def main(layout: Layout | None = None) -> int:
    """Run it; a failure is one clear line."""
    layout = layout or Layout()
    try:
        rehearsal = rehearse(layout)
        path = layout.root / "reports" / "cdktn.md"
        path.parent.mkdir(exist_ok=True)
        path.write_text(markdown(rehearsal), encoding="utf-8")
    except (ToolchainError, OSError) as error:
        print(f"rehearse-cdktn: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("rehearse-cdktn: interrupted; run it again to go on", file=sys.stderr)
        return 130
    for finding in rehearsal.findings:
        print(finding)
    print(rehearsal.result)
    print(f"The whole report: {path}")
    return 1 if rehearsal.findings else 0


if __name__ == "__main__":
    sys.exit(main())

"""Renews ``pipeline/plan/token_prefixes.json``: how vendors' tokens begin.

The rules are those of Betterleaks, as MongoDB's Kingfisher packs them. Its engine takes 2.5 s to
start, a whole report's time, and checks the exact length of a token, where a mask should rather
cover what is a little longer. So only the beginnings are taken, once, and kept in the repository:

``uv run --no-project --with kingfisher-secret-scanner toolchain/token_prefixes.py``
"""

from __future__ import annotations

import importlib
import importlib.metadata
import json
import re
from pathlib import Path
from typing import Any

_PACKAGE = "kingfisher-secret-scanner"
_FILE = Path(__file__).parents[1] / "pipeline" / "plan" / "token_prefixes.json"
_LEADING = re.compile(r"(?:\(\?[ims]+\)|\\b|\(\?P<\w+>|\(\?:|\()*")
_LITERAL = re.compile(r"(?:[A-Za-z0-9_~:=-]|\\[.$+-])+(?![*?+{|])")
_TELLING = re.compile(r"_?[A-Za-z]{2}(?:.*[_.~=-]|(?=.*[A-Z0-9]).{5,})")
"""Ends with a separator, or is no mere word."""

_BODY = re.compile(r"(?<=.{4}[_-])[A-Za-z0-9.]{4,}")
"""Of the token itself, always the same: base64 of a name."""

_ASSIGNMENT = "|:{1,3}="
"""In the rules for values without a form beside the vendor's name, which our names see to."""


def prefix(pattern: str) -> str | None:
    """How everything begins that a pattern matches; ``None`` where that tells too little.

    Args:
        pattern: a regular expression.
    """
    leading = _LEADING.match(pattern)
    literal = _LITERAL.match(pattern, leading.end() if leading else 0)
    # Where alternatives come before anything else there is no one beginning.
    head = re.split(r"[\[\\]", re.sub(r"\\[b.+$-]", "", pattern), maxsplit=1)[0]
    if not literal or "|" in head or _ASSIGNMENT in pattern or "://" in pattern:
        return None
    text = re.sub(r"\\(.)", r"\1", literal[0])
    if text[-1] not in "-_.~=" and (body := _BODY.search(text)) and body.end() == len(text):
        text = text[: body.start()]
    return text if _TELLING.fullmatch(text) else None


def main() -> None:
    """Write the file."""
    rules: Any = importlib.import_module("kingfisher_sdk").Rules(confidence="low", cache=False)
    found = {
        start
        for each in rules.metadata()
        if (detail := rules.detail(each["id"]))["visible"]
        and (start := prefix(detail["detection_regex"]))
    }
    document = {
        "source": "https://github.com/betterleaks/betterleaks, MIT licence, "
        "Copyright (c) 2026 Zachary Rice; by way of https://github.com/mongodb/kingfisher",
        "package": f"{_PACKAGE} {importlib.metadata.version(_PACKAGE)}",
        "prefixes": sorted(found),
    }
    _FILE.write_text(json.dumps(document, indent=2) + "\n")


if __name__ == "__main__":
    main()

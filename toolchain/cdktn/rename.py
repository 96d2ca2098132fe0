"""The renaming that the move consists of.

Only what names the packages changes: imports, their use (``cdktf.Testing``), and the provider's
packages in Python and in JavaScript. The command line ``cdktf``, ``cdktf.json``, ``cdktf.out`` and
the tag ``ManagedBy`` keep their names, also with the successor.
"""

from __future__ import annotations

import re
from pathlib import Path

_RENAMES = [
    (re.compile(pattern, re.MULTILINE), replacement)
    for pattern, replacement in (
        (r"\bcdktf_cdktf_provider_", "cdktn_provider_"),
        (r"\bfrom cdktf\b(?=[\w.]* import\b)", "from cdktn"),
        # At the end of a statement, so that "import cdktf deploy …" in a sentence is none.
        (r"\bimport cdktf(?=\s*(?:$|[;#\"'\\]| as ))", "import cdktn"),
        # Classes only: cdktf.out and cdktf.json are files.
        (r"\bcdktf\.(?=[A-Z])", "cdktn."),
        (r"@cdktf/provider-", "@cdktn/provider-"),
    )
]

_SUFFIXES = {".py", ".js", ".cjs"}


def rename(text: str) -> str:
    """Return a source text with the packages' names replaced."""
    for pattern, replacement in _RENAMES:
        text = pattern.sub(replacement, text)
    return text


def rename_files(folder: Path, names: list[Path]) -> list[tuple[Path, int]]:
    """Rename in a folder's source files.

    Args:
        folder: a copy of the repository.
        names: its files, relative to it.

    Returns:
        Each changed file with its number of changed lines.
    """
    changed = []
    for name in names:
        path = folder / name
        # The rehearsal itself ends with the move.
        if path.suffix not in _SUFFIXES or "cdktn" in str(name):
            continue
        before = path.read_bytes().decode()
        after = rename(before)
        if after != before:
            path.write_bytes(after.encode())
            pairs = zip(before.splitlines(), after.splitlines(), strict=True)
            changed.append((name, sum(old != new for old, new in pairs)))
    return changed

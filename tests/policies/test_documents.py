"""The page on policies lists the checks that there are."""

from __future__ import annotations

import re
from pathlib import Path

from policies.check import read_metadata
from policies.checks import FOLDER, slugs

PAGE = Path(__file__).resolve().parents[2] / "docs" / "policies.md"
_ROW = re.compile(
    r"^\| \[`(MV_AWS_\d+)`\]\(\.\./policies/checks/(\w+)\) \| (\w+) \| (.+?) \|", re.M
)


def test_the_table_says_what_the_metadata_say() -> None:
    found = [read_metadata(FOLDER / slug) for slug in slugs()]
    expected = {
        (each.id, slug, each.severity.value, each.title)
        for slug, each in zip(slugs(), found, strict=True)
    }
    rows = _ROW.findall(PAGE.read_text())
    assert set(rows) == expected
    assert len(rows) == len(expected)

"""Each command in a runbook is typed by a test, or there is a reason why nothing here can run it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.support.runbooks import PAGES, commands

TESTS = Path(__file__).parent
FOLLOWERS = [
    text
    for path in TESTS.rglob("test_*.py")
    if "import Page" in (text := path.read_text(encoding="utf-8"))
]
"""Tests that open pages, each of which types all of a page's commands."""

REASONS = {
    "destroy": "tests/deploy/test_prod.py walks its steps on an emulator of its own",
    "postgresql-upgrade": "upgrades of a major version are not emulated",
}
"""Page to the reason why its commands are typed by no test that opens it."""


def followed(page: str) -> bool:
    opens = re.compile(rf'page(\.open)?\((\w+, )?"{page}"', re.IGNORECASE)
    return any(map(opens.search, FOLLOWERS))


@pytest.mark.parametrize("page", PAGES)
def test_a_page_with_commands_is_followed_or_says_why_not(page: str) -> None:
    assert followed(page) + (page in REASONS) == bool(commands(page))


def test_no_page_is_named_that_is_gone() -> None:
    assert set(REASONS) <= set(PAGES)


def test_six_pages_are_followed() -> None:
    assert sum(map(followed, PAGES)) >= 6

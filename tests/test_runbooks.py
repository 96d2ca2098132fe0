"""Each command in a runbook is typed by a test, or there is a reason why nothing here can run it."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from tests.support.aws_cli import read
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
    "new-account": "an organization makes the account; what follows is what tests/deploy types",
    "postgresql-upgrade": "upgrades of a major version are not emulated",
    "security-alarms": "they ask who did what in an account, which no emulator records",
}
"""Page to the reason why its commands are typed by no test that opens it."""


def followed(page: str) -> bool:
    opens = re.compile(rf'page(\.open)?\((\w+, )?"{page}"', re.IGNORECASE)
    return any(map(opens.search, FOLLOWERS))


@pytest.mark.parametrize("page", PAGES)
def test_a_page_with_commands_is_followed_or_says_why_not(page: str) -> None:
    assert followed(page) + (page in REASONS) == bool(commands(page))


WRITTEN_BY_HAND = {("cloudtrail", "validate-logs")}
"""What AWS's command line has beside the operations of AWS's models."""


@pytest.mark.parametrize("page", REASONS)
def test_a_command_that_nobody_types_is_one_that_aws_knows(page: str) -> None:
    for line in commands(page):
        for found in re.finditer(r"\baws ([a-z0-9-]+ .*?)(?:\)$|$)", line):
            words = shlex.split(found[1])
            if tuple(words[:2]) not in WRITTEN_BY_HAND:
                assert read(words), line


def test_no_page_is_named_that_is_gone() -> None:
    assert set(REASONS) <= set(PAGES)


def test_six_pages_are_followed() -> None:
    assert sum(map(followed, PAGES)) >= 6

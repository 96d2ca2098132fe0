"""Each command in a runbook is typed by a test, or there is a reason why nothing here can run it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.runbooks import PAGES, commands

TESTS = Path(__file__).parent

FOLLOWED = {
    "deploy": "deploy/test_dev_by_runbook.py",
    "drift": "deploy/test_dev_by_runbook.py",
    "key-rotation": "deploy/test_dev_by_runbook.py",
    "lock": "deploy/test_dev_by_runbook.py",
    "model-outage": "deploy/test_dev_by_runbook.py",
    "region-loss": "deploy/test_dev_by_runbook.py",
    "rollback": "deploy/test_dev_changes.py",
    "state": "deploy/test_state.py",
}
"""Page to the test that opens it and types all of its commands."""

REASONS = {
    "database-events": "moto knows no events of RDS",
    "destroy": "tests/deploy/test_prod.py walks its steps on an emulator of its own",
    "leaked-credential": "it moves the alias of a function that the tests after it call, and moto "
    "has no events of CloudTrail",
    "postgresql-upgrade": "RDS's upgrades of a major version are not emulated",
}
"""Page to the reason why its commands are typed by no test."""


@pytest.mark.parametrize("page", PAGES)
def test_a_page_with_commands_is_followed_or_says_why_not(page: str) -> None:
    assert (page in FOLLOWED) + (page in REASONS) == bool(commands(page))
    if page in FOLLOWED:
        assert f'"{page}"' in (TESTS / FOLLOWED[page]).read_text(encoding="utf-8")


def test_no_page_is_named_that_is_gone() -> None:
    assert {*FOLLOWED, *REASONS} <= set(PAGES)


def test_six_pages_are_followed() -> None:
    assert len(FOLLOWED) >= 6

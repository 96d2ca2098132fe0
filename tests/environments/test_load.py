"""Loading: both environments, one at a time, and with the guards taken down."""

from __future__ import annotations

import pytest

from environments.compare import as_markdown, differences
from environments.dev import DEV
from environments.errors import ConfigurationError
from environments.load import (
    ALLOW_DESTROY,
    _refuse_overlaps,
    _refuse_second_provider,
    load_environment,
    load_environments,
)
from environments.prod import PROD
from tests.support.stacks import settings


def test_both_are_loaded_dev_first() -> None:
    assert load_environments({}) == (DEV, PROD)


def test_the_guards_of_one_environment_can_be_taken_down() -> None:
    dev, prod = load_environments({ALLOW_DESTROY: "prod"})
    assert dev == DEV
    assert prod.database.deletion_protection is False
    assert prod.database.final_snapshot is True
    assert PROD.database.deletion_protection is True


def test_unlocking_changes_the_guard_and_nothing_else() -> None:
    assert [row[0] for row in differences(PROD, PROD.unlocked())] == [
        "database.deletion_protection"
    ]


@pytest.mark.parametrize("name", ["", "staging", "DEV"])
def test_an_unknown_environment_is_one_line(name: str) -> None:
    with pytest.raises(
        ConfigurationError, match="there is none of that name; use one of dev, prod"
    ):
        load_environment(name)


def test_networks_that_overlap_are_refused() -> None:
    twin = settings("prod", network__cidr="10.20.128.0/17")
    with pytest.raises(ConfigurationError, match=r"prod.py: network.cidr=10.20.128.0/17: overlaps"):
        _refuse_overlaps((DEV, twin))


def test_one_account_gets_one_identity_provider() -> None:
    twin = settings("prod", account_id=DEV.account_id)
    with pytest.raises(
        ConfigurationError, match=r"prod.py: delivery.identity_provider=create: .* from dev; set it"
    ):
        _refuse_second_provider((DEV, twin))
    existing = settings("prod", account_id=DEV.account_id, delivery__identity_provider="existing")
    elsewhere = settings(
        "prod", account_id=DEV.account_id, delivery__gitlab_url="https://gitlab.example.com"
    )
    for fine in (existing, elsewhere, settings("prod", delivery=None), PROD):
        _refuse_second_provider((DEV, fine))


def test_differences_fit_on_one_screen_and_are_readable() -> None:
    rows = differences(DEV, PROD)
    assert 10 < len(rows) < 40
    assert ("database.multi_az", "no", "yes") in rows
    assert ("network.nat", "none", "per_zone") in rows
    assert not [row for row in rows if row[1] == row[2]]
    assert "| `network.nat` | none | per_zone |" in as_markdown(rows, ("dev", "prod"))


def test_a_part_that_only_one_has_is_one_row() -> None:
    rows = differences(DEV, settings("dev", database__proxy=None))
    assert [row[0] for row in rows] == ["database.proxy"]
    assert rows[0][2] == "none"

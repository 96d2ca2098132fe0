"""Loading: all environments, one at a time, and with the guards taken down."""

from __future__ import annotations

import pytest

from environments.compare import as_markdown, differences
from environments.dev import DEV
from environments.load import ALLOW_DESTROY, load_environment, load_environments
from environments.prod import PROD
from environments.rules import broken_between
from stacks.errors import ConfigurationError
from tests.support.mistakes import assert_told
from tests.support.stacks import settings


def test_all_are_loaded_dev_first() -> None:
    assert load_environments({}) == (DEV, PROD)


def test_the_guards_of_one_environment_can_be_taken_down() -> None:
    dev, prod = load_environments({ALLOW_DESTROY: "prod"})
    assert dev == DEV
    assert prod.rag is not None
    assert prod.rag.database.deletion_protection is False
    assert prod.rag.database.final_snapshot is True
    assert PROD.rag is not None
    assert PROD.rag.database.deletion_protection is True


def test_unlocking_changes_the_guards_and_nothing_else() -> None:
    rows = differences([PROD, PROD.unlocked()])
    assert rows == [
        ("rag.network.flow_logs.archive.force_destroy", "no", "yes"),
        ("rag.database.deletion_protection", "yes", "no"),
        ("rag.invocation_logging.force_destroy", "no", "yes"),
        ("account.protected", "yes", "no"),
    ]


@pytest.mark.parametrize("name", ["", "staging", "DEV"])
def test_an_unknown_environment_is_one_line(name: str) -> None:
    with pytest.raises(
        ConfigurationError, match="there is none of that name; use one of dev, prod"
    ):
        load_environment(name)


def test_a_key_of_a_guarded_environment_can_be_brought_back() -> None:
    assert_told("prod", {"key_deletion_window_days": 29}, "key_deletion_window_days=29:", "to 30")


def test_a_region_that_is_not_allowed() -> None:
    beginning = "region=us-east-1: not an allowed region"
    assert_told("dev", {"region": "us-east-1"}, beginning, "ap-southeast-1")


def test_networks_that_overlap_are_refused() -> None:
    twin = settings("prod", rag__network__cidr="10.20.128.0/17")
    ((environment, line),) = broken_between([DEV, twin])
    assert environment == twin
    assert line.startswith("rag.network.cidr=10.20.128.0/17: overlaps 10.20.0.0/16 of dev;")


def test_one_account_gets_one_identity_provider() -> None:
    twin = settings("prod", account_id=DEV.account_id, rag=None, governance=None, account=None)
    ((environment, line),) = broken_between([DEV, twin])
    assert environment == twin
    assert line.startswith("delivery.identity_provider=create: account 111122223333 gets its")
    assert line.endswith("from dev; set it to existing")
    existing = settings(
        "prod",
        account_id=DEV.account_id,
        rag=None,
        governance=None,
        account=None,
        delivery__identity_provider="existing",
    )
    elsewhere = settings(
        "prod",
        account_id=DEV.account_id,
        rag=None,
        governance=None,
        account=None,
        delivery__gitlab_url="https://gitlab.example.com",
    )
    for fine in (existing, elsewhere, settings("prod", delivery=None), PROD):
        assert broken_between([DEV, fine]) == []


def test_a_domain_is_one_environments() -> None:
    domain = {
        "rag__api__domain_name": "api.example.com",
        "rag__api__certificate_arn": "arn:aws:acm:ap-southeast-1:111122223333:certificate/"
        "11111111-2222-3333-4444-555555555555",
    }
    ((environment, line),) = broken_between([settings("dev", **domain), settings("prod", **domain)])
    assert environment.name == "prod"
    assert line == "rag.api.domain_name=api.example.com: dev has it already; choose another"


def test_invocations_of_an_account_and_region_are_logged_once() -> None:
    twin = settings("prod", account_id=DEV.account_id, delivery=None, governance=None, account=None)
    ((environment, line),) = broken_between([DEV, twin])
    assert environment == twin
    assert line.startswith("rag.invocation_logging.log_group_name=/aws/bedrock/modelinvocations: ")
    assert "account 111122223333 in ap-southeast-1 belong to dev" in line
    assert line.endswith("set rag.invocation_logging to None")
    without = settings(
        "prod",
        account_id=DEV.account_id,
        delivery=None,
        governance=None,
        account=None,
        rag__invocation_logging=None,
    )
    for fine in (without, twin.model_copy(update={"region": "eu-west-1"}), PROD):
        assert broken_between([DEV, fine]) == []


def test_environments_of_one_account_share_its_concurrency() -> None:
    changes = {
        "account_id": DEV.account_id,
        "delivery": None,
        "governance": None,
        "account": None,
        "rag__invocation_logging": None,
    }
    most = settings("prod", rag__function__reserved_concurrency=884, **changes)
    more = settings("prod", rag__function__reserved_concurrency=885, **changes)
    assert broken_between([DEV, most]) == []
    ((environment, line),) = broken_between([DEV, more])
    assert environment == more
    assert line.startswith("rag.function.reserved_concurrency=885: the environments before it")
    assert line.endswith("lower one of them, or use another account")


def test_an_account_has_its_guard_rails_once() -> None:
    changes: dict[str, object] = {
        "account_id": DEV.account_id,
        "delivery": None,
        "governance": None,
        "rag__invocation_logging": None,
    }
    twin = settings("prod", **changes)
    ((environment, line),) = broken_between([DEV, twin])
    assert environment == twin
    assert line == (
        "account.default_vpc=closed: the guard rails of account 111122223333 belong to dev; "
        "set account to None"
    )
    assert broken_between([DEV, settings("prod", account=None, **changes)]) == []


def test_differences_fit_on_one_screen_and_are_readable() -> None:
    rows = differences([DEV, PROD])
    assert 10 < len(rows) < 45
    assert ("rag.database.multi_az", "no", "yes") in rows
    assert ("rag.network.nat", "none", "per_zone") in rows
    assert not [row for row in rows if row[1] == row[2]]
    assert "| `rag.network.nat` | none | per_zone |" in as_markdown(rows, ("dev", "prod"))


def test_a_third_environment_is_a_third_column() -> None:
    rows = differences([DEV, DEV.model_copy(update={"name": "staging"}), PROD])
    assert ("name", "dev", "staging", "prod") in rows
    assert ("rag.network.nat", "none", "none", "per_zone") in rows
    assert as_markdown(rows, ("dev", "staging", "prod")).startswith(
        "| setting | dev | staging | prod |\n|---|---|---|---|\n"
    )


def test_a_part_that_only_one_has_is_compared_field_by_field() -> None:
    rows = differences([DEV, settings("dev", rag__database__proxy=None)])
    assert ("rag.database.proxy.borrow_timeout_seconds", "5", "—") in rows
    assert all(row[0].startswith("rag.database.proxy.") for row in rows)

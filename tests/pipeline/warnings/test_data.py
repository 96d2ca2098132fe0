"""Which types hold data, and what is told where nobody decided."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.cost.pricers.free import FREE
from pipeline.plan.model import Change
from pipeline.schema import types
from pipeline.warnings import data_at_risk, find_warnings, holds_data
from pipeline.warnings.data import TABLE, decided, is_undecided
from tests.pipeline.plans import change, plan


def texts(*changes: Change) -> list[tuple[str, str]]:
    return [(each.topic.value, each.text) for each in find_warnings(plan(*changes))]


def test_the_table_is_sorted_and_names_types_of_the_provider() -> None:
    names = [line.split(",")[0] for line in TABLE.read_text().splitlines()[1:]]
    assert names == sorted(set(names))
    assert set(names) <= types()
    assert len([name for name in names if holds_data(name)]) > 300


@pytest.mark.parametrize(
    ("resource_type", "lost"),
    [
        ("aws_db_instance", "its databases"),
        ("aws_docdb_cluster_snapshot", "its copy of a database"),
        ("aws_kms_external_key", "everything that is encrypted with it"),
        ("aws_sns_topic_subscription", "a confirmation that somebody gave"),
        ("aws_eip", ""),
        ("aws_secretsmanager_secret_version", ""),
    ],
)
def test_what_is_lost(resource_type: str, lost: str) -> None:
    assert decided()[resource_type] == lost
    [(topic, text)] = texts(change(f"{resource_type}.x", "delete", before={}))
    expected = (
        ("data-loss", f"is destroyed: {lost} will be lost")
        if lost
        else ("destroyed", "is destroyed")
    )
    assert (topic, text) == expected  # fmt: skip


@pytest.mark.parametrize("action", ["delete", "replace"])
def test_a_type_about_which_nobody_decided_is_told_as_such(action: str) -> None:
    unknown = change("aws_brand_new_thing.x", action, before={})
    [(topic, text)] = texts(unknown)
    assert topic == "destroyed"
    assert text.endswith("; nobody decided whether it holds data")
    assert data_at_risk(plan(unknown)) == ()


@pytest.mark.parametrize(
    "name", ["aws_security_group", "aws_nat_gateway", "aws_lb", "random_password", "acme_thing"]
)
def test_what_is_free_or_priced_or_not_of_aws_is_decided(name: str) -> None:
    assert not is_undecided(name)
    assert texts(change(f"{name}.x", "delete", before={})) == [("destroyed", "is destroyed")]


def test_a_free_type_that_holds_data_loses_it() -> None:
    assert "aws_iam_access_key" in FREE
    assert holds_data("aws_iam_access_key")


def test_an_old_one_that_is_left_behind_loses_nothing() -> None:
    left = replace(change("aws_s3_bucket.x", "replace", before={}, after={}), leaves_old=True)
    assert data_at_risk(plan(left)) == ()
    assert texts(left) == [
        (
            "destroyed",
            (
                "is replaced: the old one leaves Terraform's state and stays in AWS, unmanaged "
                "and billed"
            ),
        )
    ]

"""Guards that go are told; those that come are not."""

from __future__ import annotations

from typing import Any

import pytest

from pipeline.plan.model import Change
from pipeline.report.model import Topic
from pipeline.warnings import find_warnings
from tests.pipeline.plans import change, plan

DATABASE = "aws_db_instance.database_00000000"


def protection(*changes: Change) -> list[str]:
    return [w.text for w in find_warnings(plan(*changes)) if w.topic == Topic.PROTECTION]


LOST: dict[str, tuple[dict[str, Any], dict[str, Any], str]] = {
    "deletion-protection": (
        {"deletion_protection": True},
        {"deletion_protection": False},
        "deletion protection is switched off",
    ),
    "encryption": (
        {"storage_encrypted": True},
        {"storage_encrypted": False},
        "its storage is no longer encrypted",
    ),
    "standby": ({"multi_az": True}, {"multi_az": False}, "the standby in a second zone goes"),
    "final-snapshot": (
        {"skip_final_snapshot": False},
        {"skip_final_snapshot": True},
        "no snapshot is taken when it is destroyed",
    ),
    "backups": (
        {"backup_retention_period": 14},
        {"backup_retention_period": 1},
        "backups are kept for 1 instead of 14 days",
    ),
    "logs": (
        {"retention_in_days": 365},
        {"retention_in_days": 30},
        "log entries are kept for 30 instead of 365 days",
    ),
    "logs-for-ever": (
        {"retention_in_days": 0},
        {"retention_in_days": 30},
        "log entries are kept for 30 instead of never-ending days",
    ),
    "key": (
        {"kms_key_id": "arn:k"},
        {"kms_key_id": None},
        "it is no longer encrypted with a key of ours",
    ),
    "log-exports": (
        {"enabled_cloudwatch_logs_exports": ["postgresql", "upgrade"]},
        {"enabled_cloudwatch_logs_exports": ["postgresql"]},
        "some of its logs are no longer exported",
    ),
    "versioning": (
        {"versioning_configuration": [{"status": "Enabled"}]},
        {"versioning_configuration": [{"status": "Suspended"}]},
        "overwritten objects are not kept",
    ),
    "point-in-time": (
        {"point_in_time_recovery": [{"enabled": True}]},
        {"point_in_time_recovery": [{"enabled": False}]},
        "point-in-time recovery is switched off",
    ),
}


@pytest.mark.parametrize("name", LOST)
def test_a_guard_that_goes_is_told_and_one_that_comes_is_not(name: str) -> None:
    before, after, text = LOST[name]
    assert protection(change(DATABASE, "update", before=before, after=after)) == [text]
    assert protection(change(DATABASE, "update", before=after, after=before)) == []
    assert protection(change(DATABASE, "update", before=before, after=before | {"a": 1})) == []


def test_a_value_that_is_not_known_yet_is_no_loss() -> None:
    assert (
        protection(
            change(
                DATABASE,
                "update",
                before={"kms_key_id": "arn:k", "storage_encrypted": True},
                unknown={"kms_key_id": True, "storage_encrypted": True},
            )
        )
        == []
    )


def test_a_guard_that_is_destroyed_is_told() -> None:
    assert protection(change("aws_flow_log.flow-logs_00000000", "delete", before={})) == [
        "network flows are no longer recorded"
    ]
    assert protection(change("aws_route.a_00000000", "delete", before={})) == []

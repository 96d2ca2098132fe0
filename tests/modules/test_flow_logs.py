"""Flow logs: where they go, how long they stay, and what must hold before they arrive."""

from __future__ import annotations

from typing import Any

import pytest
from cdktf import TerraformStack

from modules.encryption import EncryptionKey
from modules.vpc import FlowLogArchive, FlowLogs, Vpc
from tests.support.apps import new_app
from tests.support.stacks import Stack, policy_of, rag_stack
from tests.support.twins import NAMING, ZONES

CLOUDWATCH = {"rag__network__flow_logs": {"cloudwatch_days": 365, "archive": None}}
S3 = {"rag__network__flow_logs__cloudwatch_days": None}


def flow_logs(**changes: Any) -> dict[str, dict[str, Any]]:
    """Kind of destination to flow log."""
    found = rag_stack("dev", **changes).resources("aws_flow_log").values()
    return {body["log_destination_type"]: body for body in found}


def skips(stack: Stack) -> dict[str, str]:
    group = stack.one("aws_cloudwatch_log_group", "flow-logs")
    found: dict[str, str] = group["//"].get("checkov_skip", {})
    return found


@pytest.mark.parametrize(
    ("changes", "kinds"),
    [({}, {"cloud-watch-logs", "s3"}), (CLOUDWATCH, {"cloud-watch-logs"}), (S3, {"s3"})],
    ids=["both", "CloudWatch Logs", "S3"],
)
def test_all_traffic_goes_to_the_destinations(changes: dict[str, Any], kinds: set[str]) -> None:
    found = flow_logs(**changes)
    assert found.keys() == kinds
    for kind, body in found.items():
        assert body["traffic_type"] == "ALL"
        assert body["max_aggregation_interval"] == 60
        assert "log_format" not in body  # Logs Insights finds the fields of the default format only
        assert ("iam_role_arn" in body) == (kind == "cloud-watch-logs")


def test_both_formats_have_hourly_partitions_and_a_prefix_of_their_own() -> None:
    for name, file_format in (("dev", "plain-text"), ("prod", "parquet")):
        body = rag_stack(name).one("aws_flow_log", "archive")
        assert body["destination_options"] == {
            "file_format": file_format,
            "hive_compatible_partitions": True,
            "per_hour_partition": True,
        }
        assert body["log_destination"].endswith(f".arn}}/{file_format}/")


def test_nothing_is_delivered_before_the_bucket_allows_it() -> None:
    stack = rag_stack("prod")
    (policy_name,) = stack.one("aws_flow_log", "archive")["depends_on"]
    kind, name = policy_name.split(".")
    delivery = next(s for s in policy_of(stack.resources(kind)[name]) if s["Sid"] == "DeliverLogs")
    assert delivery["Principal"] == {"Service": "delivery.logs.amazonaws.com"}
    assert delivery["Condition"] == {
        "StringEquals": {"aws:SourceAccount": "444455556666"},
        "ArnLike": {"aws:SourceArn": "arn:aws:logs:ap-southeast-1:444455556666:*"},
    }


def test_records_move_to_colder_storage_and_expire() -> None:
    stack = rag_stack("prod")
    (rule,) = stack.one("aws_s3_bucket_lifecycle_configuration", "flow-logs")["rule"]
    assert rule["transition"] == [{"days": 90, "storage_class": "GLACIER_IR"}]
    assert rule["expiration"] == [{"days": 365}]
    assert rule["noncurrent_version_expiration"] == [{"noncurrent_days": 30}]
    assert "force_destroy" not in stack.one("aws_s3_bucket", "flow-logs")


def test_dev_keeps_small_files_where_they_are_and_may_lose_them() -> None:
    stack = rag_stack("dev")
    (rule,) = stack.one("aws_s3_bucket_lifecycle_configuration", "flow-logs")["rule"]
    assert "transition" not in rule
    assert stack.one("aws_s3_bucket", "flow-logs")["force_destroy"] is True


def test_short_retention_is_explained_only_where_the_archive_keeps_the_year() -> None:
    stack = rag_stack("dev")
    assert stack.one("aws_cloudwatch_log_group", "flow-logs")["retention_in_days"] == 7
    assert skips(stack) == {"CKV_AWS_338": "S3 keeps the same records for 365 days"}
    assert skips(rag_stack("dev", **CLOUDWATCH)) == {}
    shorter = rag_stack("dev", rag__network__flow_logs__archive__expire_after_days=364)
    assert skips(shorter) == {}


def _construct(**arguments: Any) -> FlowLogs:
    stack = TerraformStack(new_app(), "flow-logs")
    key = EncryptionKey(
        stack, "key", naming=NAMING, role="data", description="t", deletion_window_days=7
    )
    network = Vpc(stack, "network", naming=NAMING, cidr="10.0.0.0/16", zones=ZONES)
    return FlowLogs(stack, "flow-logs", naming=NAMING, network=network, key=key, **arguments)


def test_a_destination_is_needed() -> None:
    with pytest.raises(ValueError, match="give cloudwatch_days, or archive"):
        _construct(cloudwatch_days=None)


def test_the_group_is_known_to_what_watches_it() -> None:
    logs = _construct()
    assert logs.log_group_name
    assert logs.archive is None
    assert _construct(cloudwatch_days=None, archive=FlowLogArchive()).log_group_name is None

"""What guards an account: its record, what looks for attacks, and safe defaults."""

from __future__ import annotations

import pytest

from modules.errors import RefusedByAws
from tests.support.apps import new_app
from tests.support.mistakes import lines_for
from tests.support.stacks import Stack, account_stack, policy_of

REGIONS = (None, "aws.us-east-1")
TRAIL = "arn:aws:cloudtrail:ap-southeast-1:111122223333:trail/mapvibe-dev-account-trail"


@pytest.mark.parametrize("name", ["dev", "prod"])
def test_all_regions_are_recorded_and_a_changed_file_is_noticed(name: str) -> None:
    trail = account_stack(name).one("aws_cloudtrail")
    assert trail["is_multi_region_trail"] is True
    assert trail["include_global_service_events"] is True
    assert trail["enable_log_file_validation"] is True
    assert trail["kms_key_id"].startswith("${aws_kms_key.")
    assert [each.split(".")[0] for each in trail["depends_on"]] == ["aws_s3_bucket_policy"]


def test_only_this_trail_writes_to_the_bucket_and_uses_the_key() -> None:
    stack = account_stack("dev")
    of_this_trail = {"StringEquals": {"aws:SourceArn": TRAIL}}
    services = {
        statement["Sid"]: statement["Condition"]
        for kind in ("aws_s3_bucket_policy", "aws_kms_key")
        for statement in policy_of(stack.one(kind))
        if statement["Principal"] == {"Service": "cloudtrail.amazonaws.com"}
    }
    assert services == {
        "CloudTrailChecksBucket": of_this_trail,
        "CloudTrailWritesFiles": {
            "StringEquals": {
                "aws:SourceArn": TRAIL,
                "s3:x-amz-acl": "bucket-owner-full-control",
            }
        },
        "CloudTrailEncryptsFiles": of_this_trail,
    }
    assert stack.one("aws_cloudtrail")["name"] == TRAIL.rpartition("/")[2]


@pytest.mark.parametrize(("name", "kept"), [("dev", False), ("prod", True)])
def test_files_are_locked_and_expire(name: str, *, kept: bool) -> None:
    stack = account_stack(name, account__trail__locked_days=30)
    bucket = stack.one("aws_s3_bucket")
    assert bucket["object_lock_enabled"] is True
    assert ("lifecycle" in bucket, bucket.get("force_destroy", False)) == (kept, not kept)
    (rule,) = [stack.one("aws_s3_bucket_object_lock_configuration")["rule"]]
    assert rule["default_retention"] == {"days": 30, "mode": "GOVERNANCE"}
    (expiry,) = stack.one("aws_s3_bucket_lifecycle_configuration")["rule"]
    assert expiry["expiration"] == [{"days": 365}]


def test_each_region_in_use_begins_safe() -> None:
    stack = account_stack("dev")
    for kind in (
        "aws_ebs_encryption_by_default",
        "aws_ebs_snapshot_block_public_access",
        "aws_ec2_image_block_public_access",
        "aws_ec2_instance_metadata_defaults",
        "aws_default_security_group",
        "aws_default_network_acl",
        "aws_guardduty_detector",
    ):
        providers = [body.get("provider") for body in stack.resources(kind).values()]
        assert sorted(map(str, providers)) == sorted(map(str, REGIONS)), kind
    for kind in ("aws_default_security_group", "aws_default_network_acl"):
        for body in stack.resources(kind).values():
            assert not {"ingress", "egress"} & set(body)
    block = stack.one("aws_s3_account_public_access_block")
    assert [block[name] for name in sorted(block) if name != "//"] == [True] * 4


def test_every_plan_of_guardduty_is_on_or_off_by_decision() -> None:
    def on(stack: Stack) -> set[str]:
        features = stack.resources("aws_guardduty_detector_feature").values()
        assert len({body["name"] for body in features}) * len(REGIONS) == len(features)
        return {body["name"] for body in features if body["status"] == "ENABLED"}

    assert on(account_stack("dev")) == {"S3_DATA_EVENTS"}
    both = account_stack("dev", account__guard_duty__rds_login_events=True)
    assert on(both) == {"S3_DATA_EVENTS", "RDS_LOGIN_EVENTS"}
    assert on(account_stack("dev", account__guard_duty=None)) == set()


def test_the_pipelines_sign_in_is_no_finding_and_any_other_of_its_roles_is() -> None:
    (provider, roles) = account_stack("dev").one("aws_accessanalyzer_archive_rule")["filter"]
    assert provider == {
        "criteria": "principal.Federated",
        "eq": ["arn:aws:iam::111122223333:oidc-provider/gitlab.com"],
    }
    assert roles["criteria"] == "resource"
    assert {arn.rpartition("/")[2] for arn in roles["eq"]} == {
        "mapvibe-dev-pipeline-plan",
        "mapvibe-dev-pipeline-apply",
    }
    by_hand = account_stack("dev", delivery=None)
    assert not by_hand.resources("aws_accessanalyzer_archive_rule")


def test_what_costs_more_is_off_and_can_be_had() -> None:
    costly = ("aws_config_configuration_recorder", "aws_securityhub_account")
    stack = account_stack("dev")
    assert not any(stack.resources(kind) for kind in costly)
    assert len(stack.resources("aws_accessanalyzer_analyzer")) == 1
    whole = account_stack(
        "dev", account__config=True, account__security_hub=True, account__unused_access_days=90
    )
    assert all(whole.resources(kind) for kind in costly)
    unused = whole.one("aws_accessanalyzer_analyzer", "unused")
    assert unused["configuration"] == {"unused_access": {"unused_access_age": 90}}
    writers = {
        statement["Condition"]["StringEquals"]["aws:SourceAccount"]
        for body in (whole.one("aws_s3_bucket_policy", "config"), whole.one("aws_kms_key"))
        for statement in policy_of(body)
        if statement["Principal"] == {"Service": "config.amazonaws.com"}
    }
    assert writers == {"111122223333"}


def test_a_default_vpc_that_is_gone_is_not_made_anew() -> None:
    assert not account_stack("dev", account__default_vpc="absent").resources("aws_default_vpc")


def test_other_regions_send_events_and_nobody_else_with_their_role() -> None:
    stack = account_stack("dev")
    (trust,) = policy_of(stack.one("aws_iam_role"), "assume_role_policy")
    assert trust["Principal"] == {"Service": "events.amazonaws.com"}
    assert trust["Condition"] == {
        "StringEquals": {"aws:SourceAccount": "111122223333"},
        "ArnLike": {"aws:SourceArn": "arn:aws:events:*:111122223333:rule/mapvibe-dev-account-*"},
    }
    (sends,) = policy_of(stack.one("aws_iam_role_policy"))
    assert sends == {
        "Effect": "Allow",
        "Action": "events:PutEvents",
        "Resource": "arn:aws:events:ap-southeast-1:111122223333:event-bus/default",
    }


@pytest.mark.parametrize(
    ("name", "changes", "line"),
    [
        (
            "dev",
            {"account__trail__locked_days": 400},
            "account.trail.locked_days=400: files expire",
        ),
        ("dev", {"account__security_hub": True}, "account.security_hub=True: its controls read"),
        ("prod", {"account__protected": False}, "account.protected=False: a guarded account"),
        ("prod", {"account__security_contact": None}, "account.security_contact=None: AWS must"),
        ("dev", {"rag": None, "governance": None}, "rag=None: nobody would hear"),
    ],
)
def test_a_mistake_is_told(name: str, changes: dict[str, object], line: str) -> None:
    (found,) = lines_for(name, changes)
    assert line in found
    assert "; " in found


def test_a_pattern_that_eventbridge_would_refuse_is_refused_here() -> None:
    from cdktf import TerraformStack

    from modules.eventbridge import EventRule
    from tests.support.twins import NAMING

    stack = TerraformStack(new_app(), "s")
    with pytest.raises(RefusedByAws, match="EventBridge takes 2048; divide it"):
        EventRule(
            stack,
            "rule",
            naming=NAMING,
            role="long",
            description="t",
            pattern={"source": ["x" * 2048]},
            target_arn="arn:aws:sns:ap-southeast-1:111122223333:t",
        )

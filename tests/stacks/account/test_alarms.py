"""Each alarm rings for the events that it is for, where AWS tells of them, and for no others."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from moto.events.models import EventPattern

from stacks.account.alarms import SIGN_IN_REGIONS
from tests.stacks.account.events import (
    ADMINISTRATOR,
    GLOBAL,
    OWN,
    PIPELINE,
    ROOT,
    SERVICE_FOR_ROOT,
    USER,
    Event,
    access,
    call,
    event,
    guardduty,
    iam,
    role,
    sign_in,
)
from tests.support.stacks import Stack, account_stack

RUNBOOK = Path(__file__).resolve().parents[3] / "docs/runbooks/security-alarms.md"
TRAIL_BUCKET = "mapvibe-dev-account-trail-111122223333"
BOUNDARY = "arn:aws:iam::111122223333:policy/mapvibe-dev-pipeline-boundary"
KEY = "arn:aws:kms:ap-southeast-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"

RINGING: list[tuple[str, Event]] = [
    ("root-used", sign_in(ROOT, mfa="Yes")),
    ("root-used", sign_in(ROOT, result="Failure")),
    ("root-used", call("s3", "CreateBucket", {"bucketName": "b"}, by=ROOT)),
    ("root-used", call("account", "PutAlternateContact", by=ROOT, region=GLOBAL)),
    *(("sign-in-without-mfa", sign_in(USER, region=each)) for each in (OWN, *SIGN_IN_REGIONS)),
    ("guards-changed", iam("DeleteRolePermissionsBoundary", roleName="mapvibe-dev-rag")),
    ("guards-changed", iam("PutUserPermissionsBoundary", USER, userName="Anaya")),
    ("guards-changed", iam("CreatePolicyVersion", policyArn=BOUNDARY, setAsDefault=True)),
    ("guards-changed", iam("SetDefaultPolicyVersion", policyArn=BOUNDARY, versionId="v1")),
    ("guards-changed", iam("UpdateAssumeRolePolicy", roleName="mapvibe-dev-pipeline-apply")),
    ("guards-changed", iam("PutRolePolicy", PIPELINE, roleName="mapvibe-dev-pipeline-plan")),
    ("access-changed", iam("CreateUser", userName="Nikki")),
    ("access-changed", iam("CreateAccessKey", userName="Nikki")),
    ("access-changed", iam("CreateLoginProfile", userName="Nikki")),
    ("access-changed", iam("AttachUserPolicy", userName="Nikki")),
    ("access-changed", iam("PutGroupPolicy", groupName="developers")),
    ("access-changed", iam("AddUserToGroup", userName="Nikki", groupName="operators")),
    ("access-changed", iam("DeactivateMFADevice", userName="Nikki")),
    ("access-changed", iam("DeleteAccountPasswordPolicy")),
    ("access-changed", iam("CreateOpenIDConnectProvider", url="https://evil.example.com")),
    ("role-changed", iam("AttachRolePolicy", roleName="mapvibe-dev-rag")),
    ("role-changed", iam("PutRolePolicy", USER, roleName="mapvibe-dev-rag")),
    ("organisation-changed", call("organizations", "LeaveOrganization", region=GLOBAL)),
    ("organisation-changed", call("organizations", "DetachPolicy", region=GLOBAL)),
    ("trail-changed", call("cloudtrail", "StopLogging", {"name": "mapvibe-dev-account-trail"})),
    (
        "trail-changed",
        call("cloudtrail", "DeleteTrail", {"name": "t"}, errorCode="AccessDenied"),
    ),
    ("trail-changed", call("s3", "PutBucketPolicy", {"bucketName": TRAIL_BUCKET})),
    ("trail-changed", call("s3", "DeleteBucket", {"bucketName": TRAIL_BUCKET})),
    ("key-ending", call("kms", "ScheduleKeyDeletion", {"keyId": KEY, "pendingWindowInDays": 7})),
    ("key-ending", call("kms", "DisableKey", {"keyId": KEY}, region=GLOBAL)),
    ("defaults-changed", call("s3", "DeleteAccountPublicAccessBlock")),
    ("defaults-changed", call("ec2", "DisableEbsEncryptionByDefault")),
    ("defaults-changed", call("ec2", "DisableSnapshotBlockPublicAccess", region=GLOBAL)),
    ("defaults-changed", call("ec2", "ModifyInstanceMetadataDefaults")),
    ("watch-ended", call("guardduty", "DeleteDetector", {"detectorId": "d"})),
    ("watch-ended", call("access-analyzer", "CreateArchiveRule", {"ruleName": "all"})),
    ("watch-ended", call("events", "DisableRule", {"name": "mapvibe-dev-account-root-used"})),
    ("watch-ended", call("events", "RemoveTargets", {"rule": "mapvibe-dev-account-root-used"})),
    (
        "watch-ended",
        call("config", "StopConfigurationRecorder", {"configurationRecorderName": "c"}),
    ),
    ("finding-high", guardduty(7.0)),
    ("finding-high", guardduty(9.5, region=GLOBAL)),
    ("finding-medium", guardduty(4)),
    ("finding-medium", guardduty(6.9)),
    ("open-to-all", access(public=True)),
    ("open-to-others", access(public=False)),
]
"""The alarm, and an event that is its concern."""

SILENT: dict[str, Event] = {
    "a user with a second factor": sign_in(USER, mfa="Yes"),
    "a user who did not get in": sign_in(USER, result="Failure"),
    "somebody by Identity Center, whose second factor is asked for there": sign_in(
        role("AWSReservedSSO_Developer_0123456789abcdef")
    ),
    "a service of AWS for the root user": call("support", "DescribeCases", by=SERVICE_FOR_ROOT),
    "the pipeline, giving a function a permission": iam(
        "PutRolePolicy", PIPELINE, roleName="mapvibe-dev-rag", policyName="read"
    ),
    "the pipeline, making a role": iam("CreateRole", PIPELINE, roleName="mapvibe-dev-rag"),
    "a policy of another project": iam(
        "CreatePolicyVersion", policyArn="arn:aws:iam::111122223333:policy/other"
    ),
    "a tag on a role of the pipeline": iam("TagRole", roleName="mapvibe-dev-pipeline-plan"),
    "a bucket that is not CloudTrail's": call("s3", "PutBucketPolicy", {"bucketName": "b"}),
    "a trail that begins": call("cloudtrail", "StartLogging", {"name": "t"}),
    "a key that is kept": call("kms", "CancelKeyDeletion", {"keyId": KEY}),
    "a new key": call("kms", "CreateKey"),
    "a rule that is not ours": call("events", "DisableRule", {"name": "other"}),
    "a finding of low severity": guardduty(3.9),
    "an archived finding": access(public=False, status="ARCHIVED"),
    "a finding that is solved": access(public=True, status="RESOLVED"),
    "a finding that expired": access(public=True, deleted=True),
    "an instance that starts": event(
        "aws.ec2", "EC2 Instance State-change Notification", {"state": "running"}, OWN
    ),
}
"""What happens every day, by what it is."""


def rules(stack: Stack, region: str) -> dict[str, dict[str, Any]]:
    """Slug to the body of each rule in a region."""
    provider = None if region == OWN else f"aws.{region}"
    prefix = "mapvibe-dev-account-"
    return {
        body["name"].removeprefix(prefix): body
        for body in stack.resources("aws_cloudwatch_event_rule").values()
        if body.get("provider") == provider
    }


def ringing(stack: Stack, told: Event) -> set[str]:
    """The alarms that an event makes ring: here, or here after it was forwarded from where it is."""
    here = matching(rules(stack, OWN), told)
    return here if told["region"] == OWN else here & matching(rules(stack, told["region"]), told)


def matching(found: dict[str, dict[str, Any]], told: Event) -> set[str]:
    return {
        slug
        for slug, body in found.items()
        if EventPattern.load(body["event_pattern"]).matches_event(told)  # type: ignore[arg-type]
    }


def _stack() -> Stack:
    """Of dev, with every alarm."""
    return account_stack("dev", account__role_changes=True)


@pytest.mark.parametrize(
    ("slug", "told"),
    RINGING,
    ids=[
        f"{slug}-{told['detail'].get('eventName', number)}"
        for number, (slug, told) in enumerate(RINGING)
    ],
)
def test_an_alarm_rings_for_what_it_is_for(slug: str, told: Event) -> None:
    assert slug in ringing(_stack(), told)


def test_one_event_rings_twice_only_where_two_things_are_wrong() -> None:
    """The pipeline's own roles are guarded, and roles that it did not change are told as well."""
    twice = [
        (slug, found) for slug, told in RINGING if (found := ringing(_stack(), told)) != {slug}
    ]
    assert {frozenset(found) for _, found in twice} <= {
        frozenset({"guards-changed", "role-changed"}),
    }


@pytest.mark.parametrize("name", SILENT)
def test_nothing_rings_for_what_happens_every_day(name: str) -> None:
    assert ringing(_stack(), SILENT[name]) == set()


def test_every_alarm_has_events_here_and_a_section_of_its_runbook() -> None:
    slugs = set(rules(_stack(), OWN))
    assert slugs == {slug for slug, _ in RINGING}
    sections = {
        line.removeprefix("## ") for line in RUNBOOK.read_text().splitlines() if line[:3] == "## "
    }
    assert slugs <= sections
    assert len(sections - slugs) == 1  # what to do first, whatever rings


@pytest.mark.parametrize("name", ["dev", "prod"])
def test_an_alarm_tells_the_topic_of_its_severity_and_others_regions_tell_ours(name: str) -> None:
    stack = account_stack(name)
    account = stack.body["provider"]["aws"][0]["allowed_account_ids"][0]
    topics = {
        f"arn:aws:sns:{OWN}:{account}:mapvibe-{name}-alerts-{severity}"
        for severity in ("critical", "warning")
    }
    (forwarder,) = stack.resources("aws_iam_role")
    targets = stack.resources("aws_cloudwatch_event_target").values()
    assert len(targets) == len(stack.resources("aws_cloudwatch_event_rule"))
    for target in targets:
        if "provider" in target:
            assert target["arn"] == f"arn:aws:events:{OWN}:{account}:event-bus/default"
            assert target["role_arn"] == f"${{aws_iam_role.{forwarder}.arn}}"
        else:
            assert target["arn"] in topics
            assert "role_arn" not in target


def test_no_role_changes_are_told_where_developers_deploy_by_hand() -> None:
    assert "role-changed" not in rules(account_stack("dev"), OWN)
    by_hand = iam("PutRolePolicy", ADMINISTRATOR, roleName="mapvibe-dev-rag")
    assert ringing(account_stack("dev"), by_hand) == set()


def test_without_a_pipeline_every_changed_role_is_told() -> None:
    stack = account_stack("dev", account__role_changes=True, delivery=None)
    assert "role-changed" in ringing(stack, iam("PutRolePolicy", PIPELINE, roleName="r"))


@pytest.mark.parametrize(
    ("pattern", "detail", "matches"),
    [
        ({"a": [{"anything-but": ["x", "y"]}]}, {"a": "z"}, True),
        ({"a": [{"anything-but": ["x", "y"]}]}, {"a": "x"}, False),
        ({"a": [{"anything-but": ["x", "y"]}]}, {}, False),
        ({"a": [{"exists": False}]}, {}, True),
        ({"a": {"b": [{"exists": False}]}}, {"a": None}, True),
        ({"a": [{"prefix": "us-"}]}, {"a": "us-east-1"}, True),
        ({"a": [{"suffix": ".png"}]}, {"a": "a.png.txt"}, False),
        ({"a": [{"wildcard": "dir/*.png"}]}, {"a": "dir/x.png"}, True),
        ({"a": [{"numeric": [">=", 4, "<", 7]}]}, {"a": 7.0}, False),
        ({"$or": [{"a": ["x"]}, {"b": [1]}]}, {"a": "y", "b": 1}, True),
        ({"$or": [{"a": ["x"]}, {"b": [1]}], "c": ["z"]}, {"a": "x", "c": "w"}, False),
    ],
)
def test_the_matcher_of_these_tests_does_as_aws_says(
    pattern: dict[str, Any], detail: dict[str, Any], *, matches: bool
) -> None:
    """Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html."""
    told = event("aws.x", "X", detail, OWN)
    found = EventPattern.load(json.dumps({"detail": pattern}))
    assert found.matches_event(told) is matches  # type: ignore[arg-type]

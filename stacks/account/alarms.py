"""What happens in an account that somebody must hear of, as EventBridge's patterns.

Three things about where events are seen, or nobody ever sees them:

- IAM, Organizations and the root user's sign-in are told in us-east-1 alone, wherever one works.
  https://repost.aws/knowledge-center/eventbridge-rule-triggers-iam-single-region
- A user's sign-in is told where the browser was sent: us-east-1, one of three others, or the region
  whose own address was used.
  https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-aws-console-sign-in-events.html
- Calls of the API come by way of CloudTrail, and only while a trail records.
  https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from modules.alerting import Severity
from modules.eventbridge import EventPattern
from modules.naming import Naming

GLOBAL_REGION = "us-east-1"
"""Where AWS tells of its global services."""

SIGN_IN_REGIONS = (GLOBAL_REGION, "us-east-2", "eu-north-1", "ap-southeast-2")
"""Where a sign-in at AWS's global address is told."""

_API = "AWS API Call via CloudTrail"
_SIGN_IN = "AWS Console Sign In via CloudTrail"
_MEDIUM, _HIGH = 4, 7
"""GuardDuty's severities.

Source: https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_findings-severity.html
"""

_ROLE_CHANGES = (
    "AttachRolePolicy",
    "DetachRolePolicy",
    "PutRolePolicy",
    "DeleteRolePolicy",
    "UpdateAssumeRolePolicy",
)
_POLICY_CHANGES = (
    "CreatePolicyVersion",
    "DeletePolicyVersion",
    "SetDefaultPolicyVersion",
    "DeletePolicy",
)


@dataclass(frozen=True, kw_only=True, slots=True)
class EventAlarm:
    """An event that calls somebody.

    Attributes:
        slug: its name, and its section in docs/runbooks/security-alarms.md.
        severity: which topic is told.
        meaning: one sentence.
        pattern: which events.
        regions: where they are told.
    """

    slug: str
    severity: Severity
    meaning: str
    pattern: EventPattern
    regions: Sequence[str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Guarded:
    """What an environment's guards are made of.

    Attributes:
        naming: names and ARNs of the environment.
        trail_bucket: name of the bucket that holds CloudTrail's files.
        rules: first letters of the names of the rules that tell of all this.
        pipeline_roles: first letters of the names of the pipeline's roles.
        apply_roles: ARNs of the roles with which the pipeline changes the environment.
    """

    naming: Naming
    trail_bucket: str
    rules: str
    pipeline_roles: str
    apply_roles: Sequence[str]


def alarms(
    guarded: Guarded, *, other_regions: Sequence[str], role_changes: bool
) -> tuple[EventAlarm, ...]:
    """All alarms of an account.

    Args:
        guarded: what the guards are made of.
        other_regions: regions beside the own in which something may be.
        role_changes: whether to tell of roles that the pipeline did not change.
    """
    own = guarded.naming.region
    used = tuple(dict.fromkeys((own, *other_regions)))
    return (
        *_people(own, used),
        *_permissions(guarded, role_changes=role_changes),
        *_records(guarded, own, used),
        *_findings(own, used),
    )


def _people(own: str, used: Sequence[str]) -> Iterator[EventAlarm]:
    yield EventAlarm(
        slug="root-used",
        severity="critical",
        meaning="Somebody signed in, or tried to, or called AWS as the root user",
        # What AWS does for the root user by itself has ``invokedBy``.
        pattern={
            "detail-type": [_SIGN_IN, _API],
            "detail": {"userIdentity": {"type": ["Root"], "invokedBy": [{"exists": False}]}},
        },
        regions=_several(GLOBAL_REGION, *used),
    )
    yield EventAlarm(
        slug="sign-in-without-mfa",
        severity="critical",
        meaning="A user signed in to the console with a password alone",
        # Who signs in by Identity Center or another provider shows the second factor there.
        pattern={
            "source": ["aws.signin"],
            "detail-type": [_SIGN_IN],
            "detail": {
                "eventName": ["ConsoleLogin"],
                "userIdentity": {"type": ["IAMUser"]},
                "responseElements": {"ConsoleLogin": ["Success"]},
                "additionalEventData": {"MFAUsed": ["No"]},
            },
        },
        regions=_several(*SIGN_IN_REGIONS, own),
    )


def _permissions(guarded: Guarded, *, role_changes: bool) -> Iterator[EventAlarm]:
    naming = guarded.naming
    yield EventAlarm(
        slug="guards-changed",
        severity="critical",
        meaning="Somebody changed, or tried to, a boundary, a guard or a role of the pipeline",
        pattern={
            "source": ["aws.iam"],
            "detail-type": [_API],
            "detail": {
                "$or": [
                    {"eventName": [{"suffix": "PermissionsBoundary"}]},
                    {
                        "eventName": [*_POLICY_CHANGES],
                        "requestParameters": {
                            "policyArn": [
                                {"prefix": naming.iam_arn(f"policy/{naming.pattern('')}")}
                            ]
                        },
                    },
                    {
                        "eventName": ["DeleteRole", *_ROLE_CHANGES],
                        "requestParameters": {"roleName": [{"prefix": guarded.pipeline_roles}]},
                    },
                ]
            },
        },
        regions=(GLOBAL_REGION,),
    )
    yield EventAlarm(
        slug="access-changed",
        severity="warning",
        meaning="A user, an access key, a group, a sign-in or the rules of passwords changed",
        pattern=_calls(
            "iam",
            {"suffix": "User"},
            {"suffix": "AccessKey"},
            {"suffix": "LoginProfile"},
            {"suffix": "UserPolicy"},
            {"suffix": "GroupPolicy"},
            {"suffix": "MFADevice"},
            {"suffix": "AccountPasswordPolicy"},
            {"wildcard": "*UserToGroup"},
            {"wildcard": "*OpenIDConnectProvider*"},
            {"wildcard": "*SAMLProvider*"},
        ),
        regions=(GLOBAL_REGION,),
    )
    if role_changes:
        yield _roles(guarded)
    yield EventAlarm(
        slug="organisation-changed",
        severity="critical",
        meaning="The account left its organisation, or a policy of the organisation changed",
        pattern=_calls(
            "organizations",
            "LeaveOrganization",
            "RemoveAccountFromOrganization",
            "DeleteOrganization",
            "CloseAccount",
            "AcceptHandshake",
            "DetachPolicy",
            "UpdatePolicy",
            "DeletePolicy",
            "DisablePolicyType",
        ),
        regions=(GLOBAL_REGION,),
    )


def _roles(guarded: Guarded) -> EventAlarm:
    pattern = _calls("iam", *_ROLE_CHANGES)
    issuer = {
        "userIdentity": {
            "sessionContext": {
                "sessionIssuer": {"arn": [{"anything-but": list(guarded.apply_roles)}]}
            }
        }
    }
    # Who has no role at all has no such field, which ``anything-but`` would not match.
    none = {"userIdentity": {"sessionContext": {"sessionIssuer": {"arn": [{"exists": False}]}}}}
    either = {"$or": [none, issuer]} if guarded.apply_roles else {}
    return EventAlarm(
        slug="role-changed",
        severity="warning",
        meaning="Somebody else than the pipeline changed what a role may do",
        pattern={**pattern, "detail": {**pattern["detail"], **either}},
        regions=(GLOBAL_REGION,),
    )


def _records(guarded: Guarded, own: str, used: Sequence[str]) -> Iterator[EventAlarm]:
    yield EventAlarm(
        slug="trail-changed",
        severity="critical",
        meaning="Somebody stopped or changed, or tried to, the account's record or its bucket",
        pattern={
            "detail-type": [_API],
            "$or": [
                {
                    "source": ["aws.cloudtrail"],
                    "detail": {
                        "eventName": [
                            "StopLogging",
                            "DeleteTrail",
                            "UpdateTrail",
                            "PutEventSelectors",
                        ]
                    },
                },
                {
                    "source": ["aws.s3"],
                    "detail": {"requestParameters": {"bucketName": [guarded.trail_bucket]}},
                },
            ],
        },
        regions=(own,),
    )
    yield EventAlarm(
        slug="key-ending",
        severity="critical",
        meaning="A key is disabled or waits for its deletion: what it encrypts cannot be read then",
        pattern=_calls("kms", "DisableKey", "ScheduleKeyDeletion", "DeleteImportedKeyMaterial"),
        regions=used,
    )
    yield EventAlarm(
        slug="defaults-changed",
        severity="critical",
        meaning="A default that keeps buckets, disks, images or machines of the account safe changed",
        pattern={
            "source": ["aws.s3", "aws.ec2"],
            "detail-type": [_API],
            "detail": {
                "eventName": [
                    "DeleteAccountPublicAccessBlock",
                    "PutAccountPublicAccessBlock",
                    "DisableEbsEncryptionByDefault",
                    "DisableSnapshotBlockPublicAccess",
                    "EnableSnapshotBlockPublicAccess",
                    "DisableImageBlockPublicAccess",
                    "ModifyInstanceMetadataDefaults",
                ]
            },
        },
        regions=used,
    )
    yield EventAlarm(
        slug="watch-ended",
        severity="critical",
        meaning="Somebody switched off, or tried to, what looks for attacks or what tells of them",
        pattern={
            "detail-type": [_API],
            "$or": [
                {
                    "source": [
                        "aws.guardduty",
                        "aws.access-analyzer",
                        "aws.securityhub",
                        "aws.config",
                    ],
                    "detail": {
                        "eventName": [
                            "DeleteDetector",
                            "UpdateDetector",
                            "DeleteAnalyzer",
                            "CreateArchiveRule",
                            "UpdateArchiveRule",
                            "DisableSecurityHub",
                            "StopConfigurationRecorder",
                            "DeleteConfigurationRecorder",
                        ]
                    },
                },
                {
                    "source": ["aws.events"],
                    "detail": {
                        "eventName": ["DisableRule", "DeleteRule", "PutRule"],
                        "requestParameters": {"name": [{"prefix": guarded.rules}]},
                    },
                },
                {
                    "source": ["aws.events"],
                    "detail": {
                        "eventName": ["RemoveTargets", "PutTargets"],
                        "requestParameters": {"rule": [{"prefix": guarded.rules}]},
                    },
                },
            ],
        },
        regions=used,
    )


def _findings(own: str, used: Sequence[str]) -> Iterator[EventAlarm]:
    levels: tuple[tuple[str, Severity, list[Any]], ...] = (
        ("high", "critical", [">=", _HIGH]),
        ("medium", "warning", [">=", _MEDIUM, "<", _HIGH]),
    )
    for level, severity, bounds in levels:
        yield EventAlarm(
            slug=f"finding-{level}",
            severity=severity,
            meaning=f"GuardDuty found signs of an attack, of {level} severity",
            pattern={
                "source": ["aws.guardduty"],
                "detail-type": ["GuardDuty Finding"],
                "detail": {"severity": [{"numeric": bounds}]},
            },
            regions=used,
        )
    reached: tuple[tuple[str, Severity, str, bool], ...] = (
        ("open-to-all", "critical", "everybody", True),
        ("open-to-others", "warning", "somebody outside of the account", False),
    )
    for slug, severity, whom, public in reached:
        yield EventAlarm(
            slug=slug,
            severity=severity,
            meaning=f"Access Analyzer found something that {whom} can reach",
            pattern={
                "source": ["aws.access-analyzer"],
                "detail-type": ["Access Analyzer Finding"],
                "detail": {"status": ["ACTIVE"], "isPublic": [public], "isDeleted": [False]},
            },
            regions=(own,),
        )


def _calls(service: str, *names: str | dict[str, str]) -> dict[str, Any]:
    """Calls of a service's API, whether or not AWS did what was asked for."""
    return {
        "source": [f"aws.{service}"],
        "detail-type": [_API],
        "detail": {"eventName": list(names)},
    }


def _several(*regions: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(regions))

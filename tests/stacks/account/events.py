"""Events as AWS tells them, shortened to what patterns can ask for.

Sources, by what they show:
https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-events-structure.html (the frame),
https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html (who),
https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-aws-console-sign-in-events.html,
https://docs.aws.amazon.com/IAM/latest/UserGuide/cloudtrail-integration.html,
https://docs.aws.amazon.com/kms/latest/developerguide/ct-schedulekeydeletion.html,
https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_findings_eventbridge.html and
https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-eventbridge.html
"""

from __future__ import annotations

from typing import Any

Event = dict[str, Any]

ACCOUNT = "111122223333"
OWN = "ap-southeast-1"
GLOBAL = "us-east-1"

ROOT = {"type": "Root", "principalId": ACCOUNT, "arn": f"arn:aws:iam::{ACCOUNT}:root"}
USER = {
    "type": "IAMUser",
    "principalId": "AIDAEXAMPLE",
    "arn": f"arn:aws:iam::{ACCOUNT}:user/Anaya",
    "userName": "Anaya",
}
SERVICE_FOR_ROOT = ROOT | {"invokedBy": "support.amazonaws.com"}


def role(name: str) -> dict[str, Any]:
    """Somebody with the temporary credentials of a role."""
    return {
        "type": "AssumedRole",
        "arn": f"arn:aws:sts::{ACCOUNT}:assumed-role/{name}/session",
        "sessionContext": {
            "sessionIssuer": {
                "type": "Role",
                "arn": f"arn:aws:iam::{ACCOUNT}:role/{name}",
                "userName": name,
            }
        },
    }


ADMINISTRATOR = role("Admin")
PIPELINE = role("mapvibe-dev-pipeline-apply")


def event(source: str, kind: str, detail: dict[str, Any], region: str) -> Event:
    """The frame of every event."""
    return {
        "version": "0",
        "id": "cd2d702e-ab31-411b-9344-793ce56b1bc7",
        "detail-type": kind,
        "source": source,
        "account": ACCOUNT,
        "time": "2026-11-30T12:00:00Z",
        "region": region,
        "resources": [],
        "detail": detail,
    }


def call(
    service: str,
    name: str,
    parameters: dict[str, Any] | None = None,
    *,
    by: dict[str, Any] = ADMINISTRATOR,
    region: str = OWN,
    **more: Any,
) -> Event:
    """A call of a service's API, by way of CloudTrail."""
    detail = {
        "eventVersion": "1.11",
        "userIdentity": by,
        "eventSource": f"{service}.amazonaws.com",
        "eventName": name,
        "awsRegion": region,
        "sourceIPAddress": "192.0.2.0",
        "requestParameters": parameters,
        "eventType": "AwsApiCall",
        "readOnly": False,
        "managementEvent": True,
        **more,
    }
    return event(f"aws.{service}", "AWS API Call via CloudTrail", detail, region)


def iam(name: str, by: dict[str, Any] = ADMINISTRATOR, **parameters: Any) -> Event:
    """A call of IAM, which is told in one region whoever calls from wherever."""
    return call("iam", name, parameters, by=by, region=GLOBAL)


def sign_in(
    by: dict[str, Any], *, mfa: str = "No", result: str = "Success", region: str = GLOBAL
) -> Event:
    """A sign-in to the console."""
    detail = {
        "eventVersion": "1.08",
        "userIdentity": by,
        "eventSource": "signin.amazonaws.com",
        "eventName": "ConsoleLogin",
        "awsRegion": region,
        "sourceIPAddress": "192.0.2.0",
        "requestParameters": None,
        "responseElements": {"ConsoleLogin": result},
        "additionalEventData": {"MobileVersion": "No", "MFAUsed": mfa},
        "eventType": "AwsConsoleSignIn",
    }
    return event("aws.signin", "AWS Console Sign In via CloudTrail", detail, region)


def guardduty(severity: float, region: str = OWN) -> Event:
    """A finding of GuardDuty."""
    detail = {
        "schemaVersion": "2.0",
        "type": "UnauthorizedAccess:IAMUser/ConsoleLoginSuccess.B",
        "severity": severity,
        "title": "Console login was observed from several places",
        "service": {"archived": False, "count": 1},
    }
    return event("aws.guardduty", "GuardDuty Finding", detail, region)


def access(*, public: bool, status: str = "ACTIVE", deleted: bool = False) -> Event:
    """A finding of IAM Access Analyzer."""
    detail = {
        "version": "1.0",
        "id": "22222222-dcba-4444-dcba-333333333333",
        "status": status,
        "resourceType": "AWS::S3::Bucket",
        "resource": "arn:aws:s3:::amzn-s3-demo-bucket",
        "principal": {"AWS": "*" if public else "999988887777"},
        "isPublic": public,
        "isDeleted": deleted,
    }
    return event("aws.access-analyzer", "Access Analyzer Finding", detail, OWN)

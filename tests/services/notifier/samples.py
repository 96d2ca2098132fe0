"""What services publish that is no alarm, each as its source shows it."""

from __future__ import annotations

from typing import Any

BUDGET_SUBJECT = "AWS Budgets: Test Budget has exceeded your alert threshold"
BUDGET = (
    "AWS Budget Notification September 26, 2022\nAWS Account 111122223333\n\nDear AWS Customer,\n\n"
    "You requested that we alert you when the ACTUAL Cost associated with your Test Budget budget is "
    "greater than $0.16 for the current month. The ACTUAL Cost associated with this budget is $0.59. "
    "You can find additional details below and by accessing the AWS Budgets dashboard [1].\n\n"
    "Budget Name: Test Budget\nBudget Type: Cost\nBudgeted Amount: $0.20\nAlert Type: ACTUAL\n"
    "Alert Threshold: > $0.16\nACTUAL Amount: $0.59\n\n"
    "[1] https://console.aws.amazon.com/billing/home#/budgets\n"
)
"""Source: https://github.com/cds-snc/sre-bot, test_budget_notification.py"""

_ANOMALY_LINK = (
    "https://console.aws.amazon.com/cost-management/home#/anomaly-detection/monitors/"
    "abcdef12-1234-4ea0-84cc-918a97d736ef/anomalies/12345678-abcd-ef12-3456-987654321a12"
)
_ANOMALY: dict[str, Any] = {
    "accountId": "123456789012",
    "anomalyDetailsLink": _ANOMALY_LINK,
    "anomalyEndDate": "2021-05-25T00:00:00Z",
    "anomalyId": "12345678-abcd-ef12-3456-987654321a12",
    "anomalyScore": {"currentScore": 0.47, "maxScore": 0.47},
    "anomalyStartDate": "2021-05-25T00:00:00Z",
    "impact": {
        "maxImpact": 151,
        "totalActualSpend": 1301,
        "totalExpectedSpend": 300,
        "totalImpact": 1001,
        "totalImpactPercentage": 333.67,
    },
    "monitorArn": "arn:aws:ce::123456789012:anomalymonitor/abcdef12-1234-4ea0-84cc-918a97d736ef",
    "rootCauses": [
        {
            "linkedAccount": "AnomalousLinkedAccount",
            "linkedAccountName": "AnomalousLinkedAccountName",
            "region": "AnomalousRegionName",
            "service": "AnomalousServiceName",
            "usageType": "AnomalousUsageType",
            "impact": {"contribution": 601},
        }
    ],
}
ANOMALY: dict[str, Any] = {
    **_ANOMALY,
    "dimensionalValue": "ServiceName",
    "subscriptionId": "874c100c-59a6-4abb-a10a-4682cc3f2d69",
    "subscriptionName": "alertSubscription",
}
"""Source: https://docs.aws.amazon.com/cost-management/latest/userguide/manage-ad.html"""


def event(kind: str, source: str, detail: Any, **more: Any) -> dict[str, Any]:
    """An event of EventBridge.

    Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-events-structure.html
    """
    return {
        "version": "0",
        "id": "6a7e8feb-b491-4cf7-a9f1-bf3703467718",
        "detail-type": kind,
        "source": source,
        "account": "123456789012",
        "time": "2018-09-27T22:36:43Z",
        "region": "us-east-1",
        "resources": [],
        "detail": detail,
        **more,
    }


ANOMALY_EVENT = event(
    "Anomaly Detected",
    "aws.ce",
    {**_ANOMALY, "accountName": "name", "dimensionValue": "ServiceName", "feedback": "string"},
)
"""Source: https://docs.aws.amazon.com/cost-management/latest/userguide/cad-eventbridge.html"""

RDS: dict[str, Any] = {
    "Event Source": "db-instance",
    "Event Time": "2019-01-02 12:45:06.000",
    "Identifier Link": "https://console.aws.amazon.com/rds/home?region=eu-west-1#dbinstance:id=dbinstanceid",
    "Source ID": "dbinstanceid",
    "Event ID": "http://docs.amazonwebservices.com/AmazonRDS/latest/UserGuide/USER_Events.html#RDS-EVENT-0002",
    "Event Message": "Finished DB Instance backup",
}
"""Source: https://docs.aws.amazon.com/lambda/latest/dg/services-rds.html"""

RDS_EVENT = event(
    "RDS DB Instance Event",
    "aws.rds",
    {
        "EventCategories": ["failover"],
        "SourceType": "DB_INSTANCE",
        "SourceArn": "arn:aws:rds:us-east-1:123456789012:db:my-db-instance",
        "Date": "2018-09-27T22:36:43.292Z",
        "Message": "A Multi-AZ failover has completed.",
        "SourceIdentifier": "my-db-instance",
        "EventID": "RDS-EVENT-0049",
    },
    resources=["arn:aws:rds:us-east-1:123456789012:db:my-db-instance"],
)
"""Source: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-cloud-watch-events.html"""

GUARDDUTY = event(
    "GuardDuty Finding",
    "aws.guardduty",
    {
        "schemaVersion": "2.0",
        "accountId": "111122223333",
        "region": "us-east-1",
        "id": "16afba5c5c43e07c9e3e5e2e544e95df",
        "type": "Canary:EC2/Stateless.IntegTest",
        "service": {"count": 1, "eventLastSeen": "1970-01-01T00:00:00Z", "archived": False},
        "severity": 5,
        "title": "Canary test finding.",
        "description": "Canary test finding, which nothing has to be done about.",
    },
)
"""Sources: https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_findings_eventbridge.html and
https://docs.aws.amazon.com/guardduty/latest/APIReference/API_Finding.html
"""

ACCESS_ANALYZER = event(
    "Access Analyzer Finding",
    "aws.access-analyzer",
    {
        "version": "1.0",
        "id": "22222222-dcba-4444-dcba-333333333333",
        "status": "ACTIVE",
        "resourceType": "AWS::S3::Bucket",
        "resource": "arn:aws:s3:::amzn-s3-demo-bucket",
        "createdAt": "2019-11-20T04:58:50Z",
        "accountId": "111122223333",
        "region": "us-west-2",
        "principal": {"AWS": "999988887777"},
        "action": ["s3:GetObject"],
        "condition": {},
        "isDeleted": False,
        "isPublic": False,
    },
    account="111122223333",
    region="us-west-2",
)
"""Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-eventbridge.html"""

_SIGN_IN: dict[str, Any] = {
    "eventVersion": "1.08",
    "userIdentity": {
        "type": "IAMUser",
        "principalId": "EXAMPLE6E4XEGITWATV6R",
        "arn": "arn:aws:iam::999999999999:user/Anaya",
        "accountId": "999999999999",
        "userName": "Anaya",
    },
    "eventTime": "2023-07-19T21:44:40Z",
    "eventSource": "signin.amazonaws.com",
    "eventName": "ConsoleLogin",
    "awsRegion": "us-east-1",
    "sourceIPAddress": "192.0.2.0",
    "userAgent": "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:102.0) Gecko/20100101 Firefox/102.0",
    "requestParameters": None,
    "responseElements": {"ConsoleLogin": "Success"},
    "additionalEventData": {"MobileVersion": "No", "MFAUsed": "No"},
}
"""Source:
https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-aws-console-sign-in-events.html
"""

_SIGN_IN_KIND = "AWS Console Sign In via CloudTrail"
SIGN_IN = event(_SIGN_IN_KIND, "aws.signin", _SIGN_IN)
ROOT_SIGN_IN = event(
    _SIGN_IN_KIND,
    "aws.signin",
    {
        **_SIGN_IN,
        "userIdentity": {
            "type": "Root",
            "principalId": "111122223333",
            "arn": "arn:aws:iam::111122223333:root",
            "accountId": "111122223333",
        },
        "additionalEventData": {"MobileVersion": "No", "MFAUsed": "Yes"},
    },
)
FAILED_SIGN_IN = event(
    _SIGN_IN_KIND,
    "aws.signin",
    {
        **_SIGN_IN,
        "errorMessage": "Failed authentication",
        "responseElements": {"ConsoleLogin": "Failure"},
    },
)

API_CALL = event(
    "AWS API Call via CloudTrail",
    "aws.cloudtrail",
    {
        "eventVersion": "1.08",
        "userIdentity": {
            "type": "AssumedRole",
            "principalId": "AROAEXAMPLE:session",
            "arn": "arn:aws:sts::123456789012:assumed-role/admin/session",
            "accountId": "123456789012",
        },
        "eventTime": "2023-07-19T21:11:57Z",
        "eventSource": "cloudtrail.amazonaws.com",
        "eventName": "StopLogging",
        "awsRegion": "ap-southeast-1",
        "sourceIPAddress": "192.0.2.0",
        "errorCode": "AccessDenied",
        "errorMessage": "not authorized",
        "requestParameters": {"name": "mapvibe-trail"},
        "responseElements": None,
    },
)
"""Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html"""

OTHER_EVENT = event(
    "EC2 Instance State-change Notification",
    "aws.ec2",
    {"instance-id": "i-1234567890abcdef0", "state": "terminated"},
    resources=["arn:aws:ec2:us-east-1:123456789012:instance/i-1234567890abcdef0"],
)
"""Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-events-structure.html"""

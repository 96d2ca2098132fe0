"""GuardDuty, Security Hub, and Access Analyzer: billed by what they look at."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.cost.model import CostLine
from pipeline.cost.pricers.entry import MILLIONTH, Entry
from pipeline.cost.pricing import Pricing, Subject
from pipeline.errors import PipelineError, Status

EVENTS, FLOWS = "monthly_management_events", "monthly_flow_log_and_dns_gb"
S3_EVENTS, RDS_VCPUS = "monthly_s3_data_events", "monitored_rds_vcpus"
PRINCIPALS = "monthly_analyzed_principals"
CHECKS = "monthly_checks"


def detector(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    """An ``aws_guardduty_detector``: CloudTrail's management events, flow logs and DNS queries.

    GuardDuty reads them itself, whether or not the account records them.

    Source: https://aws.amazon.com/guardduty/pricing/
    """
    if not subject.get("enable", True):
        return
    key = "guardduty.management_events"
    yield pricing.used(subject, "management events", key, EVENTS, scale=MILLIONTH)
    yield pricing.used(subject, "flow logs and DNS queries", "guardduty.flow_and_dns", FLOWS)


def detector_feature(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    """An ``aws_guardduty_detector_feature``: a plan that is off costs nothing."""
    name = str(subject.get("name"))
    if str(subject.get("status")) != "ENABLED":
        return
    if name == "S3_DATA_EVENTS":
        yield pricing.used(
            subject, "S3 data events", "guardduty.s3_events", S3_EVENTS, scale=MILLIONTH
        )
    elif name == "RDS_LOGIN_EVENTS":
        yield pricing.used(subject, "vCPUs of databases", "guardduty.rds_vcpu", RDS_VCPUS)
    else:
        raise PipelineError(
            f"catalogue: GuardDuty's plan {name} has no price; add it to "
            "pipeline/cost/pricers/detection.py",
            Status.UNPRICED,
        )


def analyzer(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    """An ``aws_accessanalyzer_analyzer``: one of access from outside costs nothing.

    Source: https://aws.amazon.com/iam/access-analyzer/pricing/
    """
    if str(subject.get("type", "ACCOUNT")).endswith("_UNUSED_ACCESS"):
        yield pricing.used(
            subject, "roles and users analysed", "access_analyzer.unused_access", PRINCIPALS
        )


def hub(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    """An ``aws_securityhub_account``: each control on each resource, at least once a day.

    Source: https://aws.amazon.com/security-hub/pricing/
    """
    yield pricing.used(subject, "checks", "security_hub.check", CHECKS)


_USAGE = "the usage states what is billed"

ENTRIES: dict[str, Entry] = {
    "aws_guardduty_detector": Entry(
        detector,
        frozenset({EVENTS, FLOWS}),
        free={
            "datasources": "each plan is an aws_guardduty_detector_feature",
            "finding_publishing_frequency": "what it reads is billed, and not what it says",
        },
    ),
    "aws_guardduty_detector_feature": Entry(
        detector_feature,
        frozenset({S3_EVENTS, RDS_VCPUS}),
        free={
            "additional_configuration": _USAGE,
            "detector_id": "the detector is billed itself",
        },
    ),
    "aws_accessanalyzer_analyzer": Entry(
        analyzer,
        frozenset({PRINCIPALS}),
        free={"analyzer_name": "it is a name", "configuration": _USAGE},
    ),
    "aws_securityhub_account": Entry(
        hub,
        frozenset({CHECKS}),
        free={
            "auto_enable_controls": _USAGE,
            "control_finding_generator": _USAGE,
            "enable_default_standards": _USAGE,
        },
    ),
}

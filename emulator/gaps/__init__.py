"""Every gap in moto that our stacks fall into, one module a service.

A gap is small, says what plain moto and what AWS does, and has a test that passes on the emulator
and fails on plain moto: when a new moto does the thing itself, that test says so. A filled gap
proves that our Terraform round-trips, not that AWS accepts it.
"""

from __future__ import annotations

import functools

from emulator.gaps import (
    access_analyzer,
    apigatewayv2,
    athena,
    awslambda,
    budgets,
    ce,
    chatbot,
    cloudtrail,
    cloudwatch,
    ec2,
    ec2_defaults,
    events,
    guardduty,
    iam,
    kms,
    logs,
    rds,
    s3,
    securityhub,
    sns,
    sqs,
    ssoadmin,
)
from emulator.gaps.registry import Gap

GAPS: tuple[Gap, ...] = (
    *access_analyzer.GAPS,
    *apigatewayv2.GAPS,
    *athena.GAPS,
    *awslambda.GAPS,
    *budgets.GAPS,
    *ce.GAPS,
    *chatbot.GAPS,
    *cloudtrail.GAPS,
    *cloudwatch.GAPS,
    *ec2.GAPS,
    *ec2_defaults.GAPS,
    *events.GAPS,
    *guardduty.GAPS,
    *iam.GAPS,
    *kms.GAPS,
    *logs.GAPS,
    *rds.GAPS,
    *s3.GAPS,
    *securityhub.GAPS,
    *sns.GAPS,
    *sqs.GAPS,
    *ssoadmin.GAPS,
)


@functools.cache  # filling twice would wrap the wrappers
def fill_all() -> None:
    """Fills every gap in this process.

    Raises:
        emulator.gaps.registry.GapError: if moto no longer has what a filling replaces.
    """
    for gap in GAPS:
        gap.fill()

"""Resource types that cost nothing, each with the reason and a source.

AWS's are in ``pipeline/cost/free.csv``. A source that ends in "(what is billed)" is the service's
page of prices: the type is none of what is billed there, which is a judgement from what it does.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path

from pipeline.cost.pricers.entry import Entry, Unpriced, nothing

FILE = Path(__file__).parent.with_name("free.csv")
"""Columns: the type, why it is free, and where that was read."""

_PROVIDERS: Mapping[str, str] = {
    "random": "it is only in Terraform's state",
    "null": "it is only in Terraform's state",
    "time": "it is only in Terraform's state",
    "tls": "it is only in Terraform's state",
    "terraform": "it is only in Terraform's state",
    "cloudinit": "it is only in Terraform's state",
    "template": "it is only in Terraform's state",
    "http": "it is only in Terraform's state",
    "external": "it is only in Terraform's state",
    "archive": "it is a file of the machine that runs Terraform",
    "local": "it is a file of the machine that runs Terraform",
}
"""First part of the types of a provider that makes nothing in a cloud, to the reason."""


def _read() -> Mapping[str, str]:
    with FILE.open(encoding="utf-8", newline="") as file:
        return {row["type"]: row["reason"] for row in csv.DictReader(file)}


FREE: Mapping[str, str] = _read()
"""Type of AWS to the reason why it is free."""


def free_reason(resource_type: str) -> str | None:
    """Why a resource type costs nothing; ``None`` where it does, or where nobody decided."""
    provider = resource_type.partition("_")[0]
    return FREE.get(resource_type) or _PROVIDERS.get(provider)


def _unless(**arguments: Unpriced) -> Entry:
    """A type that is free unless one of these is set; ``__`` stands for a dot."""
    named = {name.replace("__", "."): decision for name, decision in arguments.items()}
    return Entry(nothing, unpriced=named)


FREE_UNLESS: Mapping[str, Entry] = {
    # https://aws.amazon.com/private-ca/pricing/
    "aws_acm_certificate": _unless(certificate_authority_arn=Unpriced("a private certificate")),
    # https://aws.amazon.com/eventbridge/pricing/
    "aws_cloudwatch_event_connection": _unless(
        invocation_connectivity_parameters=Unpriced("a connection to a private endpoint")
    ),
    # https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/burstable-performance-instances-unlimited-mode.html
    "aws_ec2_default_credit_specification": _unless(
        cpu_credits=Unpriced("credits beyond those that an instance earns", fine=("standard",))
    ),
    # https://docs.aws.amazon.com/AmazonECS/latest/developerguide/cloudwatch-container-insights.html
    "aws_ecs_account_setting_default": _unless(
        name=Unpriced(
            "what the setting switches on in every new cluster",
            fine=(
                "serviceLongArnFormat",
                "taskLongArnFormat",
                "containerInstanceLongArnFormat",
                "awsvpcTrunking",
                "fargateFIPSMode",
                "fargateTaskRetirementWaitPeriod",
                "tagResourceAuthorization",
                "dualStackIPv6",
                "defaultLogDriverMode",
            ),
        )
    ),
    "aws_ecs_cluster": _unless(
        setting__value=Unpriced("metrics and logs of Container Insights", fine=("disabled",))
    ),
    # https://aws.amazon.com/cloudwatch/pricing/, "vended logs"
    "aws_networkfirewall_logging_configuration": _unless(
        logging_configuration__log_destination_config__log_destination_type=Unpriced(
            "the delivery of logs to a bucket", fine=("CloudWatchLogs", "KinesisDataFirehose")
        )
    ),
    # https://aws.amazon.com/cloud-map/pricing/
    "aws_service_discovery_service": _unless(
        health_check_config=Unpriced("a health check of Route 53 for each instance")
    ),
    # https://docs.aws.amazon.com/ses/latest/dg/event-publishing-add-event-destination-cloudwatch.html
    "aws_ses_event_destination": _unless(cloudwatch_destination=Unpriced("custom metrics")),
    "aws_sesv2_configuration_set_event_destination": _unless(
        event_destination__cloud_watch_destination=Unpriced("custom metrics")
    ),
    # https://aws.amazon.com/ses/pricing/, "Virtual Deliverability Manager"
    "aws_sesv2_configuration_set": _unless(
        vdm_options__dashboard_options__engagement_metrics=Unpriced(
            "Virtual Deliverability Manager", fine=("DISABLED",)
        ),
        vdm_options__guardian_options__optimized_shared_delivery=Unpriced(
            "Virtual Deliverability Manager", fine=("DISABLED",)
        ),
    ),
    # https://aws.amazon.com/systems-manager/pricing/, "Automation"
    "aws_ssm_association": _unless(
        automation_target_parameter_name=Unpriced("steps of an automation")
    ),
    "aws_ssm_maintenance_window_task": _unless(
        task_type=Unpriced(
            "steps of an automation", fine=("RUN_COMMAND", "LAMBDA", "STEP_FUNCTIONS")
        )
    ),
}
"""Free types of which an argument costs something, to those arguments."""

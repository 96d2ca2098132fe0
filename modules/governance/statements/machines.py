"""Machines on EC2: which types, whichever way they come to run."""

from __future__ import annotations

from modules.governance.limits import Limits
from modules.iam import Statement

_INSTANCE = "arn:aws:ec2:*:*:instance/*"


def started(limits: Limits) -> Statement:
    """Refuse other types when a machine is started, the first time or again.

    A launch is judged for the machine, its network interface, its volume and so on one by one, and
    only the machine has a type: on ``*`` the refusal would hit all others, whose key is absent.

    Source: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ExamplePolicies_EC2.html
    """
    return Statement(
        sid="InstanceTypes",
        effect="Deny",
        actions=("ec2:RunInstances", "ec2:StartInstances"),
        resources=(_INSTANCE,),
        conditions={"StringNotEquals": {"ec2:InstanceType": limits.instance_types}},
    )


def machines(limits: Limits) -> tuple[Statement, ...]:
    """Refuse other types, however a machine comes to run or gets another type.

    What launches machines later in its own name, or for a reservation, knows no type here at all.

    Source: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html
    """
    return (
        started(limits),
        Statement(
            sid="ResizedInstances",
            effect="Deny",
            actions=("ec2:ModifyInstanceAttribute",),
            resources=(_INSTANCE,),
            conditions={
                "Null": {"ec2:Attribute/InstanceType": "false"},
                "StringNotEquals": {"ec2:Attribute/InstanceType": limits.instance_types},
            },
        ),
        Statement(
            sid="MachinesOfAnyType",
            effect="Deny",
            actions=(
                "autoscaling:CreateAutoScalingGroup",
                "autoscaling:CreateLaunchConfiguration",
                "autoscaling:UpdateAutoScalingGroup",
                "ec2:CreateFleet",
                "ec2:ImportInstance",
                "ec2:ModifyFleet",
                "ec2:ModifySpotFleetRequest",
                "ec2:RequestSpot*",
                "ec2:RunScheduledInstances",
            ),
            resources=("*",),
        ),
    )

"""Machines on EC2 that AWS's agents manage and that read what CloudWatch holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from modules.gitlab_access.services.service import Service
from modules.iam import Statement

if TYPE_CHECKING:
    from modules.gitlab_access.applied_stack import AppliedStack


def _write(stack: AppliedStack) -> tuple[Statement, ...]:
    """Machines, whose ids AWS chooses, and the profiles that hand them their roles.

    ``guards.py`` keeps them off whatever is tagged as another environment's.

    Source: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html
    """
    return (
        Statement(
            sid="Machines",
            actions=(
                "ec2:AssociateIamInstanceProfile",
                "ec2:DisassociateIamInstanceProfile",
                "ec2:ModifyInstanceAttribute",
                "ec2:ModifyInstanceCreditSpecification",
                "ec2:ModifyInstanceMetadataOptions",
                "ec2:ModifyVolume",
                "ec2:ReplaceIamInstanceProfileAssociation",
                "ec2:RunInstances",
                "ec2:StartInstances",
                "ec2:StopInstances",
                "ec2:TerminateInstances",
            ),
            resources=("*",),
        ),
        Statement(
            sid="Profiles",
            actions=(
                "iam:AddRoleToInstanceProfile",
                "iam:CreateInstanceProfile",
                "iam:DeleteInstanceProfile",
                "iam:RemoveRoleFromInstanceProfile",
                "iam:TagInstanceProfile",
                "iam:UntagInstanceProfile",
            ),
            resources=(_profiles(stack),),
        ),
    )


def _read(stack: AppliedStack) -> tuple[Statement, ...]:
    return (
        Statement(
            sid="SeeProfiles",
            actions=("iam:GetInstanceProfile", "iam:ListInstanceProfileTags"),
            resources=(_profiles(stack),),
        ),
    )


def _profiles(stack: AppliedStack) -> str:
    return stack.naming.iam_arn(f"instance-profile/{stack.naming.pattern('*')}")


def _be_managed(_: AppliedStack) -> tuple[Statement, ...]:
    """Sessions and CloudWatch. Of AWS's policy for managed machines reading parameters is left out.

    Source: https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AmazonSSMManagedInstanceCore.html
    """
    return (
        Statement(
            sid="Machines",
            actions=(
                "cloudwatch:Describe*",
                "cloudwatch:Get*",
                "cloudwatch:ListMetrics",
                "ec2messages:AcknowledgeMessage",
                "ec2messages:DeleteMessage",
                "ec2messages:FailMessage",
                "ec2messages:GetEndpoint",
                "ec2messages:GetMessages",
                "ec2messages:SendReply",
                "logs:DescribeLogGroups",
                "logs:Get*",
                "logs:StartQuery",
                "logs:StopQuery",
                "ssm:DescribeAssociation",
                "ssm:DescribeDocument",
                "ssm:GetDeployablePatchSnapshotForInstance",
                "ssm:GetDocument",
                "ssm:GetManifest",
                "ssm:ListAssociations",
                "ssm:ListInstanceAssociations",
                "ssm:PutComplianceItems",
                "ssm:PutConfigurePackageResult",
                "ssm:PutInventory",
                "ssm:UpdateAssociationStatus",
                "ssm:UpdateInstanceAssociationStatus",
                "ssm:UpdateInstanceInformation",
                "ssmmessages:CreateControlChannel",
                "ssmmessages:CreateDataChannel",
                "ssmmessages:OpenControlChannel",
                "ssmmessages:OpenDataChannel",
            ),
            resources=("*",),
        ),
    )


INSTANCES = Service(
    policy="monitoring",
    title="machines",
    write=_write,
    describe=(
        "ec2:DescribeIamInstanceProfileAssociations",
        "ec2:DescribeImages",
        "ec2:DescribeInstanceAttribute",
        "ec2:DescribeInstanceCreditSpecifications",
        "ec2:DescribeInstanceTypes",
        "ec2:DescribeInstances",
        "ec2:DescribeLaunchTemplates",
        "ec2:DescribeVolumes",
        "ec2:DescribeVolumesModifications",
        "ec2:GetInstanceUefiData",
    ),
    read=_read,
    boundary=_be_managed,
    roles_for=("ec2.amazonaws.com",),
    encrypts_as="ec2",
)

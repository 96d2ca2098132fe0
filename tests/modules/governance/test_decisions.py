"""Requests, each with what IAM decides: the groups' policies, boundary and SCPs of dev together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import pytest

from tests.modules.governance.principals import Who, held, request
from tests.support.choices import GRAFANA
from tests.support.iam.decisions import decide
from tests.support.iam.pipeline import refused
from tests.support.provider_calls import (
    ACCOUNT,
    APPLY,
    DATABASE_SIZE,
    LOCKS,
    MACHINE_APPLY,
    MACHINE_PLAN,
    NEW,
    OURS,
    PLAN,
    STATE,
)
from tests.support.stacks import delivery_stack

HERE, EC2 = f"ap-southeast-1:{ACCOUNT}", f"arn:aws:ec2:ap-southeast-1:{ACCOUNT}"
MACHINE, DISK = f"{EC2}:instance/i-0123456789abcdef0", f"{EC2}:volume/vol-0123456789abcdef0"
SUBNET, VPC = f"{EC2}:subnet/subnet-0123456789abcdef0", f"{EC2}:vpc/vpc-0123456789abcdef0"
FLOW_LOG = f"{EC2}:vpc-flow-log/fl-0123456789abcdef0"
TRIED = f"arn:aws:rds:{HERE}:db:mapvibe-dev-try-one"
DATABASE = f"arn:aws:rds:{HERE}:db:mapvibe-dev-database"
FUNCTION = f"arn:aws:lambda:{HERE}:function:mapvibe-dev"
KEY = f"arn:aws:kms:{HERE}:key/01234567-0123-0123-0123-0123456789ab"
IAM = f"arn:aws:iam::{ACCOUNT}"
BEDROCK = "arn:aws:bedrock:{region}::foundation-model/amazon.nova-lite-v1:0"
PROFILE = f"arn:aws:bedrock:{HERE}:inference-profile"
PEOPLES, PIPELINES = (
    f"{IAM}:policy/mapvibe-dev-{name}"
    for name in ("governance-people-boundary", "pipeline-boundary")
)
STATE_KEY = {"kms:ResourceAliases": ["alias/mapvibe-dev-state"]}

Context = Mapping[str, Any]
ALL: tuple[Who, ...] = (
    "developer",
    "operator",
    "auditor",
    "developer of prod",
    "pipeline widened",
    "service",
    "within the boundary",
    "in a group",
    "under the SCPs",
)
"""Everybody but administrators; most of them have all permissions but for one layer of the limits."""
PEOPLE: tuple[Who, ...] = ALL[:4]
LAYERS: tuple[Who, ...] = (
    "pipeline widened",
    "within the boundary",
    "in a group",
    "under the SCPs",
)
"""Each refuses by itself what is outside of the limits."""


class Row(NamedTuple):
    """One request, by each of several."""

    whose: tuple[Who, ...] | Who
    action: str
    resource: str
    context: Context
    allowed: bool


def machine(kind: str, **tags: Any) -> Context:
    return {**NEW, "ec2:InstanceType": kind, **tags}


def disk(size: int, kind: str = "gp3", **more: str) -> Context:
    return {"ec2:VolumeSize": str(size), "ec2:VolumeType": kind, **more}


def database(kind: str, size: int = 20) -> Context:
    return {**NEW, "rds:DatabaseClass": kind, "rds:StorageSize": str(size), "rds:Piops": "0"}


def region(name: str) -> Context:
    return {"aws:RequestedRegion": name}


def without(tag: str) -> Context:
    """The tags of what is made, but for one."""
    kept = {key: value for key, value in NEW.items() if key != f"aws:RequestTag/{tag}"}
    return {**kept, "aws:TagKeys": [key for key in NEW["aws:TagKeys"] if key != tag]}


def through(profile: str, place: str) -> Context:
    return {**region(place), "bedrock:InferenceProfileArn": f"{PROFILE}/{profile}"}


APAC, GLOBAL = "apac.amazon.nova-lite-v1:0", "global.anthropic.claude-sonnet-5"

MACHINES = [
    Row(("developer", "pipeline", "in a group", "within the boundary", "under the SCPs"), "ec2:RunInstances", MACHINE, machine("t3.micro"), True),
    Row(("developer", "pipeline"), "ec2:RunInstances", MACHINE, machine("t3.small"), True),
    Row(ALL, "ec2:RunInstances", MACHINE, machine("t3.medium"), False),
    Row(ALL, "ec2:RunInstances", MACHINE, machine("t4g.micro"), False),
    Row(ALL, "ec2:RunInstances", MACHINE, machine("p5.48xlarge"), False),
    Row(ALL, "ec2:RunInstances", MACHINE, machine("T3.micro"), False),
    Row(ALL, "ec2:RunInstances", MACHINE, NEW, False),
    Row(("operator", "auditor", "developer of prod"), "ec2:RunInstances", MACHINE, machine("t3.micro"), False),
    # The refusal of types does not hit what has none.
    Row(("developer", "pipeline", "in a group", "within the boundary"), "ec2:RunInstances", SUBNET, {}, True),
    Row(("developer", "pipeline"), "ec2:RunInstances", f"{EC2}:network-interface/eni-0123456789abcdef0", {}, True),
    Row("developer", "ec2:StartInstances", MACHINE, {**OURS, "ec2:InstanceType": "t3.micro"}, True),
    Row("operator", "ec2:StartInstances", MACHINE, {**OURS, "ec2:InstanceType": "t3.micro"}, True),
    Row(ALL, "ec2:StartInstances", MACHINE, {**OURS, "ec2:InstanceType": "m5.4xlarge"}, False),
    Row("developer", "ec2:TerminateInstances", MACHINE, OURS, True),
    Row("developer", "ec2:TerminateInstances", MACHINE, {**OURS, "aws:ResourceTag/ManagedBy": "cdktf"}, False),
    Row("developer", "ec2:TerminateInstances", MACHINE, {}, False),
    # Tags are given with the call that makes something, so that the pipeline's stay as they are.
    Row("developer", "ec2:CreateTags", MACHINE, {**NEW, "ec2:CreateAction": "RunInstances"}, True),
    Row(PEOPLE, "ec2:CreateTags", MACHINE, {**OURS, "aws:RequestTag/ManagedBy": "anna", "aws:TagKeys": ["ManagedBy"]}, False),
    Row("developer", "ec2:AttachVolume", DISK, {**OURS, "aws:ResourceTag/ManagedBy": "cdktf"}, False),
    Row("operator", "ec2:StopInstances", MACHINE, OURS, True),
    Row("operator", "ec2:StopInstances", MACHINE, {"aws:ResourceTag/Environment": "prod"}, False),
    Row(("pipeline widened", "in a group", "under the SCPs", "within the boundary"), "ec2:ModifyInstanceAttribute", MACHINE, {"ec2:Attribute": "InstanceType", "ec2:Attribute/InstanceType": "m5.large"}, False),
    Row(("pipeline", "pipeline widened", "under the SCPs"), "ec2:ModifyInstanceAttribute", MACHINE, {"ec2:Attribute/InstanceType": "t3.small"}, True),
    Row("pipeline", "ec2:ModifyInstanceAttribute", MACHINE, {"ec2:Attribute": "SourceDestCheck"}, True),
    Row(ALL, "ec2:CreateFleet", MACHINE, machine("t3.micro"), False),
    Row(ALL, "ec2:CreateFleet", f"{EC2}:fleet/fleet-0123abcd", NEW, False),
    Row(ALL, "ec2:RequestSpotInstances", f"{EC2}:spot-instances-request/sir-0123abcd", NEW, False),
    Row(ALL, "ec2:RequestSpotFleet", f"{EC2}:spot-fleet-request/sfr-0123abcd", NEW, False),
    Row(ALL, "ec2:ModifyFleet", f"{EC2}:fleet/fleet-0123abcd", {}, False),
    Row(ALL, "autoscaling:CreateAutoScalingGroup", f"arn:aws:autoscaling:{HERE}:autoScalingGroup:*:autoScalingGroupName/a".replace("*", "0123"), NEW, False),
    Row(ALL, "ec2:AllocateHosts", f"{EC2}:dedicated-host/h-0123abcd", NEW, False),
    Row(ALL, "ec2:CreateCapacityReservation", f"{EC2}:capacity-reservation/cr-0123abcd", NEW, False),
]  # fmt: skip

VOLUMES = [
    Row(("developer", "pipeline"), "ec2:RunInstances", DISK, disk(8), True),
    Row(("developer", "pipeline"), "ec2:RunInstances", DISK, disk(50), True),
    Row(ALL, "ec2:RunInstances", DISK, disk(51), False),
    Row(ALL, "ec2:RunInstances", DISK, {"ec2:VolumeType": "gp3"}, False),
    Row(ALL, "ec2:RunInstances", DISK, {"ec2:VolumeSize": "8"}, False),
    Row(("developer", "in a group", "within the boundary", "under the SCPs"), "ec2:CreateVolume", DISK, {**NEW, **disk(50)}, True),
    Row(ALL, "ec2:CreateVolume", DISK, {**NEW, **disk(16384)}, False),
    Row(ALL, "ec2:CreateVolume", DISK, {**NEW, **disk(8, "io2")}, False),
    Row(ALL, "ec2:CreateVolume", DISK, {**NEW, **disk(8, "gp2")}, False),
    Row(ALL, "ec2:CreateVolume", DISK, {**NEW, **disk(50, **{"ec2:VolumeIops": "16000"})}, False),
    Row(ALL, "ec2:CreateVolume", DISK, {**NEW, **disk(50, **{"ec2:VolumeThroughput": "1000"})}, False),
    Row(("pipeline", "under the SCPs"), "ec2:ModifyVolume", DISK, disk(50), True),
    Row(("pipeline", "under the SCPs"), "ec2:ModifyVolume", DISK, {}, True),
    Row(ALL, "ec2:ModifyVolume", DISK, disk(51), False),
    Row(ALL, "ec2:ModifyVolume", DISK, disk(8, "io1"), False),
    Row((*PEOPLE, "in a group", "within the boundary"), "ec2:ModifyVolume", DISK, disk(50), False),
    Row("developer", "ec2:CreateVolume", "arn:aws:ec2:ap-southeast-1::snapshot/snap-0123abcd", {}, True),
]  # fmt: skip

DATABASES = [
    Row(("pipeline", "under the SCPs", "in a group", "within the boundary"), "rds:CreateDBInstance", DATABASE, database("db.t4g.micro"), True),
    Row("developer", "rds:CreateDBInstance", TRIED, database("db.t3.micro"), True),
    Row("developer", "rds:CreateDBInstance", DATABASE, database("db.t3.micro"), False),
    Row(ALL, "rds:CreateDBInstance", DATABASE, database("db.r6g.16xlarge"), False),
    Row(ALL, "rds:CreateDBInstance", TRIED, database("db.t3.small"), False),
    Row(ALL, "rds:CreateDBInstance", TRIED, database("db.serverless"), False),
    Row(ALL, "rds:CreateDBInstance", TRIED, NEW, False),
    Row(ALL, "rds:CreateDBInstance", TRIED, database("db.t3.micro", 51), False),
    Row(ALL, "rds:CreateDBInstance", TRIED, {**database("db.t3.micro"), "rds:Piops": "40000"}, False),
    # What the request names beside the database has no class.
    Row(("developer", "in a group", "within the boundary", "under the SCPs"), "rds:CreateDBInstance", f"arn:aws:rds:{HERE}:subgrp:mapvibe-dev-database", NEW, True),
    Row(("developer", "in a group", "within the boundary", "under the SCPs"), "rds:CreateDBInstance", f"arn:aws:rds:{HERE}:pg:default.postgres17", NEW, True),
    Row("developer", "rds:RestoreDBInstanceFromDBSnapshot", TRIED, database("db.t3.micro"), True),
    Row(ALL, "rds:RestoreDBInstanceFromDBSnapshot", TRIED, database("db.m7g.large"), False),
    Row(ALL, "rds:RestoreDBInstanceFromDBSnapshot", TRIED, NEW, False),
    Row(ALL, "rds:RestoreDBInstanceToPointInTime", TRIED, database("db.m7g.large"), False),
    Row(ALL, "rds:RestoreDBInstanceToPointInTime", TRIED, NEW, False),
    Row(ALL, "rds:RestoreDBInstanceFromS3", TRIED, database("db.m7g.large"), False),
    Row(ALL, "rds:CreateDBInstanceReadReplica", TRIED, database("db.m7g.large"), False),
    Row(ALL, "rds:CreateDBInstanceReadReplica", TRIED, NEW, False),
    # The key of a change, whether it is the class before or after it.
    Row(("pipeline", "under the SCPs"), "rds:ModifyDBInstance", DATABASE, DATABASE_SIZE, True),
    Row(("pipeline", "under the SCPs"), "rds:ModifyDBInstance", DATABASE, {}, True),
    Row(ALL, "rds:ModifyDBInstance", DATABASE, {"rds:DatabaseClass": "db.r6g.16xlarge"}, False),
    Row(ALL, "rds:ModifyDBInstance", DATABASE, {"rds:StorageSize": "1000"}, False),
    Row((*PEOPLE, "in a group", "within the boundary"), "rds:ModifyDBInstance", DATABASE, DATABASE_SIZE, False),
    Row("operator", "rds:StartDBInstance", DATABASE, {}, True),
    Row("operator", "rds:RebootDBInstance", DATABASE, {}, True),
    Row(ALL, "rds:StartDBInstance", DATABASE, {"rds:DatabaseClass": "db.r6g.large"}, False),
    Row((*PEOPLE, "in a group", "within the boundary"), "rds:CreateDBProxy", "*", NEW, False),
    Row(PEOPLE, "rds:DeleteDBInstance", DATABASE, {}, False),
    Row("developer", "rds:DeleteDBInstance", TRIED, {}, True),
    Row(ALL, "rds:CreateDBCluster", f"arn:aws:rds:{HERE}:cluster:a", database("db.t4g.micro"), False),
    Row(ALL, "rds:RestoreDBClusterToPointInTime", f"arn:aws:rds:{HERE}:cluster:a", NEW, False),
    Row(ALL, "rds:CreateGlobalCluster", f"arn:aws:rds:{HERE}:cluster:a", NEW, False),
    Row(ALL, "rds:CreateBlueGreenDeployment", f"arn:aws:rds:{HERE}:deployment:a", NEW, False),
]  # fmt: skip

PURCHASES = [
    Row((*ALL, "administrator"), "ec2:PurchaseReservedInstancesOffering", "*", {}, False),
    Row((*ALL, "administrator"), "ec2:PurchaseScheduledInstances", "*", {}, False),
    Row((*ALL, "administrator"), "ec2:PurchaseCapacityBlock", f"{EC2}:capacity-reservation/cr-0123abcd", NEW, False),
    Row((*ALL, "administrator"), "rds:PurchaseReservedDBInstancesOffering", f"arn:aws:rds:{HERE}:ri:a", NEW, False),
    Row((*ALL, "administrator"), "savingsplans:CreateSavingsPlan", "*", NEW, False),
    Row((*ALL, "administrator"), "bedrock:CreateProvisionedModelThroughput", BEDROCK.format(region="ap-southeast-1"), NEW, False),
    Row((*ALL, "administrator"), "aws-marketplace:Subscribe", "*", {}, False),
    Row(("administrator", "under the SCPs"), "aws-marketplace:Subscribe", "*", {"aws:CalledViaLast": "bedrock.amazonaws.com"}, True),
    Row((*ALL, "administrator"), "route53domains:RegisterDomain", "*", {}, False),
    Row((*ALL, "administrator"), "shield:CreateSubscription", "*", {}, False),
    Row((*ALL, "administrator"), "dynamodb:PurchaseReservedCapacityOfferings", "*", {}, False),
    Row((*ALL, "administrator"), "elasticache:PurchaseReservedCacheNodesOffering", f"arn:aws:elasticache:{HERE}:reserved-instance:a", NEW, False),
    # By the hour, and without a class that a policy could read.
    Row((*PEOPLE, "in a group", "within the boundary"), "ec2:CreateNatGateway", f"{EC2}:natgateway/nat-0123abcd", NEW, False),
    Row((*PEOPLE, "in a group", "within the boundary"), "ec2:CreateVpcEndpoint", f"{EC2}:vpc-endpoint/vpce-0123abcd", NEW, False),
    Row((*PEOPLE, "in a group", "within the boundary"), "lambda:PutProvisionedConcurrencyConfig", f"{FUNCTION}-rag:live", {}, False),
    Row((*PEOPLE, "in a group", "within the boundary"), "ec2:ModifyInstanceCreditSpecification", MACHINE, {}, False),
    Row((*PEOPLE, "within the boundary"), "sagemaker:CreateNotebookInstance", f"arn:aws:sagemaker:{HERE}:notebook-instance/a", NEW, False),
    Row((*PEOPLE, "within the boundary"), "redshift:CreateCluster", f"arn:aws:redshift:{HERE}:cluster:a", NEW, False),
    Row(("pipeline", "under the SCPs"), "ec2:CreateNatGateway", f"{EC2}:natgateway/nat-0123abcd", NEW, True),
]  # fmt: skip

REGIONS = [
    Row(ALL, "ec2:RunInstances", MACHINE, {**machine("t3.micro"), **region("us-east-1")}, False),
    Row(ALL, "ec2:DescribeInstances", "*", region("us-west-2"), False),
    Row(ALL, "s3:CreateBucket", "arn:aws:s3:::mapvibe-dev-other", region("eu-west-1"), False),
    Row(ALL, "lambda:CreateFunction", f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:mapvibe-dev-try-a", {**NEW, **region("us-east-1")}, False),
    Row(ALL, "acm:RequestCertificate", "*", {**NEW, **region("us-east-1")}, False),
    Row(ALL, "kms:CreateKey", "*", {**NEW, **region("us-east-1")}, False),
    Row("administrator", "ec2:DescribeInstances", "*", region("us-west-2"), True),
    Row(("developer", "operator", "auditor", "in a group", "within the boundary", "under the SCPs"), "iam:ListRoles", "*", region("us-east-1"), True),
    Row(("developer", "auditor", "in a group", "under the SCPs"), "ce:GetCostForecast", f"arn:aws:billing::{ACCOUNT}:billingview/primary", region("us-east-1"), True),
    Row(("developer", "in a group", "under the SCPs"), "s3:ListAllMyBuckets", "*", region("us-east-1"), True),
    Row(("pipeline", "under the SCPs"), "route53:AssociateVPCWithHostedZone", "arn:aws:route53:::hostedzone/Z0123ABCD", region("us-east-1"), True),
    Row(("in a group", "under the SCPs"), "support:CreateCase", "*", region("us-east-1"), True),
]  # fmt: skip

MODELS = [
    Row(("developer", "service", "in a group", "within the boundary", "under the SCPs"), "bedrock:InvokeModel", BEDROCK.format(region="ap-southeast-1"), {}, True),
    Row(("developer", "service", "in a group", "within the boundary", "under the SCPs"), "bedrock:InvokeModel", f"{PROFILE}/{APAC}", {}, True),
    # The same request, judged once more where the profile sends it.
    Row(("developer", "service", "in a group", "within the boundary", "under the SCPs"), "bedrock:InvokeModel", BEDROCK.format(region="ap-northeast-1"), through(APAC, "ap-northeast-1"), True),
    Row(("developer", "service", "in a group", "within the boundary", "under the SCPs"), "bedrock:InvokeModel", BEDROCK.format(region="ap-south-2"), through(APAC, "ap-south-2"), True),
    Row(ALL, "bedrock:InvokeModel", BEDROCK.format(region="ap-northeast-1"), region("ap-northeast-1"), False),
    Row(ALL, "bedrock:InvokeModelWithResponseStream", BEDROCK.format(region="us-east-1"), region("us-east-1"), False),
    Row(ALL, "bedrock:InvokeModel", BEDROCK.format(region="us-east-1"), through("us.amazon.nova-lite-v1:0", "us-east-1"), False),
    Row(ALL, "bedrock:InvokeModel", BEDROCK.format(region="ap-southeast-1"), through(GLOBAL, "unspecified"), False),
    Row(ALL, "bedrock:InvokeModel", BEDROCK.format(region="ap-northeast-1"), {**region("ap-northeast-1"), "bedrock:InferenceProfileArn": f"arn:aws:bedrock:ap-northeast-1:{ACCOUNT}:inference-profile/{APAC}"}, False),
    Row(ALL, "bedrock:InvokeModel", BEDROCK.format(region="ap-northeast-1"), {**region("ap-northeast-1"), "bedrock:InferenceProfileArn": f"arn:aws:bedrock:{HERE}:application-inference-profile/apac.x"}, False),
    # A model that nobody has chosen, and one of another maker, in the right region.
    Row("service", "bedrock:InvokeModel", "arn:aws:bedrock:ap-southeast-1::foundation-model/anthropic.claude-opus-9", {}, False),
    Row("service", "bedrock:InvokeModel", f"arn:aws:bedrock:{HERE}:provisioned-model/0123abcd", {}, False),
]  # fmt: skip

TAGS = [
    Row(ALL, "ec2:RunInstances", MACHINE, {**without("Environment"), "ec2:InstanceType": "t3.micro"}, False),
    Row(ALL, "ec2:RunInstances", MACHINE, {**without("Project"), "ec2:InstanceType": "t3.micro"}, False),
    Row(ALL, "ec2:RunInstances", MACHINE, {"ec2:InstanceType": "t3.micro"}, False),
    Row(ALL, "ec2:RunInstances", MACHINE, machine("t3.micro", **{"aws:RequestTag/Environment": "prod"}), False),
    Row(ALL, "ec2:RunInstances", MACHINE, machine("t3.micro", **{"aws:RequestTag/Project": "other"}), False),
    # IAM takes "environment" for "Environment"; the bill does not.
    Row(ALL, "ec2:RunInstances", MACHINE, {"ec2:InstanceType": "t3.micro", "aws:RequestTag/environment": "dev", "aws:RequestTag/project": "mapvibe", "aws:TagKeys": ["environment", "project"]}, False),
    Row(ALL, "ec2:CreateVolume", DISK, {**without("Project"), **disk(8)}, False),
    Row(ALL, "rds:CreateDBInstance", TRIED, {**database("db.t3.micro"), **without("Environment"), "aws:TagKeys": ["Project"]}, False),
    Row(LAYERS, "lambda:CreateFunction", f"{FUNCTION}-try-a", without("Environment"), False),
    Row("developer", "lambda:CreateFunction", f"{FUNCTION}-try-a", NEW, True),
    Row("developer", "lambda:CreateFunction", f"{FUNCTION}-rag", NEW, False),
    Row(("pipeline", "pipeline widened"), "ec2:CreateVpc", VPC, {}, False),
    Row(("pipeline", "under the SCPs"), "ec2:CreateVpc", VPC, NEW, True),
    Row(("pipeline widened", "under the SCPs", "in a group"), "ec2:CreateVpc", VPC, without("Project"), False),
    Row(("pipeline widened", "under the SCPs", "in a group"), "kms:CreateKey", "*", without("Project"), False),
    Row(("pipeline widened", "under the SCPs", "in a group"), "ec2:AllocateAddress", f"{EC2}:elastic-ip/eipalloc-0123abcd", {}, False),
    Row(("pipeline widened", "under the SCPs", "in a group"), "secretsmanager:CreateSecret", f"arn:aws:secretsmanager:{HERE}:secret:other-a1B2c3", {}, False),
    # What cannot be tagged when it is made.
    Row(("pipeline", "under the SCPs"), "secretsmanager:CreateSecret", f"arn:aws:secretsmanager:{HERE}:secret:rds!db-0123-a1B2c3", {}, True),
    Row(("pipeline", "under the SCPs"), "s3:CreateBucket", f"arn:aws:s3:::mapvibe-dev-vpc-flow-{ACCOUNT}", {}, True),
    Row(("service", "under the SCPs"), "ec2:CreateNetworkInterface", f"{EC2}:network-interface/eni-0123abcd", {}, True),
    Row("under the SCPs", "route53:CreateHostedZone", "*", {}, True),
    # Kept as they are.
    Row(LAYERS, "ec2:CreateTags", MACHINE, {**OURS, "aws:RequestTag/Environment": "prod", "aws:TagKeys": ["Environment"]}, False),
    Row(LAYERS, "ec2:CreateTags", MACHINE, {**OURS, "aws:RequestTag/environment": "prod", "aws:TagKeys": ["environment"]}, False),
    Row(("pipeline", "under the SCPs", "in a group"), "ec2:CreateTags", MACHINE, {**OURS, "aws:RequestTag/Name": "a", "aws:TagKeys": ["Name"]}, True),
    Row(LAYERS, "ec2:DeleteTags", MACHINE, {**OURS, "aws:TagKeys": ["Name", "Project"]}, False),
    Row(LAYERS, "ec2:DeleteTags", MACHINE, OURS, False),
    Row(("pipeline", "under the SCPs", "in a group"), "ec2:DeleteTags", MACHINE, {**OURS, "aws:TagKeys": ["Name"]}, True),
    Row(LAYERS, "rds:RemoveTagsFromResource", DATABASE, {"aws:TagKeys": ["Environment"]}, False),
    Row(LAYERS, "lambda:UntagResource", f"{FUNCTION}-rag", {"aws:TagKeys": ["Environment"]}, False),
    Row(LAYERS, "elasticloadbalancing:RemoveTags", f"arn:aws:elasticloadbalancing:{HERE}:loadbalancer/app/a/0123", {"aws:TagKeys": ["Project"]}, False),
    Row(LAYERS, "iam:UntagRole", f"{IAM}:role/mapvibe-dev-rag", {"aws:TagKeys": ["Environment"]}, False),
    Row(LAYERS, "lambda:TagResource", f"{FUNCTION}-rag", {"aws:RequestTag/Environment": "prod", "aws:TagKeys": ["Environment"]}, False),
    Row(("pipeline", "under the SCPs"), "lambda:UntagResource", f"{FUNCTION}-rag", {"aws:TagKeys": ["Owner"]}, True),
]  # fmt: skip

GUARD_RAILS = [
    Row((*PEOPLE, "in a group", "under the SCPs", "within the boundary"), "budgets:ModifyBudget", f"arn:aws:budgets::{ACCOUNT}:budget/mapvibe-dev-monthly", {}, False),
    Row((*PEOPLE, "in a group", "under the SCPs", "within the boundary"), "budgets:DeleteBudgetAction", f"arn:aws:budgets::{ACCOUNT}:budget/a/action/b", {}, False),
    Row("administrator", "budgets:ModifyBudget", f"arn:aws:budgets::{ACCOUNT}:budget/mapvibe-dev-monthly", {}, True),
    Row((*PEOPLE, "in a group", "under the SCPs", "within the boundary"), "ce:DeleteAnomalyMonitor", f"arn:aws:ce::{ACCOUNT}:anomalymonitor/0123", {}, False),
    Row((*PEOPLE, "in a group", "under the SCPs", "within the boundary"), "cloudtrail:StopLogging", f"arn:aws:cloudtrail:{HERE}:trail/a", {}, False),
    Row((*PEOPLE, "in a group", "under the SCPs", "within the boundary"), "cloudtrail:DeleteTrail", f"arn:aws:cloudtrail:{HERE}:trail/a", {}, False),
    Row((*PEOPLE, "in a group", "under the SCPs", "within the boundary"), "cloudtrail:PutEventSelectors", f"arn:aws:cloudtrail:{HERE}:trail/a", {}, False),
    Row((*PEOPLE, "in a group", "under the SCPs", "within the boundary"), "guardduty:DeleteDetector", f"arn:aws:guardduty:{HERE}:detector/0123", {}, False),
    Row((*PEOPLE, "in a group", "under the SCPs", "within the boundary"), "organizations:LeaveOrganization", "*", {}, False),
    Row((*PEOPLE, "in a group", "under the SCPs", "within the boundary"), "ec2:DeleteFlowLogs", FLOW_LOG, OURS, False),
    Row(("pipeline", "pipeline widened"), "ec2:DeleteFlowLogs", FLOW_LOG, {}, False),
    Row(("pipeline", "pipeline widened"), "ec2:DeleteFlowLogs", FLOW_LOG, {"aws:ResourceTag/Environment": "prod"}, False),
    Row(("pipeline", "pipeline widened"), "ec2:DeleteVpc", VPC, {}, False),
    Row("pipeline", "ec2:DeleteVpc", VPC, OURS, True),
    Row((*PEOPLE, "in a group", "under the SCPs", "within the boundary"), "s3:PutObject", STATE, {}, False),
    Row((*PEOPLE, "in a group", "under the SCPs", "within the boundary"), "s3:GetObject", STATE, {}, False),
    Row(("pipeline", "administrator"), "s3:PutObject", STATE, {}, True),
    Row((*PEOPLE, "in a group", "under the SCPs", "within the boundary"), "s3:DeleteBucket", STATE.partition("/")[0], {}, False),
    Row((*PEOPLE, "in a group", "under the SCPs", "within the boundary"), "dynamodb:DeleteItem", LOCKS, {}, False),
    Row((*ALL, "pipeline"), "kms:ScheduleKeyDeletion", KEY, STATE_KEY, False),
    Row("administrator", "kms:ScheduleKeyDeletion", KEY, STATE_KEY, True),
    Row(("pipeline", "under the SCPs"), "kms:ScheduleKeyDeletion", KEY, {}, True),
    # The boundaries, and who made them.
    *(Row((*ALL, "pipeline"), action, policy, {}, False) for policy in (PEOPLES, PIPELINES) for action in ("iam:CreatePolicyVersion", "iam:SetDefaultPolicyVersion", "iam:DeletePolicyVersion", "iam:DeletePolicy")),
    Row("administrator", "iam:CreatePolicyVersion", PEOPLES, {}, True),
    Row((*PEOPLE, "in a group", "under the SCPs", "within the boundary"), "iam:DeleteUserPermissionsBoundary", f"{IAM}:user/anna", {"iam:PermissionsBoundary": PEOPLES}, False),
    Row((*PEOPLE, "in a group", "under the SCPs", "within the boundary"), "iam:PutUserPermissionsBoundary", f"{IAM}:user/anna", {"iam:PermissionsBoundary": f"{IAM}:policy/wide"}, False),
    Row((*ALL, "pipeline"), "iam:DeleteRolePermissionsBoundary", f"{IAM}:role/mapvibe-dev-rag", {"iam:PermissionsBoundary": PIPELINES}, False),
    Row((*ALL, "pipeline"), "iam:CreateRole", f"{IAM}:role/mapvibe-dev-x", {}, False),
    Row((*ALL, "pipeline"), "iam:CreateRole", f"{IAM}:role/mapvibe-dev-x", {"iam:PermissionsBoundary": f"{IAM}:policy/mapvibe-dev-my-boundary"}, False),
    Row("pipeline", "iam:CreateRole", f"{IAM}:role/mapvibe-dev-x", {"iam:PermissionsBoundary": PIPELINES}, True),
    Row((*PEOPLE, "in a group", "within the boundary", "under the SCPs"), "iam:CreateUser", f"{IAM}:user/b", {}, False),
    Row((*PEOPLE, "in a group", "within the boundary"), "iam:AttachUserPolicy", f"{IAM}:user/anna", {"iam:PolicyARN": "arn:aws:iam::aws:policy/AdministratorAccess"}, False),
    Row((*PEOPLE, "in a group", "within the boundary", "under the SCPs"), "iam:AddUserToGroup", f"{IAM}:group/mapvibe-dev-governance-operators", {}, False),
    Row((*ALL, "pipeline"), "iam:UpdateAssumeRolePolicy", f"{IAM}:role/mapvibe-dev-governance-budget-action", {}, False),
    Row((*ALL, "pipeline"), "iam:PassRole", f"{IAM}:role/mapvibe-dev-governance-budget-action", {"iam:PassedToService": "lambda.amazonaws.com"}, False),
    Row((*ALL, "pipeline"), "iam:PassRole", f"{IAM}:role/mapvibe-dev-pipeline-apply", {"iam:PassedToService": "lambda.amazonaws.com"}, False),
    Row((*PEOPLE, "pipeline", "in a group", "within the boundary"), "iam:PassRole", f"{IAM}:role/Administrator", {"iam:PassedToService": "lambda.amazonaws.com"}, False),
    Row("developer", "iam:PassRole", f"{IAM}:role/mapvibe-dev-try-function", {"iam:PassedToService": "lambda.amazonaws.com"}, True),
    Row(("developer", "within the boundary"), "iam:PassRole", f"{IAM}:role/mapvibe-dev-try-function", {"iam:PassedToService": "glue.amazonaws.com"}, False),
    Row((*PEOPLE, "within the boundary"), "iam:PassRole", f"{IAM}:role/mapvibe-dev-rag", {"iam:PassedToService": "lambda.amazonaws.com"}, False),
    Row("developer of prod", "iam:PassRole", f"{IAM}:role/mapvibe-prod-rag", {"iam:PassedToService": "lambda.amazonaws.com"}, False),
]  # fmt: skip

WITHOUT_A_SECOND_FACTOR = {"aws:MultiFactorAuthPresent": "false"}
SIGNING_IN = [
    Row("developer", "ec2:DescribeInstances", "*", {}, True),
    Row("developer", "ec2:DescribeInstances", "*", WITHOUT_A_SECOND_FACTOR, False),
    Row(("developer", "operator", "auditor"), "iam:EnableMFADevice", f"{IAM}:user/anna", WITHOUT_A_SECOND_FACTOR, True),
    Row(("developer", "operator", "auditor"), "iam:CreateVirtualMFADevice", f"{IAM}:mfa/anna", WITHOUT_A_SECOND_FACTOR, True),
    Row(("developer", "operator", "auditor"), "iam:ChangePassword", f"{IAM}:user/anna", WITHOUT_A_SECOND_FACTOR, True),
    Row("developer", "iam:CreateAccessKey", f"{IAM}:user/anna", WITHOUT_A_SECOND_FACTOR, False),
    Row("developer", "iam:CreateAccessKey", f"{IAM}:user/anna", {}, True),
    Row(("developer", "operator", "auditor"), "iam:CreateAccessKey", f"{IAM}:user/bert", {}, False),
    Row(("developer", "operator", "auditor"), "iam:DeactivateMFADevice", f"{IAM}:user/bert", {}, False),
]  # fmt: skip

GROUPS = [
    Row(("developer", "operator", "auditor"), "lambda:GetFunction", f"{FUNCTION}-rag", {}, True),
    Row(("developer", "operator", "auditor"), "rds:DescribeDBInstances", DATABASE, {}, True),
    Row(("developer", "operator", "auditor"), "budgets:ViewBudget", f"arn:aws:budgets::{ACCOUNT}:budget/mapvibe-dev-monthly", {}, True),
    Row(("developer", "operator"), "logs:FilterLogEvents", f"arn:aws:logs:{HERE}:log-group:/aws/lambda/mapvibe-dev-rag:log-stream:", {}, True),
    Row("auditor", "logs:FilterLogEvents", f"arn:aws:logs:{HERE}:log-group:/aws/lambda/mapvibe-dev-rag:log-stream:", {}, False),
    Row(("developer", "operator", "auditor"), "secretsmanager:GetSecretValue", f"arn:aws:secretsmanager:{HERE}:secret:mapvibe/dev/database/mapvibe_app-a1B2c3", {}, False),
    Row("operator", "secretsmanager:PutSecretValue", f"arn:aws:secretsmanager:{HERE}:secret:mapvibe/dev/alerts/slack-webhook-a1B2c3", {}, True),
    Row(("developer", "auditor"), "secretsmanager:PutSecretValue", f"arn:aws:secretsmanager:{HERE}:secret:mapvibe/dev/alerts/slack-webhook-a1B2c3", {}, False),
    Row("operator", "lambda:UpdateAlias", f"{FUNCTION}-rag:live", {}, True),
    Row("operator", "lambda:UpdateFunctionCode", f"{FUNCTION}-rag", {}, False),
    Row("operator", "cloudwatch:DisableAlarmActions", f"arn:aws:cloudwatch:{HERE}:alarm:mapvibe-dev-api-errors", {}, True),
    Row("auditor", "cloudwatch:DisableAlarmActions", f"arn:aws:cloudwatch:{HERE}:alarm:mapvibe-dev-api-errors", {}, False),
    Row(("operator", "developer", "auditor"), "cloudwatch:DeleteAlarms", f"arn:aws:cloudwatch:{HERE}:alarm:mapvibe-dev-api-errors", {}, False),
    Row("operator", "rds:CreateDBSnapshot", DATABASE, NEW, True),
    Row(("developer", "operator"), "s3:GetObject", f"arn:aws:s3:::mapvibe-dev-vpc-flow-{ACCOUNT}/a", {}, True),
    Row(("developer", "operator", "auditor"), "s3:GetObject", "arn:aws:s3:::mapvibe-dev-documents/a", {}, False),
    Row("operator", "lambda:InvokeFunction", f"{FUNCTION}-rag", {}, True),
    Row("operator", "lambda:InvokeFunction", f"{FUNCTION}-rag".replace("-dev-", "-prod-"), {}, False),
]  # fmt: skip

TABLE = {
    "machines": MACHINES,
    "volumes": VOLUMES,
    "databases": DATABASES,
    "purchases": PURCHASES,
    "regions": REGIONS,
    "models": MODELS,
    "tags": TAGS,
    "guard rails": GUARD_RAILS,
    "signing in": SIGNING_IN,
    "groups": GROUPS,
}


def whose(row: Row) -> Iterator[Who]:
    yield from [row.whose] if isinstance(row.whose, str) else row.whose


@pytest.mark.parametrize("theme", TABLE)
def test_iam_decides_as_the_table_says(theme: str) -> None:
    """Together for each principal: a decision takes milliseconds, a question to Node as long."""
    asked: dict[Who, list[Row]] = {}
    for row in TABLE[theme]:
        for who in whose(row):
            asked.setdefault(who, []).append(row)
    wrong = []
    for who, rows in asked.items():
        requests = [request(who, row.action, row.resource, row.context) for row in rows]
        for row, decision in zip(rows, decide(requests, held(who)), strict=True):
            if decision.allowed is not row.allowed:
                wrong.append((who, row.action, row.resource, dict(row.context), decision))
    assert wrong == []


def test_the_table_is_long_enough() -> None:
    rows = [row for rows in TABLE.values() for row in rows]
    assert len(rows) >= 120
    assert len({(r.action, r.resource, str(r.context)) for r in rows}) > 100
    assert sum(len(list(whose(row))) for row in rows) > 600


@pytest.mark.parametrize("role", ["plan", "apply"])
def test_what_the_pipelines_real_runs_called_passes_with_every_layer(role: str) -> None:
    """As recorded of the provider: the account's service control policies stop none of it."""
    calls = [*PLAN, *MACHINE_PLAN, *([*APPLY, *MACHINE_APPLY] if role == "apply" else [])]
    delivery = delivery_stack("dev", **GRAFANA)
    assert refused(delivery, role, calls, scps=held("pipeline").scps) == []

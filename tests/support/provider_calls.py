"""What Terraform calls for our stacks, as IAM names it, with a resource it would be called on.

Recorded from AWS provider 5.100.0 with ``TF_LOG=DEBUG``: a plan, a deployment and a destruction of
dev and prod. Where AWS asks for more than the call itself (``iam:PassRole``, keys used through a
service), the row says so.
"""

from __future__ import annotations

from tests.support.iam.decisions import Context

ACCOUNT, REGION = "111122223333", "ap-southeast-1"
_HERE = f"{REGION}:{ACCOUNT}"
ANY = "*"
"""What AWS gives an id, or no ARN at all."""
FUNCTION = f"arn:aws:lambda:{_HERE}:function:mapvibe-dev-rag"
ALIAS = f"{FUNCTION}:live"
API = "arn:aws:apigateway:ap-southeast-1::/apis/a1b2c3"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/mapvibe-dev-rag"
PROFILE = f"arn:aws:iam::{ACCOUNT}:instance-profile/mapvibe-dev-grafana"
QUEUE = f"arn:aws:sqs:{_HERE}:mapvibe-dev-rag-dead-letters"
GROUP = f"arn:aws:logs:{_HERE}:log-group:/aws/lambda/mapvibe-dev-rag"
_OF_GROUP = ":log-stream:"
"""What the ARN of a log group ends with for all actions but those on tags, as AWS's refusals show.

Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/iam-access-control-overview-cwl.html
"""
ALARM = f"arn:aws:cloudwatch:{_HERE}:alarm:mapvibe-dev-api-errors"
DASHBOARD = f"arn:aws:cloudwatch::{ACCOUNT}:dashboard/mapvibe-dev-dashboard"
INVOCATION_GROUP = f"arn:aws:logs:{_HERE}:log-group:/aws/bedrock/modelinvocations"
FLOW_BUCKET = f"arn:aws:s3:::mapvibe-dev-vpc-flow-{ACCOUNT}"
INVOCATION_BUCKET = f"arn:aws:s3:::mapvibe-dev-bedrock-logs-{ACCOUNT}"
FLOW_GROUP = f"arn:aws:logs:{_HERE}:log-group:/mapvibe/dev/vpc-flow"
VPC = f"arn:aws:ec2:{_HERE}:vpc/vpc-0123456789abcdef0"
ENDPOINT = f"arn:aws:ec2:{_HERE}:vpc-endpoint/vpce-0123456789abcdef0"
MACHINE = f"arn:aws:ec2:{_HERE}:instance/i-0123456789abcdef0"
DISK = f"arn:aws:ec2:{_HERE}:volume/vol-0123456789abcdef0"
DATABASE = f"arn:aws:rds:{_HERE}:db:mapvibe-dev-database"
CLUSTER = f"arn:aws:rds:{_HERE}:cluster:mapvibe-dev-database"
PARAMETERS = f"arn:aws:rds:{_HERE}:pg:mapvibe-dev-postgres17-2026"
SUBNETS = f"arn:aws:rds:{_HERE}:subgrp:mapvibe-dev-database"
PROXY = f"arn:aws:rds:{_HERE}:db-proxy:prx-0123456789abcdef0"
TARGETS = f"arn:aws:rds:{_HERE}:target-group:prx-tg-0123456789abcdef0"
TOPIC = f"arn:aws:sns:{_HERE}:mapvibe-dev-alerts-critical"
EVENT_RULE = f"arn:aws:events:{_HERE}:rule/mapvibe-dev-database-critical"
CHANNEL = f"arn:aws:chatbot::{ACCOUNT}:chat-configuration/slack-channel/mapvibe-dev-alerts"
SECRET = f"arn:aws:secretsmanager:{_HERE}:secret:mapvibe/dev/database/mapvibe_app-a1B2c3"
WEBHOOK = f"arn:aws:secretsmanager:{_HERE}:secret:mapvibe/dev/grafana/slack-webhook-a1B2c3"
MASTER_SECRET = f"arn:aws:secretsmanager:{_HERE}:secret:rds!db-0123abcd-a1B2c3"
KEY = f"arn:aws:kms:{_HERE}:key/0123abcd-0123-0123-0123-0123456789ab"
KEY_ALIAS = f"arn:aws:kms:{_HERE}:alias/mapvibe-dev-data"
WORKGROUP = f"arn:aws:athena:{_HERE}:workgroup/mapvibe-dev-flow-logs"
CATALOGUE = f"arn:aws:glue:{_HERE}:database/mapvibe_dev_flow_logs"
TABLE = f"arn:aws:glue:{_HERE}:table/mapvibe_dev_flow_logs/flow_logs"
RESULTS = f"arn:aws:s3:::mapvibe-dev-flow-queries-{ACCOUNT}"
STATE_BUCKET = f"arn:aws:s3:::mapvibe-dev-state-{ACCOUNT}"
STATE = f"{STATE_BUCKET}/mapvibe/dev/terraform.tfstate"
LOCKS = f"arn:aws:dynamodb:{_HERE}:table/mapvibe-dev-state-lock"
LOCK = f"mapvibe-dev-state-{ACCOUNT}/mapvibe/dev/terraform.tfstate"

Call = tuple[str, str, Context]
"""Action, resource, and what else the request carries."""

NEW: Context = {
    "aws:RequestTag/Environment": "dev",
    "aws:RequestTag/Project": "mapvibe",
    "aws:TagKeys": ["CostCenter", "Environment", "ManagedBy", "Name", "Owner", "Project"],
}
"""What is made carries the provider's tags from the first call on."""
OURS: Context = {"aws:ResourceTag/Environment": "dev", "aws:ResourceTag/Project": "mapvibe"}
"""What was made so."""
DATABASE_SIZE: Context = {
    "rds:DatabaseClass": "db.t4g.micro",
    "rds:Piops": "0",
    "rds:StorageSize": "20",
}

_STATE_KEY = {"kms:ResourceAliases": "alias/mapvibe-dev-state"}


def _via(service: str) -> dict[str, str]:
    return {"kms:ViaService": f"{service}.ap-southeast-1.amazonaws.com"}


def _calls(resource: str, *actions: str, context: Context | None = None) -> list[Call]:
    return [(action, resource, context or {}) for action in actions]


PLAN: list[Call] = [
    *_calls(API, "apigateway:GET"),
    *_calls(ANY, "logs:DescribeLogGroups", "logs:DescribeQueryDefinitions"),
    *_calls(f"{GROUP}{_OF_GROUP}", "logs:GetDataProtectionPolicy"),
    *_calls(ALARM, "cloudwatch:DescribeAlarms", "cloudwatch:ListTagsForResource"),
    *_calls(DASHBOARD, "cloudwatch:GetDashboard"),
    *_calls(GROUP, "logs:ListTagsForResource"),
    *_calls(FLOW_GROUP, "logs:ListTagsForResource"),
    *_calls(WORKGROUP, "athena:GetNamedQuery", "athena:GetWorkGroup", "athena:ListTagsForResource"),
    *_calls(CATALOGUE, "glue:GetDatabase", "glue:GetTags"),
    *_calls(TABLE, "glue:GetPartitionIndexes", "glue:GetTable"),
    ("dynamodb:GetItem", LOCKS, {"dynamodb:LeadingKeys": f"{LOCK}-md5"}),
    ("kms:Decrypt", KEY, {**_STATE_KEY, **_via("s3")}),
    ("kms:Decrypt", KEY, {**_STATE_KEY, **_via("dynamodb")}),
    ("kms:Decrypt", KEY, _via("lambda")),
    ("kms:Decrypt", KEY, _via("secretsmanager")),
    *_calls(
        ANY,
        "ec2:DescribeAddresses",
        "ec2:DescribeAddressesAttribute",
        "ec2:DescribeFlowLogs",
        "ec2:DescribeInternetGateways",
        "ec2:DescribeNatGateways",
        "ec2:DescribeNetworkAcls",
        "ec2:DescribePrefixLists",
        "ec2:DescribeRouteTables",
        "ec2:DescribeSecurityGroupRules",
        "ec2:DescribeSecurityGroups",
        "ec2:DescribeSubnets",
        "ec2:DescribeVpcAttribute",
        "ec2:DescribeVpcEndpoints",
        "ec2:DescribeVpcs",
    ),
    *_calls(
        ROLE,
        "iam:GetRole",
        "iam:GetRolePolicy",
        "iam:ListAttachedRolePolicies",
        "iam:ListRolePolicies",
    ),
    *_calls(
        KEY,
        "kms:DescribeKey",
        "kms:GetKeyPolicy",
        "kms:GetKeyRotationStatus",
        "kms:ListResourceTags",
    ),
    *_calls(ANY, "kms:ListAliases"),
    *_calls(
        FUNCTION,
        "lambda:GetFunction",
        "lambda:GetFunctionCodeSigningConfig",
        "lambda:GetPolicy",
        "lambda:ListVersionsByFunction",
    ),
    *_calls(ALIAS, "lambda:GetAlias", "lambda:GetPolicy", "lambda:GetProvisionedConcurrencyConfig"),
    *_calls(DATABASE, "rds:DescribeDBInstances", "rds:ListTagsForResource"),
    *_calls(PARAMETERS, "rds:DescribeDBParameterGroups", "rds:DescribeDBParameters"),
    *_calls(SUBNETS, "rds:DescribeDBSubnetGroups"),
    *_calls(
        PROXY,
        "rds:DescribeDBProxies",
        "rds:DescribeDBProxyTargetGroups",
        "rds:DescribeDBProxyTargets",
    ),
    ("s3:ListBucket", STATE_BUCKET, {"s3:prefix": "env:/"}),
    *_calls(STATE, "s3:GetObject"),
    *_calls(QUEUE, "sqs:GetQueueAttributes", "sqs:ListQueueTags"),
    *_calls(
        TOPIC, "sns:GetSubscriptionAttributes", "sns:GetTopicAttributes", "sns:ListTagsForResource"
    ),
    *_calls(ANY, "chatbot:DescribeSlackChannelConfigurations", "chatbot:ListTagsForResource"),
    *_calls(
        EVENT_RULE, "events:DescribeRule", "events:ListTagsForResource", "events:ListTargetsByRule"
    ),
    *_calls(
        SECRET,
        "secretsmanager:DescribeSecret",
        "secretsmanager:GetResourcePolicy",
        "secretsmanager:GetSecretValue",
    ),
    *_calls(ANY, "secretsmanager:GetRandomPassword"),
    *_calls(ANY, "bedrock:GetModelInvocationLoggingConfiguration"),
    *_calls(INVOCATION_GROUP, "logs:ListTagsForResource"),
    *_calls(INVOCATION_BUCKET, "s3:GetBucketPolicy", "s3:GetLifecycleConfiguration"),
]

_BOUNDED = {
    "iam:PermissionsBoundary": f"arn:aws:iam::{ACCOUNT}:policy/mapvibe-dev-pipeline-boundary"
}

APPLY: list[Call] = [
    *_calls(API, "apigateway:DELETE", "apigateway:PATCH", "apigateway:POST", "apigateway:PUT"),
    *_calls(
        ANY,
        "ec2:AssociateRouteTable",
        "ec2:AttachInternetGateway",
        "ec2:AuthorizeSecurityGroupEgress",
        "ec2:AuthorizeSecurityGroupIngress",
        "ec2:CreateInternetGateway",
        "ec2:CreateNetworkAcl",
        "ec2:CreateNetworkAclEntry",
        "ec2:CreateRoute",
        "ec2:CreateRouteTable",
        "ec2:CreateSecurityGroup",
        "ec2:CreateSubnet",
        "ec2:DeleteNetworkAclEntry",
        "ec2:DeleteRoute",
        "ec2:DescribeNetworkInterfaces",
        "ec2:DetachInternetGateway",
        "ec2:DisassociateRouteTable",
        "ec2:ModifyVpcAttribute",
        "ec2:ModifyVpcEndpoint",
        "ec2:ReplaceNetworkAclAssociation",
        "ec2:RevokeSecurityGroupEgress",
        "ec2:RevokeSecurityGroupIngress",
        "route53:AssociateVPCWithHostedZone",
        "logs:CreateLogDelivery",
        "rds:CreateDBProxy",
    ),
    *_calls(
        ANY,
        "ec2:AllocateAddress",
        "ec2:CreateFlowLogs",
        "ec2:CreateNatGateway",
        "ec2:CreateVpc",
        "kms:CreateKey",
        context=NEW,
    ),
    *_calls(ENDPOINT, "ec2:CreateVpcEndpoint", context=NEW),
    *_calls(VPC, "ec2:CreateVpcEndpoint"),
    *_calls(
        ANY,
        "ec2:DeleteFlowLogs",
        "ec2:DeleteInternetGateway",
        "ec2:DeleteNatGateway",
        "ec2:DeleteNetworkAcl",
        "ec2:DeleteRouteTable",
        "ec2:DeleteSecurityGroup",
        "ec2:DeleteSubnet",
        "ec2:DeleteVpc",
        "ec2:DeleteVpcEndpoints",
        "ec2:ReleaseAddress",
        context=OURS,
    ),
    *_calls(VPC, "ec2:CreateTags"),
    *_calls(
        f"{GROUP}{_OF_GROUP}",
        "logs:AssociateKmsKey",
        "logs:CreateLogGroup",
        "logs:DeleteLogGroup",
        "logs:PutRetentionPolicy",
    ),
    *_calls(GROUP, "logs:TagResource"),
    *_calls(f"{FLOW_GROUP}{_OF_GROUP}", "logs:CreateLogGroup", "logs:DeleteLogGroup"),
    *_calls(
        f"{GROUP}{_OF_GROUP}", "logs:DeleteDataProtectionPolicy", "logs:PutDataProtectionPolicy"
    ),
    *_calls(ANY, "logs:DeleteQueryDefinition", "logs:PutQueryDefinition"),
    *_calls(
        ALARM,
        "cloudwatch:DeleteAlarms",
        "cloudwatch:PutCompositeAlarm",
        "cloudwatch:PutMetricAlarm",
        "cloudwatch:TagResource",
    ),
    *_calls(DASHBOARD, "cloudwatch:DeleteDashboards", "cloudwatch:PutDashboard"),
    *_calls(
        ANY,
        "bedrock:DeleteModelInvocationLoggingConfiguration",
        "bedrock:PutModelInvocationLoggingConfiguration",
    ),
    *_calls(f"{INVOCATION_GROUP}{_OF_GROUP}", "logs:CreateLogGroup", "logs:DeleteLogGroup"),
    *_calls(
        f"{INVOCATION_GROUP}{_OF_GROUP}",
        "logs:DeleteDataProtectionPolicy",
        "logs:PutDataProtectionPolicy",
    ),
    *_calls(INVOCATION_BUCKET, "s3:CreateBucket", "s3:DeleteBucket", "s3:PutBucketPolicy"),
    ("iam:PassRole", ROLE, {"iam:PassedToService": "bedrock.amazonaws.com"}),
    ("iam:CreateRole", ROLE, _BOUNDED),
    ("iam:AttachRolePolicy", ROLE, _BOUNDED),
    ("iam:PutRolePolicy", ROLE, _BOUNDED),
    ("iam:DeleteRolePolicy", ROLE, _BOUNDED),
    ("iam:DetachRolePolicy", ROLE, _BOUNDED),
    *_calls(ROLE, "iam:DeleteRole", "iam:ListInstanceProfilesForRole", "iam:TagRole"),
    ("iam:PassRole", ROLE, {"iam:PassedToService": "lambda.amazonaws.com"}),
    *_calls(
        KEY,
        "kms:CreateAlias",
        "kms:DeleteAlias",
        "kms:EnableKeyRotation",
        "kms:PutKeyPolicy",
        "kms:ScheduleKeyDeletion",
        "kms:TagResource",
    ),
    *_calls(KEY_ALIAS, "kms:CreateAlias", "kms:DeleteAlias"),
    ("kms:CreateGrant", KEY, _via("rds")),
    ("kms:CreateGrant", KEY, _via("lambda")),
    ("kms:GenerateDataKey", KEY, _via("secretsmanager")),
    ("kms:GenerateDataKey", KEY, {**_STATE_KEY, **_via("s3")}),
    *_calls(FUNCTION, "lambda:CreateFunction", context=NEW),
    *_calls(
        FUNCTION,
        "lambda:AddPermission",
        "lambda:CreateAlias",
        "lambda:DeleteAlias",
        "lambda:DeleteFunction",
        "lambda:InvokeFunction",
        "lambda:PublishVersion",
        "lambda:PutFunctionConcurrency",
        "lambda:RemovePermission",
        "lambda:TagResource",
        "lambda:UpdateAlias",
        "lambda:UpdateFunctionCode",
        "lambda:UpdateFunctionConfiguration",
    ),
    *_calls(ALIAS, "lambda:PutProvisionedConcurrencyConfig"),
    *_calls(DATABASE, "rds:AddTagsToResource", "rds:DeleteDBInstance"),
    *_calls(DATABASE, "rds:CreateDBInstance", context={**NEW, **DATABASE_SIZE}),
    *_calls(DATABASE, "rds:ModifyDBInstance", context=DATABASE_SIZE),
    *_calls(DATABASE, "rds:ModifyDBInstance"),
    *_calls(
        PARAMETERS,
        "rds:CreateDBParameterGroup",
        "rds:DeleteDBParameterGroup",
        "rds:ModifyDBParameterGroup",
    ),
    *_calls(SUBNETS, "rds:CreateDBSubnetGroup", "rds:DeleteDBSubnetGroup"),
    *_calls(PROXY, "rds:DeleteDBProxy", "rds:ModifyDBProxy"),
    *_calls(TARGETS, "rds:ModifyDBProxyTargetGroup", "rds:RegisterDBProxyTargets"),
    # AWS asks for all that a target could be.
    *_calls(CLUSTER, "rds:DeregisterDBProxyTargets"),
    *_calls(DATABASE, "rds:DeregisterDBProxyTargets"),
    *_calls(PROXY, "rds:DeregisterDBProxyTargets"),
    *_calls(TARGETS, "rds:DeregisterDBProxyTargets"),
    *_calls(STATE, "s3:PutObject"),
    # Not the provider's: the apply job itself.
    ("cloudwatch:PutMetricData", ANY, {"cloudwatch:namespace": "MapVibe/Pipeline"}),
    *_calls(f"{STATE}.tflock", "s3:DeleteObject", "s3:GetObject", "s3:PutObject"),
    ("dynamodb:PutItem", LOCKS, {"dynamodb:LeadingKeys": LOCK}),
    ("dynamodb:DeleteItem", LOCKS, {"dynamodb:LeadingKeys": LOCK}),
    ("dynamodb:PutItem", LOCKS, {"dynamodb:LeadingKeys": f"{LOCK}-md5"}),
    *_calls(
        WORKGROUP,
        "athena:CreateNamedQuery",
        "athena:CreateWorkGroup",
        "athena:DeleteNamedQuery",
        "athena:DeleteWorkGroup",
        "athena:TagResource",
        "athena:UpdateWorkGroup",
    ),
    *_calls(CATALOGUE, "glue:CreateDatabase", "glue:DeleteDatabase", "glue:TagResource"),
    *_calls(TABLE, "glue:CreateTable", "glue:DeleteTable", "glue:UpdateTable"),
    *_calls(RESULTS, "s3:DeleteBucket", "s3:ListBucketVersions"),
    *_calls(f"{RESULTS}/result.csv", "s3:DeleteObjectVersion"),
    *_calls(QUEUE, "sqs:CreateQueue", "sqs:DeleteQueue", "sqs:SetQueueAttributes", "sqs:TagQueue"),
    *_calls(
        TOPIC,
        "sns:CreateTopic",
        "sns:DeleteTopic",
        "sns:SetSubscriptionAttributes",
        "sns:SetTopicAttributes",
        "sns:Subscribe",
        "sns:TagResource",
        "sns:Unsubscribe",
    ),
    *_calls(ANY, "chatbot:CreateSlackChannelConfiguration"),
    *_calls(
        EVENT_RULE,
        "events:DeleteRule",
        "events:PutRule",
        "events:PutTargets",
        "events:RemoveTargets",
        "events:TagResource",
    ),
    *_calls(
        CHANNEL,
        "chatbot:DeleteSlackChannelConfiguration",
        "chatbot:TagResource",
        "chatbot:UpdateSlackChannelConfiguration",
    ),
    ("iam:PassRole", ROLE, {"iam:PassedToService": "chatbot.amazonaws.com"}),
    *_calls(SECRET, "secretsmanager:CreateSecret", context=NEW),
    *_calls(
        SECRET,
        "secretsmanager:DeleteSecret",
        "secretsmanager:PutSecretValue",
        "secretsmanager:TagResource",
    ),
    *_calls(MASTER_SECRET, "secretsmanager:CreateSecret", "secretsmanager:TagResource"),
]

MACHINE_PLAN: list[Call] = [
    *_calls(
        ANY,
        "ec2:DescribeImages",
        "ec2:DescribeInstanceAttribute",
        "ec2:DescribeInstanceCreditSpecifications",
        "ec2:DescribeInstanceTypes",
        "ec2:DescribeInstances",
        "ec2:DescribeVolumes",
        "ec2:GetInstanceUefiData",
    ),
    *_calls(PROFILE, "iam:GetInstanceProfile"),
    *_calls(WEBHOOK, "secretsmanager:DescribeSecret", "secretsmanager:GetResourcePolicy"),
]

MACHINE_APPLY: list[Call] = [
    *_calls(MACHINE, "ec2:RunInstances", context={**NEW, "ec2:InstanceType": "t3.small"}),
    # Its disk has no tags before a second call.
    *_calls(
        DISK,
        "ec2:RunInstances",
        context={"ec2:VolumeIops": "3000", "ec2:VolumeSize": "30", "ec2:VolumeType": "gp3"},
    ),
    *_calls(f"arn:aws:ec2:{REGION}::image/ami-0123456789abcdef0", "ec2:RunInstances"),
    *_calls(f"arn:aws:ec2:{_HERE}:network-interface/eni-0123456789abcdef0", "ec2:RunInstances"),
    *_calls(f"arn:aws:ec2:{_HERE}:subnet/subnet-0123456789abcdef0", "ec2:RunInstances"),
    *_calls(MACHINE, "ec2:TerminateInstances", context=OURS),
    *_calls(
        PROFILE,
        "iam:AddRoleToInstanceProfile",
        "iam:CreateInstanceProfile",
        "iam:DeleteInstanceProfile",
        "iam:RemoveRoleFromInstanceProfile",
        "iam:TagInstanceProfile",
    ),
    ("iam:PassRole", ROLE, {"iam:PassedToService": "ec2.amazonaws.com"}),
    # Its disk, see https://docs.aws.amazon.com/ebs/latest/userguide/ebs-encryption-requirements.html
    ("kms:CreateGrant", KEY, _via("ec2")),
    ("kms:GenerateDataKeyWithoutPlaintext", KEY, _via("ec2")),
    *_calls(WEBHOOK, "secretsmanager:CreateSecret", context=NEW),
    *_calls(WEBHOOK, "secretsmanager:DeleteSecret"),
]
"""The same of Grafana's machine, recorded by itself."""

CREATES: dict[str, tuple[str, str]] = {
    "aws_athena_named_query": ("athena:CreateNamedQuery", WORKGROUP),
    "aws_athena_workgroup": ("athena:CreateWorkGroup", WORKGROUP),
    "aws_apigatewayv2_api": ("apigateway:POST", "arn:aws:apigateway:ap-southeast-1::/apis"),
    "aws_apigatewayv2_api_mapping": ("apigateway:POST", f"{API.rpartition('/apis')[0]}/domainnames/x/apimappings"),
    "aws_apigatewayv2_authorizer": ("apigateway:POST", f"{API}/authorizers"),
    "aws_apigatewayv2_domain_name": ("apigateway:POST", f"{API.rpartition('/apis')[0]}/domainnames"),
    "aws_apigatewayv2_integration": ("apigateway:POST", f"{API}/integrations"),
    "aws_apigatewayv2_route": ("apigateway:POST", f"{API}/routes"),
    "aws_apigatewayv2_stage": ("apigateway:POST", f"{API}/stages"),
    "aws_chatbot_slack_channel_configuration": ("chatbot:CreateSlackChannelConfiguration", ANY),
    "aws_cloudwatch_composite_alarm": ("cloudwatch:PutCompositeAlarm", ALARM),
    "aws_cloudwatch_dashboard": ("cloudwatch:PutDashboard", DASHBOARD),
    "aws_cloudwatch_event_rule": ("events:PutRule", EVENT_RULE),
    "aws_cloudwatch_event_target": ("events:PutTargets", EVENT_RULE),
    "aws_cloudwatch_log_data_protection_policy": ("logs:PutDataProtectionPolicy", f"{GROUP}{_OF_GROUP}"),
    "aws_bedrock_model_invocation_logging_configuration": ("bedrock:PutModelInvocationLoggingConfiguration", ANY),
    "aws_cloudwatch_log_group": ("logs:CreateLogGroup", f"{GROUP}{_OF_GROUP}"),
    "aws_cloudwatch_metric_alarm": ("cloudwatch:PutMetricAlarm", ALARM),
    "aws_cloudwatch_query_definition": ("logs:PutQueryDefinition", ANY),
    "aws_db_instance": ("rds:CreateDBInstance", DATABASE),
    "aws_db_parameter_group": ("rds:CreateDBParameterGroup", PARAMETERS),
    "aws_db_proxy": ("rds:CreateDBProxy", ANY),
    "aws_db_proxy_default_target_group": ("rds:ModifyDBProxyTargetGroup", TARGETS),
    "aws_db_proxy_target": ("rds:RegisterDBProxyTargets", TARGETS),
    "aws_db_subnet_group": ("rds:CreateDBSubnetGroup", SUBNETS),
    "aws_default_security_group": ("ec2:RevokeSecurityGroupEgress", ANY),
    "aws_default_network_acl": ("ec2:DeleteNetworkAclEntry", ANY),
    "aws_eip": ("ec2:AllocateAddress", ANY),
    "aws_flow_log": ("ec2:CreateFlowLogs", ANY),
    "aws_iam_instance_profile": ("iam:CreateInstanceProfile", PROFILE),
    "aws_glue_catalog_database": ("glue:CreateDatabase", CATALOGUE),
    "aws_glue_catalog_table": ("glue:CreateTable", TABLE),
    "aws_iam_role": ("iam:CreateRole", ROLE),
    "aws_iam_role_policy": ("iam:PutRolePolicy", ROLE),
    "aws_iam_role_policy_attachment": ("iam:AttachRolePolicy", ROLE),
    "aws_instance": ("ec2:RunInstances", MACHINE),
    "aws_internet_gateway": ("ec2:CreateInternetGateway", ANY),
    "aws_kms_alias": ("kms:CreateAlias", KEY_ALIAS),
    "aws_kms_key": ("kms:CreateKey", ANY),
    "aws_lambda_alias": ("lambda:CreateAlias", FUNCTION),
    "aws_lambda_function": ("lambda:CreateFunction", FUNCTION),
    "aws_lambda_invocation": ("lambda:InvokeFunction", ALIAS),
    "aws_lambda_permission": ("lambda:AddPermission", ALIAS),
    "aws_lambda_provisioned_concurrency_config": ("lambda:PutProvisionedConcurrencyConfig", ALIAS),
    "aws_nat_gateway": ("ec2:CreateNatGateway", ANY),
    "aws_network_acl": ("ec2:CreateNetworkAcl", ANY),
    "aws_network_acl_association": ("ec2:ReplaceNetworkAclAssociation", ANY),
    "aws_network_acl_rule": ("ec2:CreateNetworkAclEntry", ANY),
    "aws_route": ("ec2:CreateRoute", ANY),
    "aws_route_table": ("ec2:CreateRouteTable", ANY),
    "aws_route_table_association": ("ec2:AssociateRouteTable", ANY),
    "aws_s3_bucket": ("s3:CreateBucket", FLOW_BUCKET),
    "aws_s3_bucket_lifecycle_configuration": ("s3:PutLifecycleConfiguration", FLOW_BUCKET),
    "aws_s3_bucket_ownership_controls": ("s3:PutBucketOwnershipControls", FLOW_BUCKET),
    "aws_s3_bucket_policy": ("s3:PutBucketPolicy", FLOW_BUCKET),
    "aws_s3_bucket_public_access_block": ("s3:PutBucketPublicAccessBlock", FLOW_BUCKET),
    "aws_s3_bucket_server_side_encryption_configuration": ("s3:PutEncryptionConfiguration", FLOW_BUCKET),
    "aws_s3_bucket_versioning": ("s3:PutBucketVersioning", FLOW_BUCKET),
    "aws_secretsmanager_secret": ("secretsmanager:CreateSecret", SECRET),
    "aws_secretsmanager_secret_version": ("secretsmanager:PutSecretValue", SECRET),
    "aws_security_group": ("ec2:CreateSecurityGroup", ANY),
    "aws_sns_topic": ("sns:CreateTopic", TOPIC),
    "aws_sns_topic_policy": ("sns:SetTopicAttributes", TOPIC),
    "aws_sns_topic_subscription": ("sns:Subscribe", TOPIC),
    "aws_sqs_queue": ("sqs:CreateQueue", QUEUE),
    "aws_subnet": ("ec2:CreateSubnet", ANY),
    "aws_vpc": ("ec2:CreateVpc", ANY),
    "aws_vpc_endpoint": ("ec2:CreateVpcEndpoint", ENDPOINT),
    "aws_vpc_endpoint_route_table_association": ("ec2:ModifyVpcEndpoint", ANY),
    "aws_vpc_endpoint_subnet_association": ("ec2:ModifyVpcEndpoint", ANY),
    "aws_vpc_security_group_egress_rule": ("ec2:AuthorizeSecurityGroupEgress", ANY),
    "aws_vpc_security_group_ingress_rule": ("ec2:AuthorizeSecurityGroupIngress", ANY),
}  # fmt: skip
"""Resource type to the action that makes it. A type that is missing here has no permission yet."""

READS: dict[str, str] = {
    "apigatewayv2": "apigateway:GET",
    "chatbot": "chatbot:DescribeSlackChannelConfigurations",
    "bedrock": "bedrock:GetModelInvocationLoggingConfiguration",
    "athena": "athena:GetWorkGroup",
    "cloudwatch": "logs:DescribeLogGroups",
    "db": "rds:DescribeDBInstances",
    "default": "ec2:DescribeSecurityGroups",
    "eip": "ec2:DescribeAddresses",
    "flow": "ec2:DescribeFlowLogs",
    "glue": "glue:GetTable",
    "iam": "iam:GetRole",
    "instance": "ec2:DescribeInstances",
    "internet": "ec2:DescribeInternetGateways",
    "kms": "kms:DescribeKey",
    "lambda": "lambda:GetFunction",
    "nat": "ec2:DescribeNatGateways",
    "network": "ec2:DescribeNetworkAcls",
    "route": "ec2:DescribeRouteTables",
    "s3": "s3:GetBucketPolicy",
    "secretsmanager": "secretsmanager:DescribeSecret",
    "security": "ec2:DescribeSecurityGroups",
    "sns": "sns:GetTopicAttributes",
    "sqs": "sqs:GetQueueAttributes",
    "subnet": "ec2:DescribeSubnets",
    "vpc": "ec2:DescribeVpcs",
}
"""Second word of a resource type to the action that refreshes it."""

"""What people may do, in parts that groups and their boundary are put together from."""

from __future__ import annotations

from modules.iam import Conditions, Statement
from modules.naming import Naming

TRIED = "try"
"""First part of the names of what developers make to try something."""

_READ_ANYWHERE = (
    "budgets:Describe*",
    "budgets:ViewBudget",
    "ce:Describe*",
    "ce:Get*",
    "ce:List*",
    "health:Describe*",
    "iam:Generate*",
    "iam:Get*",
    "iam:List*",
    "iam:Simulate*",
    "s3:ListAllMyBuckets",
    "support:AddCommunicationToCase",
    "support:CreateCase",
    "support:Describe*",
    "trustedadvisor:Describe*",
)

_READ_HERE = (
    "apigateway:GET",
    "athena:BatchGet*",
    "athena:GetNamedQuery",
    "athena:GetWorkGroup",
    "athena:List*",
    "bedrock:Get*",
    "bedrock:List*",
    "cloudtrail:Describe*",
    "cloudtrail:Get*",
    "cloudtrail:List*",
    "cloudtrail:LookupEvents",
    "cloudwatch:Describe*",
    "cloudwatch:Get*",
    "cloudwatch:List*",
    "dynamodb:Describe*",
    "dynamodb:List*",
    "ec2:Describe*",
    "ec2:Get*",
    "events:Describe*",
    "events:List*",
    "glue:GetDatabase*",
    "glue:GetTable*",
    "guardduty:Get*",
    "guardduty:List*",
    "kms:Describe*",
    "kms:Get*",
    "kms:List*",
    "lambda:Get*",
    "lambda:List*",
    "logs:Describe*",
    "logs:List*",
    "rds:Describe*",
    "rds:List*",
    "s3:GetBucket*",
    "s3:GetEncryption*",
    "s3:GetLifecycle*",
    "s3:ListBucket*",
    "secretsmanager:Describe*",
    "secretsmanager:List*",
    "sns:Get*",
    "sns:List*",
    "sqs:Get*",
    "sqs:List*",
    "ssm:Describe*",
    "ssm:List*",
    "tag:Get*",
)
"""Configuration, and no data: no entry of a log, no object, no secret, no parameter."""

_OBSERVE = (
    "athena:GetQuery*",
    "athena:StartQueryExecution",
    "athena:StopQueryExecution",
    "logs:FilterLogEvents",
    "logs:GetLog*",
    "logs:GetQueryResults",
    "logs:StartLiveTail",
    "logs:StartQuery",
    "logs:StopQuery",
    "pi:Describe*",
    "pi:Get*",
    "xray:BatchGet*",
    "xray:Get*",
)
"""What a system does: its logs, queries over its records, and its traces."""

_RECORDS = ("s3:AbortMultipartUpload", "s3:GetObject", "s3:PutObject")
"""A query of Athena reads records and writes its result in the caller's name."""
_KEY = ("kms:Decrypt", "kms:GenerateDataKey")

_OPERATE_NAMED = (
    "lambda:InvokeFunction",
    "lambda:UpdateAlias",
    "rds:AddTagsToResource",
    "rds:CreateDBSnapshot",
    "rds:RebootDBInstance",
    "rds:St*DBInstance",
    "secretsmanager:PutSecretValue",
    "sqs:ReceiveMessage",
    "sqs:StartMessageMoveTask",
)
_OPERATE_TAGGED = (
    "ec2:RebootInstances",
    "ec2:St*Instances",
    "ssm:StartSession",
)
_OPERATE_ALARMS = (
    "cloudwatch:*AlarmActions",
    "cloudwatch:SetAlarmState",
)
_SESSIONS = ("ssm:ResumeSession", "ssm:TerminateSession")

_TRY_NEW = ("ec2:CreateVolume", "ec2:RunInstances")
_TRY_TAGS = ("ec2:CreateTags",)
_TRY_TAGGED = (
    "ec2:AttachVolume",
    "ec2:DeleteVolume",
    "ec2:DetachVolume",
    "ec2:RebootInstances",
    "ec2:St*Instances",
    "ec2:TerminateInstances",
)
_TRY_NAMED = (
    "lambda:CreateFunction",
    "lambda:DeleteFunction",
    "lambda:InvokeFunction",
    "lambda:TagResource",
    "lambda:UpdateFunctionCode",
    "lambda:UpdateFunctionConfiguration",
    "rds:AddTagsToResource",
    "rds:CreateDBInstance",
    "rds:DeleteDBInstance",
    "rds:RestoreDBInstance*",
    "rds:St*DBInstance",
)
_TRY_MODELS = ("bedrock:InvokeModel*",)
"""``regions.models`` says where."""
_PASSED_TO = ("ec2.amazonaws.com", "lambda.amazonaws.com")

_OWN_CREDENTIALS = (
    "iam:*AccessKey*",
    "iam:ChangePassword",
    "iam:*MFADevice",
)


def reading(naming: Naming) -> tuple[Statement, ...]:
    """See how everything is configured, and what it costs."""
    return (
        Statement(sid="ReadAnywhere", actions=_READ_ANYWHERE, resources=("*",)),
        Statement(sid="ReadHere", actions=_READ_HERE, resources=("*",), conditions=_here(naming)),
    )


def observing(naming: Naming) -> tuple[Statement, ...]:
    """Read logs and traces, and query the records of the network."""
    return (
        Statement(sid="Observe", actions=_OBSERVE, resources=("*",), conditions=_here(naming)),
        _records(naming),
        _through("RecordsKey", naming, "s3"),
    )


def operating(naming: Naming) -> tuple[Statement, ...]:
    """Restart, roll back and silence what runs; make nothing.

    What AWS gives ids to is known by its tags, everything else by its name.
    """
    own = naming.pattern("*")
    return (
        Statement(
            sid="OperateNamed",
            actions=_OPERATE_NAMED,
            resources=(
                naming.arn("lambda", f"function:{own}"),
                naming.arn("rds", f"db:{own}"),
                naming.arn("rds", f"snapshot:{own}"),
                naming.arn("secretsmanager", f"secret:{naming.path('*/slack-webhook-??????')}"),
                naming.arn("sqs", own),
            ),
        ),
        Statement(
            sid="OperateTagged",
            actions=_OPERATE_TAGGED,
            resources=(naming.arn("ec2", "instance/*"),),
            conditions=_tagged(naming),
        ),
        Statement(
            sid="OperateAlarms",
            actions=_OPERATE_ALARMS,
            resources=(naming.arn("cloudwatch", f"alarm:{own}"),),
        ),
        Statement(sid="Sessions", actions=_SESSIONS, resources=(naming.arn("ssm", "session/*"),)),
        _through("OperateKey", naming, "secretsmanager", "sqs"),
        Statement(
            sid="SessionDocument",
            actions=("ssm:StartSession",),
            resources=(f"arn:aws:ssm:{naming.region}::document/AWS-StartPortForwardingSession",),
        ),
    )


def trying(naming: Naming) -> tuple[Statement, ...]:
    """Make small things to try something, and keep off what the pipeline made.

    The pipeline's things carry the tag ``ManagedBy``; what has a name is called
    ``<project>-<environment>-try-…``.
    """
    tried = naming.pattern(f"{TRIED}-*")
    not_the_pipelines = {"StringNotEquals": {"aws:ResourceTag/ManagedBy": "cdktf"}}
    return (
        Statement(sid="TryNew", actions=_TRY_NEW, resources=("*",), conditions=_here(naming)),
        _new_tags(),
        Statement(
            sid="TryTagged",
            actions=_TRY_TAGGED,
            resources=(naming.arn("ec2", "instance/*"), naming.arn("ec2", "volume/*")),
            conditions={**_tagged(naming), **not_the_pipelines},
        ),
        Statement(
            sid="TryNamed",
            actions=_TRY_NAMED,
            resources=(
                naming.arn("lambda", f"function:{tried}"),
                naming.arn("rds", f"db:{tried}"),
                # What a new database takes of others: its snapshot, parameters and subnets.
                naming.arn("rds", "pg:*"),
                naming.arn("rds", "og:*"),
                naming.arn("rds", "snapshot:*"),
                naming.arn("rds", "subgrp:*"),
            ),
        ),
        Statement(
            sid="TryModels",
            actions=_TRY_MODELS,
            resources=("*",),
        ),
        _roles(naming),
    )


def own_credentials(naming: Naming) -> tuple[Statement, ...]:
    """Change one's own password, keys and second factors; only IAM's users have them.

    Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_examples_aws_my-sec-creds-self-manage.html
    """
    return (
        Statement(
            sid="OwnCredentials",
            actions=_OWN_CREDENTIALS,
            resources=(
                naming.iam_arn("user/$${aws:username}"),
                naming.iam_arn("mfa/*"),
            ),
        ),
    )


def second_factor() -> Statement:
    """Refuse everything but the registration of a second factor to whoever signed in without one.

    The key is absent from requests with a user's lasting keys, which ``IfExists`` refuses as well. It
    is absent from those of Identity Center, too, which asks for the second factor by itself: this
    is for IAM's users only.

    Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-multifactorauthpresent
    """
    return Statement(
        sid="SecondFactor",
        effect="Deny",
        not_actions=(
            "iam:ChangePassword",
            "iam:CreateVirtualMFADevice",
            "iam:EnableMFADevice",
            "iam:GetAccountPasswordPolicy",
            "iam:GetUser",
            "iam:ListMFADevices",
            "iam:ListVirtualMFADevices",
            "iam:ResyncMFADevice",
            "sts:GetSessionToken",
        ),
        resources=("*",),
        conditions={"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}},
    )


def most(naming: Naming) -> tuple[Statement, ...]:
    """Everything that any group is given, and nothing beside: what their boundary allows at all."""
    anywhere = (*_READ_ANYWHERE, *_OWN_CREDENTIALS, *_TRY_MODELS)
    here = {
        *_READ_HERE,
        *_OBSERVE,
        *_KEY,
        *_OPERATE_NAMED,
        *_OPERATE_TAGGED,
        *_OPERATE_ALARMS,
        *_SESSIONS,
        *_TRY_NEW,
        *_TRY_TAGS,
        *_TRY_TAGGED,
        *_TRY_NAMED,
    }
    return (
        Statement(sid="MostAnywhere", actions=anywhere, resources=("*",)),
        Statement(sid="MostHere", actions=sorted(here), resources=("*",), conditions=_here(naming)),
        _records(naming),
        _roles(naming),
    )


def _records(naming: Naming) -> Statement:
    buckets = (naming.pattern("flow-queries-*"), naming.pattern("vpc-flow-*"))
    return Statement(
        sid="Records",
        actions=_RECORDS,
        resources=[f"arn:aws:s3:::{bucket}/*" for bucket in buckets],
    )


def _new_tags() -> Statement:
    """Give tags to what the same call makes; else the pipeline's things could be given other ones."""
    return Statement(
        sid="TryTags",
        actions=_TRY_TAGS,
        resources=("*",),
        conditions={"StringEquals": {"ec2:CreateAction": ("CreateVolume", "RunInstances")}},
    )


def _roles(naming: Naming) -> Statement:
    """Hand a role to a machine or a function, and only one that is there to be tried.

    With a role of the running system somebody's own function could read what that system reads.
    """
    return Statement(
        sid="TryRoles",
        actions=("iam:PassRole",),
        resources=(naming.iam_arn(f"role/{naming.pattern(f'{TRIED}-*')}"),),
        conditions={"StringEquals": {"iam:PassedToService": _PASSED_TO}},
    )


def _here(naming: Naming) -> Conditions:
    return {"StringEquals": {"aws:RequestedRegion": naming.region}}


def _tagged(naming: Naming) -> Conditions:
    return {
        "StringEquals": {
            "aws:ResourceTag/Project": naming.project,
            "aws:ResourceTag/Environment": naming.environment,
        }
    }


def _through(sid: str, naming: Naming, *services: str) -> Statement:
    """Have services use the environment's keys in one's name."""
    hosts = [f"{service}.{naming.region}.amazonaws.com" for service in services]
    return Statement(
        sid=sid,
        actions=_KEY,
        resources=(naming.arn("kms", "key/*"),),
        conditions={"StringEquals": {"kms:ViaService": hosts}},
    )

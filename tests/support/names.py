"""Names in synthesised stacks: what AWS takes, and what it takes only once."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from tests.support.stacks import Stack


@dataclass(frozen=True, slots=True)
class Name:
    """How AWS wants the name of one type of resource.

    Attributes:
        field: the argument that holds it.
        longest: characters at most.
        form: regular expression of the whole name.
        of: the argument that holds what the name must be unique in; the account and region
            without one.
        unique: whether AWS takes it only once.
    """

    field: str
    longest: int
    form: str = r"[\w+=,.@/$:-]+"
    of: str | None = None
    unique: bool = True


_RDS = r"[a-z][a-z0-9]*(-[a-z0-9]+)*"
_GROUP = r"(?!sg-)[\w .:/()#,@\[\]+=&;{}!$*-]+"

NAMES = {
    "aws_accessanalyzer_analyzer": Name("analyzer_name", 255, r"[A-Za-z][A-Za-z0-9_.-]*"),
    "aws_accessanalyzer_archive_rule": Name(
        "rule_name", 255, r"[A-Za-z][A-Za-z0-9_.-]*", of="analyzer_name"
    ),
    # A person's, of whom an account has one of a type.
    "aws_account_alternate_contact": Name("name", 64, r".+", of="alternate_contact_type"),
    "aws_athena_named_query": Name("name", 128, of="workgroup"),
    "aws_athena_workgroup": Name("name", 128, r"[\w.-]+"),
    "aws_apigatewayv2_api": Name("name", 128),
    "aws_apigatewayv2_authorizer": Name("name", 128, of="api_id"),
    "aws_apigatewayv2_domain_name": Name("domain_name", 512),
    "aws_apigatewayv2_stage": Name("name", 128, of="api_id"),
    "aws_budgets_budget": Name("name", 100, r"[^:\\]+"),
    # Of 1,024 letters at most; AWS takes any name twice.
    "aws_ce_anomaly_monitor": Name("name", 1024, unique=False),
    "aws_ce_anomaly_subscription": Name("name", 1024, unique=False),
    "aws_chatbot_slack_channel_configuration": Name("configuration_name", 128, r"[\w-]+"),
    "aws_cloudtrail": Name("name", 128, r"[A-Za-z0-9][\w.-]+[A-Za-z0-9]"),
    "aws_cloudwatch_composite_alarm": Name("alarm_name", 255),
    "aws_cloudwatch_event_rule": Name("name", 64, r"[\w.-]+"),
    "aws_cloudwatch_dashboard": Name("dashboard_name", 255, r"[\w-]+"),
    "aws_cloudwatch_log_group": Name("name", 512),
    "aws_cloudwatch_metric_alarm": Name("alarm_name", 255),
    "aws_cloudwatch_query_definition": Name("name", 255),
    "aws_config_configuration_recorder": Name("name", 256),
    "aws_config_configuration_recorder_status": Name("name", 300, r".+"),
    "aws_config_delivery_channel": Name("name", 256),
    "aws_db_instance": Name("identifier", 63, _RDS),
    # Terraform adds 26 characters to a prefix.
    "aws_db_parameter_group": Name("name_prefix", 255 - 26, _RDS + "-", unique=False),
    "aws_db_proxy": Name("name", 63, _RDS),
    "aws_db_subnet_group": Name("name", 255, _RDS),
    "aws_dynamodb_table": Name("name", 255),
    "aws_guardduty_detector_feature": Name("name", 50, r"[A-Z0-9_]+", of="detector_id"),
    "aws_iam_instance_profile": Name("name", 128),
    # Glue would take hyphens; Athena's SQL does not, unquoted.
    "aws_glue_catalog_database": Name("name", 255, r"[a-z0-9_]+"),
    "aws_glue_catalog_table": Name("name", 255, r"[a-z0-9_]+", of="database_name"),
    "aws_iam_group": Name("name", 128, r"[\w+=,.@-]+"),
    "aws_iam_group_policy": Name("name", 128, of="group"),
    "aws_iam_policy": Name("name", 128),
    "aws_iam_role": Name("name", 64),
    "aws_iam_role_policy": Name("name", 128, of="role"),
    "aws_iam_user": Name("name", 64, r"[\w+=,.@-]+"),
    "aws_kms_alias": Name("name", 256, r"alias/(?!aws/)[\w/-]+"),
    "aws_lambda_alias": Name("name", 128, of="function_name"),
    "aws_lambda_function": Name("function_name", 64, r"[\w-]+"),
    "aws_lambda_permission": Name("statement_id", 100, r"[\w-]+", of="function_name"),
    # An organization has one of each.
    "aws_organizations_policy": Name("name", 128),
    "aws_s3_bucket": Name("bucket", 63, r"(?!xn--|sthree-)[a-z0-9][a-z0-9-]+[a-z0-9]"),
    "aws_secretsmanager_secret": Name("name", 512),
    "aws_security_group": Name("name", 255, _GROUP, of="vpc_id"),
    "aws_sns_topic": Name("name", 256, r"[\w-]+"),
    "aws_ssoadmin_permission_set": Name("name", 32, r"[\w+=,.@-]+"),
    "aws_sqs_queue": Name("name", 80, r"[\w-]+"),
}
"""By Terraform's resource type. Sources: the API reference of each service; for most see
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html,
https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Limits.html and
https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-queues.html
"""


def problems(stacks: Iterable[Stack]) -> list[str]:
    """One line for each name that AWS refuses, in stacks that share an account and region."""
    holders: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    found = []
    for stack in stacks:
        for address, body in stack.everything():
            kind = address.split(".")[0]
            if kind not in NAMES:
                if {"name", "name_prefix"} & set(body):
                    found.append(f"{address}: it has a name; add {kind} to tests/support/names.py")
                continue
            wanted = NAMES[kind]
            name = body[wanted.field]
            if len(name) > wanted.longest:
                found.append(f"{address}: {name} is longer than {wanted.longest} characters")
            if not re.fullmatch(wanted.form, name):
                found.append(f"{address}: {name} is not of the form {wanted.form}")
            if wanted.unique:
                within = f"{body.get('provider')} {body[wanted.of] if wanted.of else ''}"
                holders[kind, within, name].append(address)
    return found + [
        f"{name}: {' and '.join(addresses)} have the same name; give one of them a naming of its "
        "own, Naming.within"
        for (_, _, name), addresses in holders.items()
        if len(addresses) > 1
    ]

"""CloudWatch Logs: groups have names; a saved query may exist twice under one name."""

from __future__ import annotations

from recovery.adopt.rule import Rule, listed

RULES = {
    "aws_cloudwatch_log_group": Rule(
        look=listed("logs.describe_log_groups", "logGroups", logGroupNamePrefix="{name}"),
        same={"logGroupName": "name"},
        id="{name}",
        arn="logs:log-group",
        removal="logs delete-log-group --log-group-name {id}",
    ),
    "aws_cloudwatch_query_definition": Rule(
        look=listed(
            "logs.describe_query_definitions",
            "queryDefinitions",
            queryDefinitionNamePrefix="{name}",
        ),
        same={"name": "name"},
        id="arn:aws:logs:{region}:{account}:query-definition:{queryDefinitionId}",
        several=True,
        removal="logs delete-query-definition --query-definition-id {queryDefinitionId}",
    ),
}

"""What holds data keeps its Terraform address: a new address means that AWS deletes the old thing.

If a test here fails, the change would lose data. Either undo the renaming, or move the address
(``move_from_id``) and change it here in the same commit.
"""

from __future__ import annotations

import pytest

from tests.support.stacks import Stack, backend_stack, rag_stack

HOLDS_DATA = {
    "aws_cloudwatch_log_group",
    "aws_db_instance",
    "aws_dynamodb_table",
    "aws_kms_key",
    "aws_s3_bucket",
    "aws_secretsmanager_secret",
    "aws_sqs_queue",
}

ENVIRONMENT = {
    "aws_cloudwatch_log_group.alerts_notifier_function_log-group_3DE6EBD5",
    "aws_cloudwatch_log_group.api_access-log_DA0FA37C",
    "aws_cloudwatch_log_group.migrations_log-group_6BE7BF00",
    "aws_cloudwatch_log_group.database_instance_log-postgresql_22B0E9B7",
    "aws_cloudwatch_log_group.database_instance_log-upgrade_C1ED92B1",
    "aws_cloudwatch_log_group.database_proxy_log-group_DEB9D9E2",
    "aws_cloudwatch_log_group.flow-logs_log-group_BD9661F8",
    "aws_cloudwatch_log_group.invocation-logging_log-group_795F70A7",
    "aws_cloudwatch_log_group.rag_log-group_8E9FB11D",
    "aws_db_instance.database_instance_4ACD93C1",
    "aws_kms_key.alerts_key_553AF43B",
    "aws_kms_key.key_F64E54E4",
    "aws_secretsmanager_secret.alerts_notifier_webhook_8F12654E",
    "aws_s3_bucket.invocation-logging_bucket_030DCB88",
    "aws_s3_bucket.flow-log-queries_results_bucket_08F90577",
    "aws_s3_bucket.flow-logs_bucket_46D6A62B",
    "aws_secretsmanager_secret.database_application-secret_D035501A",
    "aws_sqs_queue.alerts_notifier_function_dead-letters_CF3FE732",
    "aws_sqs_queue.migrations_dead-letters_D10F48D3",
    "aws_sqs_queue.rag_dead-letters_B3530330",
}

BACKEND = {
    "aws_dynamodb_table.lock-table",
    "aws_kms_key.key_F64E54E4",
    "aws_s3_bucket.access-log_bucket_300682CE",
    "aws_s3_bucket.bucket_3056591E",
}


def holding_data(stack: Stack) -> set[str]:
    return {address for address, _ in stack.everything() if address.split(".")[0] in HOLDS_DATA}


@pytest.mark.parametrize("name", ["dev", "prod"])
def test_addresses_of_the_environment(name: str) -> None:
    assert holding_data(rag_stack(name)) == ENVIRONMENT


@pytest.mark.parametrize("name", ["dev", "prod"])
def test_addresses_of_the_state(name: str) -> None:
    assert holding_data(backend_stack(name)) == BACKEND

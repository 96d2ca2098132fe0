"""A stack that watches two queues and two tables, which no stack of the project has yet."""

from __future__ import annotations

import functools

from cdktf import TerraformStack
from cdktf_cdktf_provider_aws.dynamodb_table import DynamodbTable, DynamodbTableAttribute
from cdktf_cdktf_provider_aws.sqs_queue import SqsQueue

from backend import aws_provider
from modules.encryption import EncryptionKey
from modules.monitoring import AlarmTopics, Monitoring
from stacks.deployments import deployment_running
from tests.support.apps import new_app
from tests.support.apps import synthesised as app_stack
from tests.support.stacks import Stack
from tests.support.twins import NAMING

OLDEST_SECONDS, REQUESTS_HOURLY = 300, 1_000


@functools.cache
def services(runbooks: str = "https://example.com/r") -> Stack:
    """The synthesised stack: queues ``orders`` and ``mails``, tables ``orders`` and ``people``."""
    app = new_app()
    stack = TerraformStack(app, "services")
    aws_provider(stack, naming=NAMING, tags={})
    monitoring = Monitoring(
        stack,
        "monitoring",
        naming=NAMING,
        topics=AlarmTopics(critical="arn:critical", warning="arn:warning"),
        runbooks=runbooks,
        deployments=deployment_running("services"),
    )
    for role in ("orders", "mails"):
        queue = SqsQueue(stack, f"{role}-queue", name=NAMING.name(role))
        monitoring.watch.queue(queue, role=role, oldest_seconds=OLDEST_SECONDS)
    for role in ("orders", "people"):
        table = DynamodbTable(
            stack,
            f"{role}-table",
            name=NAMING.name(role),
            billing_mode="PAY_PER_REQUEST",
            hash_key="id",
            attribute=[DynamodbTableAttribute(name="id", type="S")],
        )
        monitoring.watch.table(table, role=role, operations=("GetItem", "PutItem"))
    for role in ("data", "alerts"):
        key = EncryptionKey(
            stack, role, naming=NAMING, role=role, description="t", deletion_window_days=7
        )
        monitoring.watch.key(key, requests_hourly=REQUESTS_HOURLY)
    monitoring.draw("i")
    return app_stack(app, "services")

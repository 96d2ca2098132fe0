"""The verbs: which section describes an object of which module."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from cdktf_cdktf_provider_aws.dynamodb_table import DynamodbTable
from cdktf_cdktf_provider_aws.sqs_queue import SqsQueue
from constructs import Construct

from modules.alerting import Severity
from modules.api_gateway import HttpApi
from modules.encryption import EncryptionKey
from modules.lambda_function import Function
from modules.monitoring.alarm import Rule, any_of
from modules.monitoring.protection import protect
from modules.monitoring.section import Section
from modules.monitoring.sections import (
    api,
    database,
    function,
    key,
    logs,
    models,
    network,
    proxy,
    queue,
    table,
    topic,
)
from modules.rds import Database
from modules.vpc import Vpc


class Watch:
    """One verb a module. A further service is a file in ``sections/`` and a verb here."""

    def __init__(self, scope: Construct, add: Callable[[Section], None]) -> None:
        """Args: scope: owns what belongs to no section; add: takes each section."""
        self._scope = scope
        self._add = add
        self._masked: dict[str, str] = {}

    def api(self, watched: HttpApi, thresholds: api.ApiThresholds) -> api.ApiAlarms:
        """Requests, errors, latency; returns the alarms that others are combined with."""
        section, alarms = api.section(watched, thresholds)
        self._add(section)
        return alarms

    def function(self, watched: Function, *, concurrency_percent: float) -> None:
        """A function that answers callers; what must not stand in its log is masked."""
        self._add(function.section(watched, concurrency_percent=concurrency_percent))
        self._protect(watched)

    def job(
        self,
        watched: Function,
        *,
        failed: Severity | None = "critical",
        lost: Severity = "warning",
    ) -> None:
        """A function that runs now and then, each of whose failures and lost events counts."""
        self._add(function.job_section(watched, failed=failed, lost=lost))
        self._protect(watched)

    def database(self, watched: Database, thresholds: database.DatabaseThresholds) -> Rule:
        """An instance, and its proxy if it has one; returns when it is overloaded."""
        section, *alarms = database.section(watched, thresholds)
        self._add(section)
        if watched.proxy:
            section, of_proxy = proxy.section(watched.proxy, thresholds)
            self._add(section)
            alarms += of_proxy
        return any_of(*alarms)

    def queue(self, watched: SqsQueue, *, role: str, oldest_seconds: float) -> None:
        """A queue that somebody reads; a function's dead letters come with the function."""
        self._add(queue.section(watched, role=role, oldest_seconds=oldest_seconds))

    def table(
        self, watched: DynamodbTable, *, role: str, operations: Sequence[table.Operation]
    ) -> None:
        """A DynamoDB table, by the operations that its users call."""
        self._add(table.section(watched, role=role, operations=operations))

    def key(self, watched: EncryptionKey, *, requests_hourly: int) -> None:
        """A KMS key: how often it is used."""
        self._add(key.section(watched, requests_hourly=requests_hourly))

    def models(
        self,
        prices: Mapping[str, models.ModelPrice | None],
        thresholds: models.ModelThresholds,
        *,
        log_group: str | None = None,
    ) -> None:
        """Models on Amazon Bedrock, by the ids they are called by."""
        self._add(models.section(prices, thresholds, log_group=log_group))

    def nat(self, watched: Vpc) -> None:
        """A network's NAT gateways; nothing where it has none."""
        self._add(network.nat_section(watched))

    def flow_log(self, watched: Vpc, *, log_group: str, database_port: int) -> None:
        """A network's flow log in CloudWatch Logs: saved queries."""
        self._add(network.flow_section(watched, log_group=log_group, database_port=database_port))

    def logs(self, log_groups: Mapping[str, str], *, masked: Mapping[str, str]) -> None:
        """How much is written to log groups, which is what they cost; label to name.

        What is masked is shown of the functions watched so far, and of those that mask themselves.
        """
        self._add(logs.section(log_groups, masked={**self._masked, **masked}))

    def topics(self, names: Mapping[Severity, str]) -> None:
        """The topics that alarms tell: severity to the topic's name."""
        self._add(topic.section(names))

    def _protect(self, watched: Function) -> None:
        protect(self._scope, f"{watched.short_name}-protection", log_group=watched.log_group)
        self._masked[watched.short_name] = watched.log_group_name

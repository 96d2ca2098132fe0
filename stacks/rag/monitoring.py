"""What is watched of the RAG system: its alarms, its dashboard, its saved queries."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from constructs import Construct

from modules.api_gateway import HttpApi
from modules.encryption import EncryptionKey
from modules.lambda_function import Function
from modules.monitoring import (
    AlarmTopics,
    ApiThresholds,
    DatabaseThresholds,
    ModelPrice,
    ModelThresholds,
    Monitoring,
    SavedQuery,
    Section,
    all_of,
    any_of,
)
from modules.naming import Naming
from modules.rds import Database
from modules.vpc import Vpc
from pipeline.cost.catalogue import Catalogue
from stacks.base import module_value
from stacks.deployments import deployment_running
from stacks.rag.monitoring_settings import MonitoringSettings

_TOKENS = "1M tokens"
_MODEL_LOG = "invocations of models"

_INTRODUCTION = """\
**First** the alarms in red, each with a link to its runbook. **Then** the API: failing or slow?
**Failing:** the function's errors, the database, the models, in this order. **Slow:** the models' \
latency, the wait for a connection, the processors.
The grey line on the right axis is a deployment."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Watched:
    """The parts of the system that are watched.

    Attributes:
        api: the HTTP API.
        function: answers it.
        migrations: brings the database's schema up to date with each deployment.
        database: instance and proxy.
        network: the VPC.
        key: encrypts what the stack stores.
        flow_log_group: name of the log group of its flow log, if it has one.
        models: ids of the models that are called.
        notifier: tells Slack of alarms, where it does.
        model_log_group: name of the log group of the models' calls, where the stack owns it.
        model_log_masks: whether it masks, which it does where it holds texts.
    """

    api: HttpApi
    function: Function
    migrations: Function
    database: Database
    network: Vpc
    key: EncryptionKey
    flow_log_group: str | None
    models: tuple[str, ...]
    notifier: Function | None = None
    model_log_group: str | None = None
    model_log_masks: bool = False

    @property
    def log_group_names(self) -> list[str]:
        """Where to read what the system's own parts write."""
        return [
            self.api.log_group_name,
            self.function.log_group_name,
            self.migrations.log_group_name,
            *self.database.log_group_names,
        ]


def monitor(
    scope: Construct,
    watched: Watched,
    settings: MonitoringSettings,
    *,
    naming: Naming,
    topics: AlarmTopics,
    runbooks: str,
    stack_id: str,
) -> Monitoring:
    """Watch the system.

    Args:
        scope: the stack.
        watched: its parts.
        settings: when alarms go off.
        naming: names of the environment.
        topics: whom alarms tell.
        runbooks: address of the folder with the alarms' runbooks.
        stack_id: the stack, as the metric of deployments names it.
    """
    monitoring = Monitoring(
        scope,
        "monitoring",
        naming=naming,
        topics=topics,
        runbooks=runbooks,
        deployments=deployment_running(stack_id),
    )
    watch, database = monitoring.watch, watched.database
    api = watch.api(watched.api, module_value(ApiThresholds, settings))
    watch.function(watched.function, concurrency_percent=settings.concurrency_percent)
    watch.job(watched.migrations)
    if watched.notifier:
        # A run that failed is tried again, and news of it would be the next run that fails, without
        # end. What is lost was an alarm, and the topic that also writes e-mail must tell of it:
        # Slack can't say that it was not told.
        watch.job(watched.notifier, failed=None, lost="critical")
    overloaded = watch.database(database, module_value(DatabaseThresholds, settings))
    watch.models(
        _prices(watched.models, naming.region),
        module_value(ModelThresholds, settings),
        log_group=watched.model_log_group,
    )
    watch.nat(watched.network)
    if watched.flow_log_group:
        watch.flow_log(
            watched.network, log_group=watched.flow_log_group, database_port=database.port
        )
    monitoring.add(_service(watched.function))
    watch.logs(_log_groups(watched), masked=_masked(watched))
    watch.key(watched.key, requests_hourly=settings.key_requests_hourly)
    watch.topics(topics.names)
    monitoring.page(
        "api-failing",
        meaning="The API is slow and answers with errors, or most of its answers are errors.",
        # Failing at once is not slow: a database that refuses makes fast errors.
        rule=any_of(all_of(api.latency, api.errors), api.outage),
    )
    monitoring.page(
        "database-overloaded",
        meaning="The database or its proxy is overloaded, and the API suffers from it.",
        rule=all_of(overloaded, any_of(api.latency, api.errors)),
    )
    monitoring.draw(_INTRODUCTION)
    return monitoring


def _service(function: Function) -> Section:
    """What services/rag writes into its log; no line holds the text of a document or a question."""
    groups = (function.log_group_name,)
    return Section(
        title="Functions",
        note="",
        queries=(
            SavedQuery(
                name="service-errors",
                log_groups=groups,
                text='filter level = "ERROR"\n| stats count(*) as errors, max(@timestamp) as '
                "newest by message, error, cause\n| sort errors desc",
            ),
            SavedQuery(
                name="service-newest-errors",
                log_groups=groups,
                text="fields @timestamp, request_id, message, error, cause, sqlstate, dependency, "
                "where\n"
                '| filter level = "ERROR"\n| sort @timestamp desc\n| limit 20',
            ),
        ),
    )


def _log_groups(watched: Watched) -> dict[str, str]:
    groups = {
        "API": watched.api.log_group_name,
        "function": watched.function.log_group_name,
        "database": watched.database.instance.log_group_names[0],
    }
    if watched.flow_log_group:
        groups["flow log"] = watched.flow_log_group
    if watched.model_log_group:
        groups[_MODEL_LOG] = watched.model_log_group
    return groups


def _masked(watched: Watched) -> dict[str, str]:
    group = watched.model_log_group
    return {_MODEL_LOG: group} if group and watched.model_log_masks else {}


def _prices(models: tuple[str, ...], region: str) -> Mapping[str, ModelPrice | None]:
    """List prices of models; None for one that the catalogue does not have."""
    found: dict[str, ModelPrice | None] = {}
    for model in models:
        read, written = (_price(f"bedrock.{model}.{kind}", region) for kind in ("input", "output"))
        found[model] = None if read is None else ModelPrice(input_usd=read, output_usd=written or 0)
    return found


def _price(key: str, region: str) -> float | None:
    """USD for a million tokens."""
    catalogue = _catalogue()
    if not catalogue.has(key, region):
        return None
    price = catalogue.price(key, region)
    return float(price.cost(Decimal(1))) if price.unit == _TOKENS else None


@functools.cache
def _catalogue() -> Catalogue:
    return Catalogue.load()

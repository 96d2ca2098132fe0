"""What watches the RAG system: alarms and whom they call, logs of the models, Grafana."""

from __future__ import annotations

from dataclasses import dataclass, replace

from modules import bedrock
from modules.alerting import Alerts
from modules.encryption import EncryptionKey
from modules.lambda_function import Code
from modules.monitoring import AlarmTopics, Monitoring
from modules.rds import DatabaseEvents
from stacks.base import Stack, module_value
from stacks.rag.alerts import alerts
from stacks.rag.monitoring import Watched, monitor
from stacks.rag.settings import RagSettings


@dataclass(frozen=True, kw_only=True, slots=True)
class Watching:
    """What watches.

    Attributes:
        alerts: who is called.
        monitoring: alarms, saved queries, dashboard.
        invocation_logging: the log of Bedrock's invocations, where this stack owns it.
    """

    alerts: Alerts
    monitoring: Monitoring
    invocation_logging: bedrock.InvocationLogging | None


def watch(
    stack: Stack,
    watched: Watched,
    settings: RagSettings,
    *,
    code: Code,
    runbooks: str,
) -> Watching:
    """Watch the system, and say in the stack's outputs where.

    Args:
        stack: that gets what watches.
        watched: the parts of the system.
        settings: the system's settings, validated.
        code: gives the zip of a service.
        runbooks: address of the folder with the alarms' runbooks.
    """
    environment = stack.environment
    called = alerts(
        stack,
        "alerts",
        environment=environment,
        settings=settings,
        code=code,
        runbooks=runbooks,
    )
    DatabaseEvents(
        stack,
        "database-events",
        naming=stack.naming,
        database=watched.database,
        critical_topic_arn=called.critical.arn,
        warning_topic_arn=called.warning.arn,
    )
    logging = _invocation_logging(stack, settings, watched.key)
    watching = Watching(
        alerts=called,
        invocation_logging=logging,
        monitoring=monitor(
            stack,
            replace(
                watched,
                notifier=called.notifier.function if called.notifier else None,
                model_log_group=logging.log_group_name if logging else None,
                model_log_masks=bool(logging and logging.masks),
            ),
            settings.monitoring,
            naming=stack.naming,
            topics=AlarmTopics(
                critical=called.critical.known_arn, warning=called.warning.known_arn
            ),
            runbooks=runbooks,
            stack_id=stack.node.id,
        ),
    )
    _output(stack, watched, watching)
    if settings.grafana:
        from stacks.rag.grafana import add_grafana  # it takes long to load

        add_grafana(stack, watched, settings, settings.grafana)
    return watching


def _invocation_logging(
    stack: Stack, settings: RagSettings, key: EncryptionKey
) -> bedrock.InvocationLogging | None:
    logging = settings.invocation_logging
    if logging is None:
        return None
    return bedrock.InvocationLogging(
        stack,
        "invocation-logging",
        naming=stack.naming,
        key=key,
        log_group_name=logging.log_group_name,
        log_retention_days=logging.log_retention_days,
        bucket_retention_days=logging.bucket_retention_days,
        force_destroy=logging.force_destroy,
        data=module_value(bedrock.DeliveredData, logging),
    )


def _output(stack: Stack, watched: Watched, watching: Watching) -> None:
    notifier = watching.alerts.notifier
    groups = [*watched.log_group_names, *([notifier.function.log_group_name] if notifier else [])]
    stack.output("log_groups", groups, "Where to read what happened")
    topics = {"critical": watching.alerts.critical, "warning": watching.alerts.warning}
    for severity, topic in topics.items():
        stack.output(f"alerts_{severity}_topic_arn", topic.arn, f"Topic of {severity} alarms")
    if notifier:
        stack.output(
            "slack_webhook_secret",
            notifier.secret.name,
            "Secret for Slack's webhook; a person puts its value",
        )
    logging = watching.invocation_logging
    if logging:
        stack.output(
            "invocation_log_group",
            logging.log_group_name,
            "Where to search Bedrock's invocations",
        )
        stack.output(
            "invocation_log_bucket", logging.bucket_name, "Where Bedrock's invocations are kept"
        )

"""Who is called when an alarm of the RAG system goes off."""

from __future__ import annotations

from constructs import Construct

from modules.alerting import Alerts, AmazonQ, SlackNotifier, webhook_secret_name
from modules.lambda_function import Code
from modules.monitoring import dashboard_name
from services.notifier import contract
from stacks.base import module_value
from stacks.rag.settings import RagSettings
from stacks.settings import EnvironmentSettings


def alerts(
    scope: Construct,
    construct_id: str,
    *,
    environment: EnvironmentSettings,
    settings: RagSettings,
    code: Code,
    runbooks: str,
) -> Alerts:
    """The topics, and all who hear of them.

    Args:
        scope: the stack.
        construct_id: id within it.
        environment: the environment, validated.
        settings: the system's settings, validated.
        code: gives the zip of a service.
        runbooks: address of the folder with the alarms' runbooks.
    """
    return Alerts(
        scope,
        construct_id,
        naming=environment.naming,
        emails={
            "critical": settings.alerts.critical_emails,
            "warning": settings.alerts.warning_emails,
        },
        slack=_slack(environment, settings, code, runbooks),
        key_deletion_window_days=environment.key_deletion_window_days,
        log_retention_days=environment.log_retention_days,
    )


def _slack(
    environment: EnvironmentSettings, settings: RagSettings, code: Code, runbooks: str
) -> SlackNotifier | AmazonQ | None:
    own = settings.alerts
    if own.slack == "amazon-q" and own.amazon_q:
        return module_value(AmazonQ, own.amazon_q)
    if own.slack != "notifier":
        return None
    naming = environment.naming
    of_notifier = contract.NotifierSettings(
        webhook_secret=webhook_secret_name(naming),
        environment=naming.title,
        dashboard=dashboard_name(naming),
        # What is no alarm has its page beside the alarms' folder.
        runbooks=runbooks.rpartition("/")[0],
    )
    return SlackNotifier(
        code=code("notifier"),
        handler=contract.HANDLER,
        variables=of_notifier.variables(),
        recovery_window_days=settings.secret_recovery_days,
    )

"""Grafana for the RAG system: what it shows, and when it calls for help."""

from __future__ import annotations

from modules.grafana import (
    Dashboard,
    Grafana,
    api_error_rate,
    api_latency,
    database_connections,
    database_cpu,
    database_storage,
    error_rate_alert,
    function_concurrency,
)
from stacks.base import Stack
from stacks.rag.monitoring import Watched
from stacks.rag.monitoring_settings import GRAFANA_DISK_TYPE, GrafanaSettings
from stacks.rag.settings import RagSettings


def add_grafana(
    stack: Stack,
    watched: Watched,
    settings: RagSettings,
    machine: GrafanaSettings,
) -> Grafana:
    """Add the machine to the stack, and say how it is opened.

    Args:
        stack: that gets it.
        watched: the parts that it shows.
        settings: the system's.
        machine: the machine's.
    """
    grafana = Grafana(
        stack,
        "grafana",
        naming=stack.naming,
        network=watched.network,
        key=watched.key,
        version=machine.version,
        instance_type=machine.instance_type,
        disk_type=GRAFANA_DISK_TYPE,
        dashboard=Dashboard(
            title=f"MapVibe {stack.environment.name}",
            panels=[
                api_latency(watched.api),
                api_error_rate(watched.api, too_many=machine.error_percent),
                function_concurrency(
                    watched.function, reserved=settings.function.reserved_concurrency
                ),
                database_connections(watched.database),
                database_cpu(watched.database, too_busy=settings.monitoring.cpu_percent),
                database_storage(watched.database),
            ],
        ),
        alert=error_rate_alert(watched.api, percent=machine.error_percent),
        log_groups=watched.log_group_names,
        recovery_window_days=settings.secret_recovery_days,
    )
    stack.output(
        "grafana_instance_id", grafana.instance.id, "Where Grafana runs; docs/grafana.md opens it"
    )
    stack.output(
        "grafana_webhook_secret", grafana.webhook.name, "Where a person puts Slack's webhook"
    )
    return grafana

"""The AWS services that a stack's resources can need; one that is new here is one more line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from modules.gitlab_access.applied_stack import ServiceName
from modules.gitlab_access.services import (
    alerting,
    analytics,
    compute,
    data,
    instances,
    invocation_logs,
    logs,
    monitoring,
    network,
    roles,
)
from modules.gitlab_access.services.service import PolicyName, Service

SERVICES: Mapping[ServiceName, Service] = {
    "network": network.NETWORK,
    "functions": compute.FUNCTIONS,
    "apis": compute.APIS,
    "instances": instances.INSTANCES,
    "roles": roles.ROLES,
    "models": compute.MODELS,
    "invocation-logs": invocation_logs.INVOCATION_LOGS,
    "queues": compute.QUEUES,
    "logs": logs.LOGS,
    "flow-logs": logs.FLOW_LOGS,
    "flow-log-queries": analytics.FLOW_LOG_QUERIES,
    "database": data.DATABASE,
    "secrets": data.SECRETS,
    "keys": data.KEYS,
    "alerts": alerting.ALERTS,
    "monitoring": monitoring.MONITORING,
}
"""Policies list what services add to them in this order."""


def chosen(names: Iterable[ServiceName]) -> list[Service]:
    """The services of these names, in the order of ``SERVICES``."""
    wanted = set(names)
    return [service for name, service in SERVICES.items() if name in wanted]


__all__ = ["SERVICES", "PolicyName", "Service", "chosen"]

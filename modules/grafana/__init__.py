"""Grafana on a machine of its own: dashboards of CloudWatch's metrics, and alerts to Slack.

Grafana's SDK takes a tenth of a second to load: import this where a Grafana is really wanted.
"""

from modules.grafana.grafana import Grafana, webhook_name
from modules.grafana.panel import (
    Alert,
    Dashboard,
    Expression,
    Panel,
    Series,
    Threshold,
    api_error_rate,
    api_latency,
    database_connections,
    database_cpu,
    database_storage,
    error_rate_alert,
    function_concurrency,
)

__all__ = [
    "Alert",
    "Dashboard",
    "Expression",
    "Grafana",
    "Panel",
    "Series",
    "Threshold",
    "api_error_rate",
    "api_latency",
    "database_connections",
    "database_cpu",
    "database_storage",
    "error_rate_alert",
    "function_concurrency",
    "webhook_name",
]

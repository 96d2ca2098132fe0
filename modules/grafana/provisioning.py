"""The files that Grafana reads when it starts: where data comes from, and whom an alert calls.

They are written as JSON, which is YAML. Grafana replaces ``$NAME`` and ``${NAME}`` in them by
environment variables; a dollar that is meant is written twice.

Sources: https://grafana.com/docs/grafana/v11.6/administration/provisioning/ and
https://grafana.com/docs/grafana/v11.6/alerting/set-up/provision-alerting-resources/file-provisioning/
"""

from __future__ import annotations

from typing import Any

from grafana_foundation_sdk.builders import expr
from grafana_foundation_sdk.models import dashboard as models

from modules.grafana.dashboard import SOURCE, UID, metric_query, panel_id
from modules.grafana.panel import Alert, Dashboard
from modules.metrics import Metric

DASHBOARDS = "/etc/grafana/dashboards"
"""Folder of the dashboards' files."""

_EXPRESSIONS = "__expr__"
_CONTACT = "Slack"
_DELAY_SECONDS = 60
"""CloudWatch's newest minute is not complete yet."""


def data_sources(region: str) -> dict[str, Any]:
    """CloudWatch, with the permissions of the machine's role."""
    source = {
        "name": "CloudWatch",
        "type": SOURCE.type_val,
        "uid": SOURCE.uid,
        "access": "proxy",
        "isDefault": True,
        "editable": False,
        "jsonData": {"authType": "default", "defaultRegion": region},
    }
    return {"apiVersion": 1, "datasources": [source]}


def dashboard_folder() -> dict[str, Any]:
    """Where the dashboards' files are."""
    provider = {
        "name": "files",
        "type": "file",
        "allowUiUpdates": False,
        "disableDeletion": True,
        "options": {"path": DASHBOARDS},
    }
    return {"apiVersion": 1, "providers": [provider]}


def contact() -> dict[str, Any]:
    """Slack, and that every alert goes there. The webhook is in the environment only."""
    receiver = {
        "uid": "slack",
        "type": "slack",
        "settings": {"url": "${SLACK_WEBHOOK}"},
        "disableResolveMessage": False,
    }
    route = {"orgId": 1, "receiver": _CONTACT, "group_by": ["grafana_folder", "alertname"]}
    return {
        "apiVersion": 1,
        "contactPoints": [{"orgId": 1, "name": _CONTACT, "receivers": [receiver]}],
        "policies": [route],
    }


def rules(alert: Alert, dashboard: Dashboard, *, region: str) -> dict[str, Any]:
    """The rule, looked at every minute.

    Grafana counts itself, because it asks CloudWatch for each series of a rule by itself: metric
    math over two of them is refused. A missing number of failures makes the share empty, not zero.
    """
    window = alert.minutes * 60
    data = [
        _asks(alert.failed, "A", window, region),
        _asks(alert.all, "B", window, region),
        _counts(_sum("A", "C")),
        _counts(_sum("B", "D")),
        # A comparison is 1 or 0.
        _counts(
            expr.TypeMath().ref_id("E").expression(f"$$C / $$D * 100 * ($$D >= {alert.least})")
        ),
        _counts(_above("E", "F", alert.percent)),
    ]
    rule = {
        "uid": "error-rate",
        "title": alert.title,
        "condition": "F",
        "data": data,
        "for": f"{alert.minutes}m",
        # The API publishes nothing while nobody calls it, and no failures is no reason to call.
        "noDataState": "OK",
        # A query that fails is told as such: no longer seeing the API is not the API's failure.
        "execErrState": "Error",
        "dashboardUid": UID,
        "panelId": panel_id(dashboard, alert.panel),
        "annotations": {
            "summary": f"More than {alert.percent:g} % of the requests of the last "
            f"{alert.minutes} minutes failed."
        },
        "labels": {"severity": "critical"},
    }
    group = {
        "orgId": 1,
        "name": "api",
        "folder": "Alerts",
        "interval": "1m",
        "rules": [rule],
    }
    return {"apiVersion": 1, "groups": [group]}


def _asks(metric: Metric, ref: str, window: int, region: str) -> dict[str, Any]:
    query = metric_query(metric, ref=ref, region=region, period="60").id(ref.lower()).build()
    return {
        "refId": ref,
        "relativeTimeRange": {"from": window + _DELAY_SECONDS, "to": _DELAY_SECONDS},
        "datasourceUid": SOURCE.uid,
        "model": query,
    }


def _counts(made: expr.TypeMath | expr.TypeReduce | expr.TypeThreshold) -> dict[str, Any]:
    built = made.build()
    built.datasource = models.DataSourceRef(type_val=_EXPRESSIONS, uid=_EXPRESSIONS)
    return {
        "refId": built.ref_id,
        "relativeTimeRange": {"from": 0, "to": 0},
        "datasourceUid": _EXPRESSIONS,
        "model": built,
    }


def _sum(of: str, ref: str) -> expr.TypeReduce:
    return (
        expr.TypeReduce()
        .ref_id(ref)
        .expression(of)
        .reducer("sum")
        .settings(expr.ExprTypeReduceSettings().mode("dropNN"))
    )


def _above(of: str, ref: str, limit: float) -> expr.TypeThreshold:
    return (
        expr.TypeThreshold()
        .ref_id(ref)
        .expression(of)
        .conditions(
            [
                expr.ExprTypeThresholdConditions().evaluator(
                    expr.ExprTypeThresholdConditionsEvaluator().type("gt").params([limit])
                )
            ]
        )
    )

"""A dashboard as Grafana reads it from a file, made with Grafana's Foundation SDK."""

from __future__ import annotations

import json

from grafana_foundation_sdk.builders import cloudwatch, common, timeseries
from grafana_foundation_sdk.builders import dashboard as builders
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.models import cloudwatch as queries
from grafana_foundation_sdk.models import common as options
from grafana_foundation_sdk.models import dashboard as models

from modules.grafana.panel import Dashboard, Expression, Panel, Series
from modules.metrics import Metric

UID = "overview"
"""Grafana's name of the dashboard, which addresses and alerts use; there is one on each machine."""

SOURCE = models.DataSourceRef(type_val="cloudwatch", uid="cloudwatch")
"""The data source that ``provisioning.data_sources`` describes."""

_COLUMNS, _HEIGHT = 2, 8
_WIDTH = 24 // _COLUMNS
"""A dashboard is 24 columns wide."""


def dashboard_json(dashboard: Dashboard, *, region: str) -> str:
    """The dashboard's file.

    Args:
        dashboard: what it shows.
        region: where its metrics are.
    """
    builder = (
        builders.Dashboard(dashboard.title)
        .uid(UID)
        .readonly()
        .time("now-3h", "now")
        .refresh("1m")
        .timezone("browser")
        .tooltip(models.DashboardCursorSync.CROSSHAIR)
    )
    for place, panel in enumerate(dashboard.panels):
        builder.with_panel(_panel(panel, place, region))
    return encoded(builder.build())


def panel_id(dashboard: Dashboard, title: str) -> int:
    """The number of the panel of this title; the SDK gives none.

    Raises:
        StopIteration: the dashboard has no such panel.
    """
    return 1 + next(i for i, panel in enumerate(dashboard.panels) if panel.title == title)


def encoded(value: object) -> str:
    """JSON of what the SDK built, without spaces."""
    return json.dumps(value, cls=JSONEncoder, separators=(",", ":"))


def metric_query(
    metric: Metric, *, ref: str, region: str, period: str
) -> cloudwatch.CloudWatchMetricsQuery:
    """A query of one series.

    Args:
        metric: the series.
        ref: Grafana's name of the query, unique in its panel or rule.
        region: where the metric is.
        period: seconds of a point, or ``auto``.
    """
    return (
        _query(ref, region)
        .metric_editor_mode(queries.MetricEditorMode.BUILDER)
        .namespace(metric.namespace)
        .metric_name(metric.name)
        .dimensions(dict(metric.dimensions))
        .match_exact(True)
        .statistic(metric.statistic)
        .period(period)
    )


def _panel(panel: Panel, place: int, region: str) -> timeseries.Panel:
    row, column = divmod(place, _COLUMNS)
    built = (
        timeseries.Panel()
        .id(place + 1)
        .title(panel.title)
        .datasource(SOURCE)
        .grid_pos(models.GridPos(h=_HEIGHT, w=_WIDTH, x=column * _WIDTH, y=row * _HEIGHT))
        .unit(panel.unit)
        .min(0)
        .show_points(options.VisibilityMode.AUTO)
        .targets([_target(query, ref, region) for query, ref in _lettered(panel)])
    )
    if panel.threshold:
        built.thresholds(
            builders.ThresholdsConfig()
            .mode(models.ThresholdsMode.ABSOLUTE)
            .steps(
                [
                    models.Threshold(value=None, color="green"),
                    models.Threshold(value=panel.threshold.value, color="red"),
                ]
            )
        ).thresholds_style(
            common.GraphThresholdsStyleConfig().mode(options.GraphThresholdsStyleMode.LINE)
        )
    return built


def _lettered(panel: Panel) -> list[tuple[Series | Expression, str]]:
    return [(query, chr(ord("A") + i)) for i, query in enumerate(panel.queries)]


def _target(query: Series | Expression, ref: str, region: str) -> cloudwatch.CloudWatchMetricsQuery:
    if isinstance(query, Expression):
        made = (
            _query(ref, region)
            .metric_editor_mode(queries.MetricEditorMode.CODE)
            .namespace("")
            .expression(query.text)
            .period("auto")
        )
    else:
        made = metric_query(query.metric, ref=ref, region=region, period="auto").hide(query.hidden)
    return made.id(query.id).label(query.label)


def _query(ref: str, region: str) -> cloudwatch.CloudWatchMetricsQuery:
    return (
        cloudwatch.CloudWatchMetricsQuery()
        .ref_id(ref)
        .datasource(SOURCE)
        .region(region)
        .query_mode(queries.CloudWatchQueryMode.METRICS)
        .metric_query_type(queries.MetricQueryType.SEARCH)
    )

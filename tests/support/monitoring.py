"""What CloudWatch would take without a word, or refuse minutes later, in a synthesised stack."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from modules.metrics import Definition, MetricError
from modules.metrics.table import definitions
from stacks.deployments import DEPLOYMENTS
from tests.support.stacks import Stack

COLUMNS, MOST_WIDGETS, MOST_METRICS_OF_A_WIDGET, MOST_METRICS = 24, 500, 500, 2_500
MOST_METRICS_OF_AN_ALARM, LONGEST_DESCRIPTION, LONGEST_ALARM_SECONDS = 10, 1_024, 86_400
MOST_CHILDREN = 100
"""Sources: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html and
https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html"""

OWN: tuple[Definition, ...] = (DEPLOYMENTS,)
"""Metrics that the project publishes itself and that something here names."""

Json = dict[str, Any]
_ID = re.compile(r"\b[a-z][A-Za-z0-9_]*\b")
_REFERENCE = re.compile(r"\b(aws_\w+)\.([\w-]+)\.")
_KNOWN = {**definitions(), **{(each.namespace, each.name): each for each in OWN}}


def problems(stack: Stack) -> list[str]:
    """One line for each thing that is wrong with a stack's dashboards and alarms."""
    found = []
    for name, body in stack.resources("aws_cloudwatch_dashboard").items():
        found += [f"{name}: {line}" for line in _dashboard(json.loads(body["dashboard_body"]))]
    for name, body in stack.resources("aws_cloudwatch_metric_alarm").items():
        found += [f"{name}: {line}" for line in _alarm(body)]
    for name, body in stack.resources("aws_cloudwatch_composite_alarm").items():
        found += [f"{name}: {line}" for line in _composite(body)]
    return found


def _dashboard(body: Json) -> Iterator[str]:
    widgets = body["widgets"]
    if body["start"] != "-PT3H" or body["periodOverride"] != "inherit":
        yield "shows another time than three hours, or periods of its own"
    if len(widgets) > MOST_WIDGETS:
        yield "more widgets than AWS takes"
    yield from _grid(widgets)
    drawn = 0
    for widget in widgets:
        title, properties = widget["properties"].get("title", ""), widget["properties"]
        if widget["type"] in ("metric", "log") and not properties.get("region"):
            yield f"{title}: no region"
        if widget["type"] == "metric":
            drawn += len(properties["metrics"])
            yield from (f"{title}: {line}" for line in _graph(properties))
    if drawn > MOST_METRICS:
        yield "more metrics than AWS takes"


def _grid(widgets: Sequence[Json]) -> Iterator[str]:
    taken: set[tuple[int, int]] = set()
    for widget in widgets:
        x, y, width, height = (widget[field] for field in ("x", "y", "width", "height"))
        cells = {(i, j) for i in range(x, x + width) for j in range(y, y + height)}
        if min(x, y) < 0 or min(width, height) < 1 or x + width > COLUMNS:
            yield f"a widget at {x}, {y} leaves the grid"
        if cells & taken:
            yield f"a widget at {x}, {y} covers another"
        taken |= cells


def _graph(properties: Json) -> Iterator[str]:
    rows = properties["metrics"]
    if not 0 < len(rows) <= MOST_METRICS_OF_A_WIDGET:
        yield "no metric, or more than AWS takes"
    ids, expressions = [], []
    for row in rows:
        *names, options = row
        ids.append(options["id"])
        if "expression" in options:
            expressions.append(options["expression"])
        else:
            namespace, metric, *pairs = names
            yield from _unknown(namespace, metric, pairs[::2], options["stat"])
    yield from _math(ids, expressions)
    if not any(row[:2] == [DEPLOYMENTS.namespace, DEPLOYMENTS.name] for row in rows):
        yield "deployments are not drawn"


def _alarm(body: Json) -> Iterator[str]:
    queries = body.get("metric_query", [])
    metrics = [query["metric"] for query in queries if "metric" in query]
    yield from _judged(body, queries, metrics)
    periods = {metric["period"] for metric in metrics} or {body["period"]}
    if len(periods) != 1:
        yield "metrics of different periods"
    if max(periods) * body["evaluation_periods"] > LONGEST_ALARM_SECONDS:
        yield "looks at more than a day"
    if len(metrics) > MOST_METRICS_OF_AN_ALARM:
        yield "more metrics than AWS takes"
    if "unit" in json.dumps(body):
        yield "says a unit: data of another one would be invisible"
    if "treat_missing_data" not in body:
        yield "missing data is nobody's choice"
    if body.get("alarm_actions") != body.get("ok_actions"):
        yield "tells that something broke, and not that it is well again"
    if len(body["alarm_description"]) > LONGEST_DESCRIPTION:
        yield "the description is longer than AWS takes"


def _judged(body: Json, queries: Sequence[Json], metrics: Sequence[Json]) -> Iterator[str]:
    """What one alarm judges: a metric, metric math with one result, or a band with its metric."""
    if not queries:
        statistic = body.get("statistic") or body["extended_statistic"]
        yield from _unknown(
            body["namespace"], body["metric_name"], body.get("dimensions", {}), statistic
        )
        return
    for metric in metrics:
        yield from _unknown(
            metric["namespace"],
            metric["metric_name"],
            metric.get("dimensions", {}),
            metric["stat"],
        )
    expressions = [query["expression"] for query in queries if "expression" in query]
    yield from _math([query["id"] for query in queries], expressions)
    results = [query["id"] for query in queries if query.get("return_data")]
    band = body.get("threshold_metric_id")
    if band and ("threshold" in body or band not in results or len(results) != 2):
        yield "a band needs itself and its metric as results, and no threshold"
    if not band and (len(results) != 1 or "threshold" not in body):
        yield "not exactly one result, or no threshold"


def _composite(body: Json) -> Iterator[str]:
    children = re.findall(r"ALARM\(", body["alarm_rule"])
    if not 1 < len(children) <= MOST_CHILDREN:
        yield "reads one alarm, or more than AWS takes"
    suppressor = body.get("actions_suppressor")
    if not suppressor or not {"wait_period", "extension_period"} <= set(suppressor):
        yield "calls somebody while a deployment runs, or without both periods"
    if len(body["alarm_description"]) > LONGEST_DESCRIPTION:
        yield "the description is longer than AWS takes"


def _unknown(
    namespace: str, name: str, dimensions: Sequence[str] | Mapping[str, str], statistic: str
) -> Iterator[str]:
    definition = _KNOWN.get((namespace, name))
    if definition is None:
        yield f"nobody publishes {namespace} {name}"
        return
    try:
        definition.check(list(dimensions), statistic)
    except MetricError as error:
        yield str(error)


def _math(ids: Sequence[str], expressions: Sequence[str]) -> Iterator[str]:
    if len(set(ids)) != len(ids):
        yield "an id is there twice"
    for expression in expressions:
        missing = set(_ID.findall(expression)) - set(ids)
        if missing:
            yield f"{expression}: no metric {', '.join(sorted(missing))}"
        if "RATE(" in expression or "SEARCH(" in expression:
            yield f"{expression}: RATE is change a second, SEARCH can't be watched"


def needed_by(stack: Stack, address: str) -> set[str]:
    """Types of all resources that one refers to, by way of others too."""
    everything = dict(stack.everything())
    found: set[str] = set()
    waiting = [address]
    while waiting:
        text = json.dumps(everything[waiting.pop()])
        for kind, name in _REFERENCE.findall(text):
            other = f"{kind}.{name}"
            if other in everything and other not in found:
                found.add(other)
                waiting.append(other)
    return {other.partition(".")[0] for other in found}

"""Asks CloudWatch what it counted of each model, and Bedrock what stands behind their ids."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from modules.metrics import Metric
from usage.aws import Account, translated
from usage.errors import UsageError
from usage.measures import MEASURES, MODEL, NAMESPACE, metrics
from usage.models import Profile
from usage.period import Period
from usage.report import Points, Series

QUERIES_A_CALL = 500
"""Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html"""

LISTED = dt.timedelta(days=14)
"""CloudWatch lists a metric this long after its last value.

Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_ListMetrics.html
"""

_COMPLETE = ("Complete", "PartialData")


def model_ids(account: Account) -> list[str]:
    """Ids of all models that had a metric within ``LISTED``.

    Raises:
        Denied: they can't be listed.
        UsageError: anything else.
    """
    with translated("cloudwatch:ListMetrics"):
        pages = account.client("cloudwatch").get_paginator("list_metrics")
        found = {
            each["Dimensions"][0]["Value"]
            for page in pages.paginate(Namespace=NAMESPACE)
            for each in page["Metrics"]
            if [d["Name"] for d in each["Dimensions"]] == [MODEL]
        }
    return sorted(found)


def profiles(account: Account) -> list[Profile]:
    """AWS's inference profiles and the account's own.

    Raises:
        UsageError: they can't be listed.
    """
    with translated("bedrock:ListInferenceProfiles"):
        pages = account.client("bedrock").get_paginator("list_inference_profiles")
        return [
            Profile(
                id=each["inferenceProfileId"],
                models=frozenset(model["modelArn"] for model in each["models"]),
                by_aws=kind == "SYSTEM_DEFINED",
            )
            for kind in ("SYSTEM_DEFINED", "APPLICATION")
            for page in pages.paginate(typeEquals=kind)
            for each in page["inferenceProfileSummaries"]
        ]


def series(account: Account, ids: Sequence[str], period: Period) -> Mapping[str, Series]:
    """Model to measure to points.

    Args:
        account: where.
        ids: of models, as metrics name them.
        period: whole steps.

    Raises:
        UsageError: CloudWatch refuses, or does not give all.
    """
    wanted = [
        (model, measure, each)
        for model in ids
        for measure in MEASURES
        for each in metrics(measure, model)
    ]
    found: dict[str, dict[str, Points]] = {model: {} for model in ids}
    with translated("cloudwatch:GetMetricData"):
        client = account.client("cloudwatch")
        for first in range(0, len(wanted), QUERIES_A_CALL):
            batch = wanted[first : first + QUERIES_A_CALL]
            values = _values(client, [each for *_, each in batch], period)
            for (model, measure, _), points in zip(batch, values, strict=True):
                # Of two names for one measure only one has data; were it both, they are the same.
                if sum(v for _, v in points) > sum(v for _, v in found[model].get(measure, ())):
                    found[model][measure] = points
    return found


def _values(client: Any, wanted: Sequence[Metric], period: Period) -> list[Points]:
    """The points of each metric, in the same order."""
    points: list[list[tuple[dt.datetime, float]]] = [[] for _ in wanted]
    for page in _pages(client, wanted, period):
        for result in page["MetricDataResults"]:
            if result.get("StatusCode", "Complete") not in _COMPLETE:
                raise UsageError(
                    f"AWS: cloudwatch:GetMetricData: {result['StatusCode']} for {result['Label']}; "
                    "try again"
                )
            points[int(result["Id"][1:])] += [
                (time.astimezone(dt.UTC), value)
                for time, value in zip(result["Timestamps"], result["Values"], strict=True)
                # AWS takes no other value; one that got there says nothing that adds up.
                if math.isfinite(value)
            ]
    return [sorted(each) for each in points]


def _pages(client: Any, wanted: Sequence[Metric], period: Period) -> Iterable[dict[str, Any]]:
    queries = [_query(number, each, period.step) for number, each in enumerate(wanted)]
    pages: Iterator[dict[str, Any]] = client.get_paginator("get_metric_data").paginate(
        MetricDataQueries=queries,
        StartTime=period.start,
        EndTime=period.end,
        ScanBy="TimestampAscending",
    )
    return pages


def _query(number: int, metric: Metric, step: int) -> dict[str, Any]:
    return {
        "Id": f"q{number}",
        "MetricStat": {
            "Metric": {
                "Namespace": metric.namespace,
                "MetricName": metric.name,
                "Dimensions": [{"Name": n, "Value": v} for n, v in metric.dimensions.items()],
            },
            "Period": step,
            "Stat": metric.statistic,
        },
    }

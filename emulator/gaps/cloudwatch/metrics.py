"""CloudWatch's metrics: kept in the emulator's store instead of moto's list."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from moto.cloudwatch.models import CloudWatchBackend
from moto.cloudwatch.responses import CloudWatchResponse
from moto.core.responses import ActionResult

from emulator.cloudwatch import metrics
from emulator.cloudwatch.runtime import STORE
from emulator.gaps.registry import Gap, replace


def _store() -> None:
    @replace(CloudWatchBackend, "put_metric_data")
    def _(
        _original: Callable[..., None],
        self: CloudWatchBackend,
        namespace: str,
        metric_data: Sequence[dict[str, Any]],
    ) -> None:
        for number, item in enumerate(metric_data, start=1):
            self._validate_parameters_put_metric_data(item, number)
        metrics.put(STORE, self.account_id, self.region_name, namespace, metric_data)

    @replace(CloudWatchResponse, "get_metric_statistics")
    def _(_original: Callable[..., ActionResult], self: CloudWatchResponse) -> ActionResult:
        request = self._get_params()
        points = metrics.statistics(STORE, self.current_account, self.region, request)
        return ActionResult({"Label": request["MetricName"], "Datapoints": points})

    @replace(CloudWatchResponse, "list_metrics")
    def _(_original: Callable[..., ActionResult], self: CloudWatchResponse) -> ActionResult:
        found = metrics.listed(STORE, self.current_account, self.region, self._get_params())
        return ActionResult({"Metrics": found})


def _data() -> None:
    @replace(CloudWatchResponse, "get_metric_data")
    def _(_original: Callable[..., ActionResult], self: CloudWatchResponse) -> ActionResult:
        found = metrics.data(STORE, self.current_account, self.region, self._get_params())
        return ActionResult({"MetricDataResults": found})


GAPS = (
    Gap(
        service="cloudwatch",
        name="whole-dimension-sets",
        moto="adds the values of all metrics whose dimensions contain those asked for, keeps "
        "everything for ever and has no percentiles",
        aws="has a metric for each namespace, name and whole set of dimensions; keeps minutes for "
        "15 days",
        fill=_store,
    ),
    Gap(
        service="cloudwatch",
        name="metric-math",
        moto="ignores the namespace beside dimensions and answers any expression but a bare id "
        "with nothing",
        aws="computes metric math, and refuses what it can't compute",
        fill=_data,
    ),
)

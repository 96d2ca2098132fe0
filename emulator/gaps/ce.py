"""Cost Explorer: anomaly detection, and the activation of cost allocation tags.

Source: https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_Operations_AWS_Cost_Explorer_Service.html
"""

from __future__ import annotations

import json
import uuid
from datetime import UTC, datetime
from typing import Any

from moto.ce.models import CostExplorerBackend
from moto.ce.responses import CostExplorerResponse
from moto.core.exceptions import JsonRESTError

from emulator.gaps.registry import Gap, add

Item = dict[str, Any]


class _Refused(JsonRESTError):
    code = 400


def monitors_of(backend: CostExplorerBackend) -> dict[str, Item]:
    """ARN to anomaly monitor."""
    found: dict[str, Item] = backend.__dict__.setdefault("anomaly_monitors", {})
    return found


def subscriptions_of(backend: CostExplorerBackend) -> dict[str, Item]:
    """ARN to subscription of anomalies."""
    found: dict[str, Item] = backend.__dict__.setdefault("anomaly_subscriptions", {})
    return found


def _monitors() -> None:
    @add(CostExplorerResponse, "create_anomaly_monitor")
    def _(self: CostExplorerResponse) -> str:
        asked, kept = self._get_param("AnomalyMonitor"), monitors_of(self.ce_backend)
        dimension = asked.get("MonitorDimension")
        # Seen: https://github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/2515
        if dimension and any(each.get("MonitorDimension") == dimension for each in kept.values()):
            raise _Refused(
                "ValidationException", "Limit exceeded on dimensional spend monitor creation"
            )
        arn = f"arn:aws:ce::{self.current_account}:anomalymonitor/{uuid.uuid4()}"
        kept[arn] = {**asked, "MonitorArn": arn, "CreationDate": _today()}
        self.ce_backend.tag_resource(arn, self._get_param("ResourceTags") or [])
        return json.dumps({"MonitorArn": arn})

    @add(CostExplorerResponse, "get_anomaly_monitors")
    def _(self: CostExplorerResponse) -> str:
        kept = monitors_of(self.ce_backend)
        arns = self._get_param("MonitorArnList") or list(kept)
        return json.dumps({"AnomalyMonitors": [_monitor(self, arn) for arn in arns]})

    @add(CostExplorerResponse, "update_anomaly_monitor")
    def _(self: CostExplorerResponse) -> str:
        monitor = _monitor(self, self._get_param("MonitorArn"))
        monitor["MonitorName"] = self._get_param("MonitorName")
        return json.dumps({"MonitorArn": monitor["MonitorArn"]})

    @add(CostExplorerResponse, "delete_anomaly_monitor")
    def _(self: CostExplorerResponse) -> str:
        arn = self._get_param("MonitorArn")
        del monitors_of(self.ce_backend)[_monitor(self, arn)["MonitorArn"]]
        # A subscription without monitors goes with its last one.
        kept = subscriptions_of(self.ce_backend)
        for own, each in list(kept.items()):
            each["MonitorArnList"] = [one for one in each["MonitorArnList"] if one != arn]
            if not each["MonitorArnList"]:
                del kept[own]
        return "{}"


def _monitor(response: CostExplorerResponse, arn: str) -> Item:
    found = monitors_of(response.ce_backend).get(arn)
    if found is None:
        raise _Refused("UnknownMonitorException", f"Unknown monitor {arn}")
    return found


def _subscriptions() -> None:
    @add(CostExplorerResponse, "create_anomaly_subscription")
    def _(self: CostExplorerResponse) -> str:
        asked = self._get_param("AnomalySubscription")
        _check(self, asked)
        arn = f"arn:aws:ce::{self.current_account}:anomalysubscription/{uuid.uuid4()}"
        own = {"SubscriptionArn": arn, "AccountId": self.current_account}
        subscriptions_of(self.ce_backend)[arn] = {**asked, **own}
        self.ce_backend.tag_resource(arn, self._get_param("ResourceTags") or [])
        return json.dumps({"SubscriptionArn": arn})

    @add(CostExplorerResponse, "get_anomaly_subscriptions")
    def _(self: CostExplorerResponse) -> str:
        arns = self._get_param("SubscriptionArnList") or list(subscriptions_of(self.ce_backend))
        found = [_subscription(self, arn) for arn in arns]
        monitor = self._get_param("MonitorArn")
        if monitor:
            found = [each for each in found if monitor in each["MonitorArnList"]]
        return json.dumps({"AnomalySubscriptions": found})

    @add(CostExplorerResponse, "update_anomaly_subscription")
    def _(self: CostExplorerResponse) -> str:
        kept = _subscription(self, self._get_param("SubscriptionArn"))
        changes = {
            name: value
            for name in (*_REQUIRED, "SubscriptionName", "Threshold", "ThresholdExpression")
            if (value := self._get_param(name)) is not None
        }
        _check(self, {**kept, **changes})
        kept.update(changes)
        return json.dumps({"SubscriptionArn": kept["SubscriptionArn"]})

    @add(CostExplorerResponse, "delete_anomaly_subscription")
    def _(self: CostExplorerResponse) -> str:
        arn = self._get_param("SubscriptionArn")
        del subscriptions_of(self.ce_backend)[_subscription(self, arn)["SubscriptionArn"]]
        return "{}"


_REQUIRED = ("Frequency", "MonitorArnList", "Subscribers")


def _check(response: CostExplorerResponse, asked: Item) -> None:
    """Only a topic is told at once, only addresses daily and weekly.

    Source: https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_AnomalySubscription.html
    """
    for arn in asked["MonitorArnList"]:
        _monitor(response, arn)
    wanted = "SNS" if asked["Frequency"] == "IMMEDIATE" else "EMAIL"
    if any(each["Type"] != wanted for each in asked["Subscribers"]):
        raise _Refused(
            "ValidationException", f"Frequency {asked['Frequency']} takes subscribers of {wanted}"
        )


def _subscription(response: CostExplorerResponse, arn: str) -> Item:
    found = subscriptions_of(response.ce_backend).get(arn)
    if found is None:
        raise _Refused("UnknownSubscriptionException", f"Unknown subscription {arn}")
    return found


def _tags() -> None:
    @add(CostExplorerResponse, "update_cost_allocation_tags_status")
    def _(self: CostExplorerResponse) -> str:
        kept = _activated(self)
        for each in self._get_param("CostAllocationTagsStatus"):
            kept[each["TagKey"]] = each["Status"]
        return json.dumps({"Errors": []})

    @add(CostExplorerResponse, "list_cost_allocation_tags")
    def _(self: CostExplorerResponse) -> str:
        keys, status = self._get_param("TagKeys"), self._get_param("Status")
        return json.dumps(
            {
                "CostAllocationTags": [
                    {"TagKey": key, "Status": value, "Type": "UserDefined"}
                    for key, value in _activated(self).items()
                    if (not keys or key in keys) and status in (None, value)
                ]
            }
        )


def _activated(response: CostExplorerResponse) -> dict[str, str]:
    found: dict[str, str] = response.ce_backend.__dict__.setdefault("cost_allocation_tags", {})
    return found


def _today() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%d")


GAPS = (
    Gap(
        service="ce",
        name="anomaly-monitors",
        moto="has no anomaly detection",
        aws="keeps monitors, one an account of each dimension",
        fill=_monitors,
    ),
    Gap(
        service="ce",
        name="anomaly-subscriptions",
        moto="has no anomaly detection",
        aws="keeps who is told of what monitors find: topics at once, addresses by day or week",
        fill=_subscriptions,
    ),
    Gap(
        service="ce",
        name="cost-allocation-tags",
        moto="cannot activate a tag",
        aws="activates tags that were billed once, which the emulator takes for granted of any",
        fill=_tags,
    ),
)

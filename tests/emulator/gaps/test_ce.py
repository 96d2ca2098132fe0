"""Gaps of Cost Explorer."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.emulator.conftest import Aws

TOPIC = {"Type": "SNS", "Address": "arn:aws:sns:us-east-1:123456789012:alerts"}
NOBODY = "arn:aws:ce::123456789012:anomalymonitor/11111111-2222-3333-4444-555555555555"


def monitor(aws: Aws, name: str) -> str:
    """Creates a monitor of one tag, of which there may be many."""
    specification = {"Tags": {"Key": "Environment", "Values": [name]}}
    arn: str = aws("ce").create_anomaly_monitor(
        AnomalyMonitor={
            "MonitorName": name,
            "MonitorType": "CUSTOM",
            "MonitorSpecification": specification,
        }
    )["MonitorArn"]
    return arn


@pytest.mark.gap("ce/anomaly-monitors")
def test_an_account_has_one_monitor_of_services(aws: Aws) -> None:
    ce = aws("ce")
    services = {"MonitorName": "a", "MonitorType": "DIMENSIONAL", "MonitorDimension": "SERVICE"}
    arn = ce.create_anomaly_monitor(
        AnomalyMonitor=services, ResourceTags=[{"Key": "Owner", "Value": "team"}]
    )["MonitorArn"]
    with pytest.raises(ClientError, match="Limit exceeded on dimensional spend monitor creation"):
        ce.create_anomaly_monitor(AnomalyMonitor={**services, "MonitorName": "b"})
    ce.update_anomaly_monitor(MonitorArn=arn, MonitorName="c")
    (found,) = ce.get_anomaly_monitors(MonitorArnList=[arn])["AnomalyMonitors"]
    assert (found["MonitorName"], found["MonitorDimension"]) == ("c", "SERVICE")
    assert ce.list_tags_for_resource(ResourceArn=arn)["ResourceTags"] == [
        {"Key": "Owner", "Value": "team"}
    ]
    ce.delete_anomaly_monitor(MonitorArn=arn)
    with pytest.raises(ClientError, match="UnknownMonitor"):
        ce.get_anomaly_monitors(MonitorArnList=[arn])


@pytest.mark.gap("ce/anomaly-subscriptions")
def test_a_subscription_lives_changes_and_goes(aws: Aws) -> None:
    ce, of = aws("ce"), monitor(aws, "one")
    wanted: dict[str, Any] = {
        "SubscriptionName": "told",
        "Frequency": "IMMEDIATE",
        "MonitorArnList": [of],
        "Subscribers": [TOPIC],
        "Threshold": 10.0,
    }
    for change, error in (
        ({"MonitorArnList": [NOBODY]}, "UnknownMonitor"),
        ({"Frequency": "DAILY"}, "takes subscribers of EMAIL"),
    ):
        with pytest.raises(ClientError, match=error):
            ce.create_anomaly_subscription(AnomalySubscription={**wanted, **change})
    arn = ce.create_anomaly_subscription(AnomalySubscription=wanted)["SubscriptionArn"]
    ce.update_anomaly_subscription(SubscriptionArn=arn, Threshold=20.0)
    (found,) = ce.get_anomaly_subscriptions(MonitorArn=of)["AnomalySubscriptions"]
    assert (found["Threshold"], found["Frequency"]) == (20, "IMMEDIATE")
    ce.delete_anomaly_subscription(SubscriptionArn=arn)
    with pytest.raises(ClientError, match="UnknownSubscription"):
        ce.get_anomaly_subscriptions(SubscriptionArnList=[arn])


@pytest.mark.gap("ce/cost-allocation-tags")
def test_tags_are_activated(aws: Aws) -> None:
    ce = aws("ce")
    asked = [{"TagKey": "Project", "Status": "Active"}, {"TagKey": "Owner", "Status": "Inactive"}]
    assert ce.update_cost_allocation_tags_status(CostAllocationTagsStatus=asked)["Errors"] == []
    found = ce.list_cost_allocation_tags(TagKeys=["Project", "Owner"], Status="Active")
    assert found["CostAllocationTags"] == [
        {"TagKey": "Project", "Status": "Active", "Type": "UserDefined"}
    ]

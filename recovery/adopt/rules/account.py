"""What watches an account: its trail, its findings, its costs."""

from __future__ import annotations

from recovery.adopt.rule import Rule, listed

RULES = {
    "aws_cloudtrail": Rule(
        look=listed("cloudtrail.describe_trails", "trailList"),
        same={"Name": "name"},
        id="{TrailARN}",
    ),
    "aws_guardduty_detector": Rule(
        # A region has one at most.
        look=listed("guardduty.list_detectors", "DetectorIds[].{DetectorId: @}"),
        id="{DetectorId}",
    ),
    "aws_accessanalyzer_analyzer": Rule(
        look=listed("accessanalyzer.list_analyzers", "analyzers"),
        same={"name": "analyzer_name"},
        id="{analyzer_name}",
    ),
    "aws_accessanalyzer_archive_rule": Rule(
        look=listed(
            "accessanalyzer.list_archive_rules", "archiveRules", analyzerName="{analyzer_name}"
        ),
        same={"ruleName": "rule_name"},
        id="{analyzer_name}/{rule_name}",
    ),
    "aws_budgets_budget": Rule(
        look=listed("budgets.describe_budgets", "Budgets", AccountId="{account}"),
        same={"BudgetName": "name"},
        id="{account}:{name}",
    ),
    "aws_ce_anomaly_monitor": Rule(
        look=listed("ce.get_anomaly_monitors", "AnomalyMonitors"),
        same={"MonitorName": "name"},
        id="{MonitorArn}",
        several=True,
        removal="ce delete-anomaly-monitor --monitor-arn {id}",
    ),
    "aws_ce_anomaly_subscription": Rule(
        look=listed("ce.get_anomaly_subscriptions", "AnomalySubscriptions"),
        same={"SubscriptionName": "name"},
        id="{SubscriptionArn}",
        several=True,
        removal="ce delete-anomaly-subscription --subscription-arn {id}",
    ),
}

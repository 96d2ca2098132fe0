"""A deployed database breaks on purpose: the alarm goes off, Slack is told, and told again after.

In the deployment of ``test_dev.py``, whose worker runs it.
"""

from __future__ import annotations

import re

import pytest

from tests.deploy.conftest import Project, python

pytestmark = [pytest.mark.deploy, pytest.mark.xdist_group("dev")]


def test_the_alarm_comes_and_goes_and_both_are_told(dev: Project) -> None:
    status, log = dev.run(python(), "-m", "local", "drill", "dev")
    assert status == 0, log
    alarm = "mapvibe-dev-api-errors"
    assert log.index(f"{alarm}: OK") < log.index(f"{alarm}: ALARM") < log.rindex(f"{alarm}: OK")
    assert re.search(r"CloudWatch: \d\d+ requests a minute, 95 of 100 within \d+ ms", log), log
    told = [line for line in log.splitlines() if line.startswith("    | ")]
    assert any("docs/runbooks/alarms/api-errors.md" in line for line in told), log
    answers = re.findall(r"answers meanwhile: (.*)", log)
    assert "200" in answers[0], answers
    assert "503" in answers[1], answers
    assert "200" in answers[2], answers
    assert dev.api("GET", "/health")[0] == 200, "the repair is part of the drill"


def test_the_history_says_what_happened_and_the_metrics_show_it(dev: Project) -> None:
    cloudwatch = dev.client("cloudwatch")
    items = cloudwatch.describe_alarm_history(
        AlarmName="mapvibe-dev-api-errors", HistoryItemType="StateUpdate"
    )["AlarmHistoryItems"]
    changes = [item["HistorySummary"] for item in items]
    assert any("from OK to ALARM" in each for each in changes), changes
    assert any("from ALARM to OK" in each for each in changes), changes
    actions = cloudwatch.describe_alarm_history(
        AlarmName="mapvibe-dev-api-errors", HistoryItemType="Action"
    )["AlarmHistoryItems"]
    # The newest two are the drill's; when it was made, the alarm may have been there before its topic.
    summaries = [item["HistorySummary"] for item in actions[:2]]
    assert len(summaries) == 2
    assert all("Successfully executed action" in each for each in summaries), summaries
